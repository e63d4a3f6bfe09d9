//! Credentials as calls use them.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Barrier, Mutex};
use std::thread;
use std::time::Duration;

use ureq::http::{HeaderName, Method};

use super::*;
use crate::auth::testing::{Seen, Server};
use crate::client::Client;
use crate::clock::ManualClock;
use crate::codec::encode::Request;
use crate::operation::{BodyFormat, ErrorShape, Operation, ResponseBody, Retry};
use crate::retry::RetryPolicy;

const TOKENS: &str = "POST https://login.net/token";
const CALL: &str = "POST https://api.net/jobs/start";

static START: Operation = Operation {
    name: "jobs.start",
    method: &Method::POST,
    path: "/jobs/start",
    format: BodyFormat::Empty,
    response: ResponseBody::Ignored,
    statuses: &[],
    retry: Retry::Never,
    unauthenticated: false,
    timeout: None,
    idempotency_key: None,
    fixed: &[],
    errors: &ErrorShape {
        message: &["error"],
        code: &[],
        conditions: &[],
        refused: &[],
        failed: &[],
    },
};

struct Start;

impl Request for Start {}

/// Numbers its tokens, and takes those from `good` on. The answers to calls are `200` or `401`.
fn server(good: usize) -> Server {
    let made = AtomicUsize::new(0);
    Server::new(move |seen| {
        if seen.what == TOKENS {
            let number = made.fetch_add(1, Ordering::SeqCst) + 1;
            let token = format!(r#"{{"access_token": "secret{number}", "expires_in": 3600}}"#);
            return (200, token);
        }
        let sent = seen.header("authorization");
        let number = sent.strip_prefix("Bearer secret").unwrap_or("0");
        if number.parse::<usize>().unwrap() >= good {
            (200, "{}".into())
        } else {
            (401, r#"{"error": "no"}"#.into())
        }
    })
}

fn oauth() -> Credentials {
    let source = ClientCredentials::new("https://login.net/token", "id", "hunter2").unwrap();
    Credentials::custom(Refreshing::new(source)).found_in("the test")
}

fn client(server: &Server, credentials: Credentials) -> (Client, ManualClock) {
    let clock = ManualClock::new();
    let builder = Client::builder("https://api.net").transport(server.clone());
    let builder = builder.credentials(credentials).clock(clock.clone());
    (builder.build().unwrap(), clock)
}

fn call(client: &Client) -> Result<(), Error> {
    client.send(&START, &Start).map(drop)
}

#[test]
fn a_token_is_fetched_by_the_first_call_and_kept() {
    let server = server(1);
    let (client, clock) = client(&server, oauth());
    assert!(server.asked().is_empty());
    call(&client).unwrap();
    call(&client).unwrap();
    clock.advance(Duration::from_secs(3300));
    call(&client).unwrap();
    assert_eq!(server.asked(), [TOKENS, CALL, CALL, TOKENS, CALL]);
    let seen = server.seen();
    assert_eq!(seen[4].header("authorization"), "Bearer secret2");
    assert!(seen[4].headers["authorization"].is_sensitive());
}

#[test]
fn sixteen_threads_fetch_one_token() {
    let slow = server(1);
    let answers = slow.clone();
    let server = Server::new(move |seen: &Seen| {
        thread::sleep(Duration::from_millis(if seen.what == TOKENS {
            100
        } else {
            0
        }));
        answers.answer(seen)
    });
    let (client, _) = client(&server, oauth());
    let start = Barrier::new(16);
    thread::scope(|scope| {
        for _ in 0..16 {
            scope.spawn(|| {
                start.wait();
                call(&client).unwrap();
            });
        }
    });
    let asked = server.asked();
    assert_eq!(asked.iter().filter(|what| *what == TOKENS).count(), 1);
    assert_eq!(asked.len(), 17);
}

#[test]
fn a_refused_token_is_replaced_once_even_for_calls_that_are_not_idempotent() {
    let server = server(2);
    let (client, clock) = client(&server, oauth());
    // Fresh: another one would be refused as well.
    let error = call(&client).unwrap_err();
    assert_eq!(
        error.to_string(),
        "jobs.start: the server refused with 401 Unauthorized: no (sent with an OAuth client id \
         and secret from the test)"
    );
    assert_eq!(server.asked(), [TOKENS, CALL]);

    clock.advance(Duration::from_secs(60));
    call(&client.retries(RetryPolicy::none())).unwrap();
    assert_eq!(server.asked()[2..], [CALL, TOKENS, CALL]);
}

#[test]
fn a_server_that_refuses_every_token_is_asked_twice() {
    let server = server(usize::MAX);
    let (client, clock) = client(&server, oauth());
    call(&client).unwrap_err();
    clock.advance(Duration::from_secs(60));
    let error = call(&client).unwrap_err();
    assert_eq!((error.status(), error.attempts()), (Some(401), 2));
    assert!(!error.may_have_been_processed());
    assert_eq!(server.asked(), [TOKENS, CALL, CALL, TOKENS, CALL]);
    // The new one is fresh.
    call(&client).unwrap_err();
    assert_eq!(server.asked().len(), 6);
}

#[test]
fn fixed_credentials_are_refused_once() {
    let server = server(2);
    let (client, clock) = client(&server, Credentials::bearer("secret1").unwrap());
    clock.advance(Duration::from_secs(60));
    call(&client).unwrap_err();
    assert_eq!(server.asked(), [CALL]);
}

#[test]
fn without_a_token_nothing_is_called() {
    for (status, kind, requests, expected) in [
        (
            400,
            ErrorKind::Status,
            1,
            "the token endpoint https://login.net/token refused with 400 Bad Request: \
             invalid_scope: which?",
        ),
        // What passes is tried again, as the call has not been made.
        (
            503,
            ErrorKind::Status,
            5,
            "the token endpoint https://login.net/token refused with 503 Service Unavailable: \
             invalid_scope: which? (5 attempts)",
        ),
        (
            0,
            ErrorKind::Disconnected,
            5,
            "https://login.net/token: the connection failed: reset (5 attempts)",
        ),
    ] {
        let body = r#"{"error": "invalid_scope", "error_description": "which?"}"#;
        let server = Server::new(move |_| (status, body.into()));
        let (client, _) = client(&server, oauth());
        let error = call(&client).unwrap_err();
        assert_eq!(
            error.to_string(),
            format!(
                "jobs.start: cannot authenticate with an OAuth client id and secret from the \
                 test: {expected}"
            )
        );
        assert_eq!(
            (error.kind(), error.may_have_been_processed()),
            (kind, false)
        );
        assert_eq!(server.asked(), vec![TOKENS; requests]);
    }
}

#[test]
fn a_raised_interrupt_fetches_no_token() {
    let server = server(1);
    let (client, _) = client(&server, oauth());
    client.interrupt().raise();
    assert_eq!(call(&client).unwrap_err().kind(), ErrorKind::Interrupted);
    assert!(server.asked().is_empty());
}

/// Two headers, a new pair for each request.
#[derive(Debug)]
struct Pair(AtomicUsize);

impl Authenticate for Pair {
    fn kind(&self) -> &'static str {
        "a pair"
    }

    fn authorize(&self, _: &Exchange<'_>) -> Result<Headers, Error> {
        let number = self.0.fetch_add(1, Ordering::SeqCst);
        let other = HeaderName::from_static("x-other");
        let other = (other, Secret::new(format!("other{number}")));
        Headers::bearer(&Secret::new(format!("secret{number}")))?.with(other.0, &other.1)
    }

    fn renew(&self, _: &Exchange<'_>, _: &Headers) -> bool {
        true
    }
}

#[test]
fn ones_own_may_send_several_headers_and_are_asked_for_each_request() {
    let server = server(1);
    let (client, _) = client(&server, Credentials::custom(Pair(AtomicUsize::new(0))));
    call(&client).unwrap();
    let others: Vec<_> = server
        .seen()
        .iter()
        .map(|seen| seen.header("x-other").to_owned())
        .collect();
    assert_eq!(others, ["other0", "other1"]);
    assert!(server.seen()[0].headers["x-other"].is_sensitive());
    assert_eq!(client.credentials().to_string(), "a pair");
}

#[test]
fn credentials_that_always_know_better_do_not_lead_to_a_loop() {
    let server = server(usize::MAX);
    let (client, _) = client(&server, Credentials::custom(Pair(AtomicUsize::new(0))));
    assert_eq!(call(&client).unwrap_err().status(), Some(401));
    assert_eq!(server.asked(), [CALL, CALL]);
}

#[test]
fn a_command_line_of_curl_fetches_nothing() {
    let server = server(1);
    let (client, _) = client(&server, oauth());
    assert_eq!(
        client.to_curl(&START, &Start).unwrap(),
        "curl -X POST 'https://api.net/jobs/start' -H 'authorization: Bearer ***'"
    );
    assert!(server.asked().is_empty());
}

/// Keeps what is logged, of all tests that run meanwhile.
struct Log(Mutex<Vec<String>>);

static LOG: Log = Log(Mutex::new(Vec::new()));

impl log::Log for Log {
    fn enabled(&self, _: &log::Metadata<'_>) -> bool {
        true
    }

    fn log(&self, record: &log::Record<'_>) {
        self.0.lock().unwrap().push(record.args().to_string());
    }

    fn flush(&self) {}
}

#[test]
fn no_secret_is_printed_anywhere() {
    log::set_logger(&LOG).unwrap();
    log::set_max_level(log::LevelFilter::Trace);
    let server = server(usize::MAX);
    let told = Arc::new(Mutex::new(Vec::new()));
    let log = Arc::clone(&told);
    let clock = ManualClock::new();
    let client = Client::builder("https://api.net")
        .transport(server.clone())
        .credentials(oauth())
        .clock(clock.clone())
        .observe(move |call| log.lock().unwrap().push(format!("{call} {call:?}")))
        .build()
        .unwrap();
    let first = call(&client).unwrap_err();
    clock.advance(Duration::from_secs(60));
    let second = call(&client).unwrap_err();
    let credentials = client.credentials();
    let all = format!(
        "{first} {first:?} {second} {second:?} {client:?} {credentials} {credentials:?} {} {}",
        told.lock().unwrap().join(" "),
        LOG.0.lock().unwrap().join(" "),
    );
    assert_eq!(server.asked().len(), 5);
    for secret in ["hunter2", "secret1", "secret2", "aHVudGVyMg", "aWQ6"] {
        assert!(!all.contains(secret), "{secret}: {all}");
    }
    assert!(
        all.contains("try 2") && all.contains("from the test") && all.contains("a new token"),
        "{all}"
    );
}
