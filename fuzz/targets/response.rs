//! Responses of a server: no panic, no secret or control character in a message, and no success
//! unless the body is JSON.
//!
//! Input: a byte for the endpoint, a byte for the status code, a line for header values, and the body.

#![no_main]

use api_runtime::http::{HeaderValue, Response};
use api_runtime::transport::Scripted;
use api_runtime::{Client, Credentials, Error, ErrorKind, ManualClock};
use generated_client::{Language, commands, contexts};
use libfuzzer_sys::fuzz_target;
use serde::de::IgnoredAny;

const TOKEN: &str = "dapi0Mark1Mark2";

// Weighted by their occurrence.
const STATUSES: [u16; 16] = [
    200, 200, 200, 200, 201, 204, 302, 400, 401, 403, 404, 429, 500, 502, 503, 504,
];

fuzz_target!(|data: &[u8]| {
    let [endpoint, status, rest @ ..] = data else {
        return;
    };
    let (header, body) = match rest.iter().position(|byte| *byte == b'\n') {
        Some(at) => (&rest[..at], &rest[at + 1..]),
        None => (&b""[..], rest),
    };
    let status = STATUSES[usize::from(status % 16)];
    let result = call(endpoint % 7, &client(status, header, body));
    match result {
        Ok(()) => {
            let json = serde_json::from_slice::<IgnoredAny>(body);
            assert!((200..300).contains(&status));
            assert!(body.trim_ascii().is_empty() || json.is_ok());
        }
        Err(error) => check(&error, status),
    }
});

fn client(status: u16, header: &[u8], body: &[u8]) -> Client {
    let mut script = Scripted::new();
    // One response for each attempt.
    for _ in 0..5 {
        let mut response = Response::new(body.to_vec());
        *response.status_mut() = status.try_into().expect("the status code is valid");
        if let Ok(value) = HeaderValue::from_bytes(header) {
            let headers = response.headers_mut();
            headers.insert("retry-after", value.clone());
            headers.insert("location", value);
        }
        script = script.respond_with(response);
    }
    Client::builder("http://127.0.0.1:1")
        .credentials(Credentials::bearer(TOKEN).expect("the token is valid"))
        .transport(script)
        .clock(ManualClock::new())
        .build()
        .expect("the settings are valid")
}

fn call(endpoint: u8, client: &Client) -> Result<(), Error> {
    let python = Language::Python;
    match endpoint {
        0 | 1 => commands::status(client, &commands::Status::new("1", "2", "3")).map(drop),
        2 => contexts::create(client, &contexts::Create::new("1", python)).map(drop),
        3 => contexts::status(client, &contexts::Status::new("1", "2")).map(drop),
        4 => contexts::destroy(client, &contexts::Destroy::new("1", "2")).map(drop),
        5 => commands::cancel(client, &commands::Cancel::new("1", "2", "3")).map(drop),
        _ => {
            let request = commands::Execute::new("1", "2", python, "hunter2");
            commands::execute(client, &request).map(drop)
        }
    }
}

fn check(error: &Error, status: u16) {
    let line = error.to_string();
    let messages = format!("{line} {error:?}");
    assert!(
        !messages.contains(TOKEN) && !messages.contains("hunter2"),
        "{messages}"
    );
    assert!(!line.contains(char::is_control), "{line:?}");
    assert!(line.chars().count() < 1_000, "{line:?}");
    assert_eq!(error.status(), Some(status));
    let kinds = [ErrorKind::Status, ErrorKind::InvalidResponse];
    assert!(kinds.contains(&error.kind()), "{error:?}");
    if (200..300).contains(&status) {
        assert!(error.may_have_been_processed(), "{error:?}");
    }
}
