//! Secrets in the log of a program whose logger records everything.
//!
//! The logger is a global of the process. This is therefore the only test of this target.

use std::sync::Mutex;

use api_runtime::auth::{CachedToken, ClientCredentials};
use api_runtime::{Client, Credentials, RetryPolicy};
use test_server::Server;

mod api {
    #![allow(missing_docs)]
    api_runtime::api! { r#"
        [api]
        name = "Sessions"
        doc = "Sessions of users."
        errors = { message = ["error"] }
        [endpoints.sessions.open]
        doc = "Opens a session."
        http = "POST /session"
        retry = "never"
        form = { password = "secret" }
        response = { token = "secret" }
        [endpoints.sessions.fail]
        doc = "Fails, and repeats the secrets of the request."
        http = "POST /failure"
        retry = "never"
        json = { password = "secret" }
    "# }
}

use api::sessions;

/// Target of the records that contain heads of requests and whole responses, at level trace.
const DUMP: &str = "ureq_proto";

#[derive(Debug)]
struct Record {
    level: log::Level,
    target: String,
    text: String,
}

struct Logger(Mutex<Vec<Record>>);

static LOGGER: Logger = Logger(Mutex::new(Vec::new()));

impl log::Log for Logger {
    fn enabled(&self, _: &log::Metadata<'_>) -> bool {
        true
    }

    fn log(&self, record: &log::Record<'_>) {
        let record = Record {
            level: record.level(),
            target: record.target().to_owned(),
            text: record.args().to_string(),
        };
        self.0.lock().unwrap().push(record);
    }

    fn flush(&self) {}
}

/// Starts a server that issues tokens, opens sessions, and repeats what it received as an error.
fn server() -> Server {
    Server::start(|mut connection| {
        loop {
            let request = connection.read_request()?;
            let received = format!("{} {}", request.sorted_headers(), request.text());
            let (status, body) = match request.target() {
                "/token" => (
                    200,
                    r#"{"access_token": "issued-token", "expires_in": 3600}"#.to_owned(),
                ),
                "/session" => (200, r#"{"token": "session-token"}"#.to_owned()),
                _ => (400, serde_json::json!({"error": received}).to_string()),
            };
            connection.respond(status, &["content-type: application/json"], body)?;
        }
    })
}

/// Converts the rows of a dump, 16 bytes in hexadecimal each, into the text that was dumped.
fn dumped(rows: &[String]) -> String {
    let mut bytes = Vec::new();
    for row in rows {
        let columns = row.get(..40).unwrap_or_default().replace(' ', "");
        for pair in columns.as_bytes().chunks(2) {
            let pair = String::from_utf8_lossy(pair);
            bytes.extend(u8::from_str_radix(&pair, 16).ok());
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[test]
fn secrets_are_logged_by_one_target_at_level_trace_only() {
    log::set_logger(&LOGGER).unwrap();
    log::set_max_level(log::LevelFilter::Trace);
    let server = server();
    let token_url = format!("{}/token", server.url());
    let oauth = ClientCredentials::new(&token_url, "id", "oauth-secret").unwrap();
    let all = [
        Credentials::bearer("bearer-token").unwrap(),
        Credentials::basic("user", "basic-password").unwrap(),
        Credentials::key("X-Api-Key", "key-in-header").unwrap(),
        Credentials::custom(CachedToken::new(oauth)),
    ];
    let mut shown = Vec::new();
    for credentials in all {
        let client = Client::builder(server.url()).credentials(credentials);
        let client = client.build().unwrap().retries(RetryPolicy::none());
        let opened = sessions::open(&client, &sessions::Open::new("form-password")).unwrap();
        assert_eq!(opened.token.expose(), "session-token");
        let failed = sessions::fail(&client, &sessions::Fail::new("json-password"));
        let error = failed.unwrap_err();
        assert!(error.message().contains("***"), "{error}");
        shown.push(format!("{client:?} {opened:?} {error} {error:?}"));
    }

    let records = LOGGER.0.lock().unwrap();
    let is_dump =
        |record: &&Record| record.level == log::Level::Trace && record.target.starts_with(DUMP);
    let texts = records.iter().filter(|record| !is_dump(record));
    shown.extend(texts.map(|record| record.text.clone()));
    let shown = shown.join("\n");
    let rows: Vec<_> = records
        .iter()
        .filter(is_dump)
        .map(|it| it.text.clone())
        .collect();
    let dump = dumped(&rows);
    for secret in [
        "bearer-token",
        "basic-password",
        "dXNlcjpiYXNpYy1wYXNzd29yZA",
        "key-in-header",
        "oauth-secret",
        "aWQ6b2F1dGgtc2VjcmV0",
        "issued-token",
        "session-token",
        "form-password",
        "json-password",
    ] {
        assert!(!shown.contains(secret), "{secret}: {shown}");
    }
    assert!(shown.contains("POST /session 200, "), "{shown}");
    // If this fails, the library no longer logs secrets: remove the note from the README.
    for secret in ["Bearer bearer-token", "key-in-header", "session-token"] {
        assert!(dump.contains(secret), "{secret}: {dump}");
    }
}
