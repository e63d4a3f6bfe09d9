//! Credentials used by a client.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Barrier, Mutex};
use std::thread;
use std::time::Duration;

use ureq::http::HeaderName;

use crate::auth::testing::{Received, Server};
use crate::auth::{
    AuthContext, Authenticate, CachedToken, ClientCredentials, Credentials, RequestCredentials,
};
use crate::client::Client;
use crate::client::retry::RetryPolicy;
use crate::clock::ManualClock;
use crate::codec::encode::Request;
use crate::codec::secret::Secret;
use crate::error::{Error, ErrorKind};
use crate::operation::{BodyFormat, ErrorShape, Method, Operation, ResponseBody, Retry};

const TOKENS: &str = "POST https://login.net/token";
const CALL: &str = "POST https://api.net/jobs/start";

static START: Operation = Operation {
    name: "jobs.start",
    method: &Method::POST,
    path: "/jobs/start",
    format: BodyFormat::Empty,
    response: ResponseBody::Ignored,
    events: None,
    statuses: &[],
    retry: Retry::Never,
    credentials: None,
    content_type: None,
    timeout: None,
    idempotency_key: None,
    fixed: &[],
    errors: &ErrorShape {
        message: &["error"],
        code: &[],
        expired: &["token has expired"],
        conditions: &[],
        refused: &[],
        failed: &[],
    },
};

struct Start;

impl Request for Start {}

/// Numbers its tokens. Calls with a token from `first_valid` on get 200, others 401.
fn server(first_valid: usize) -> Server {
    let created = AtomicUsize::new(0);
    Server::new(move |request| {
        if request.line == TOKENS {
            let number = created.fetch_add(1, Ordering::SeqCst) + 1;
            let token = format!(r#"{{"access_token": "secret{number}", "expires_in": 3600}}"#);
            return (200, token);
        }
        let sent = request.header("authorization");
        let number = sent.strip_prefix("Bearer secret").unwrap_or("0");
        if number.parse::<usize>().unwrap() >= first_valid {
            (200, "{}".into())
        } else {
            (401, r#"{"error": "no"}"#.into())
        }
    })
}

fn oauth() -> Credentials {
    let source = ClientCredentials::new("https://login.net/token", "id", "hunter2").unwrap();
    Credentials::custom(CachedToken::new(source)).found_in("the test")
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
fn token_is_fetched_by_the_first_call_and_cached() {
    let server = server(1);
    let (client, clock) = client(&server, oauth());
    assert!(server.request_lines().is_empty());
    call(&client).unwrap();
    call(&client).unwrap();
    clock.advance(Duration::from_secs(3300));
    call(&client).unwrap();
    assert_eq!(server.request_lines(), [TOKENS, CALL, CALL, TOKENS, CALL]);
    let received = server.received();
    assert_eq!(received[4].header("authorization"), "Bearer secret2");
    assert!(received[4].headers["authorization"].is_sensitive());
}

#[test]
fn concurrent_calls_fetch_one_token() {
    let fast = server(1);
    let server = Server::new(move |request: &Received| {
        thread::sleep(Duration::from_millis(if request.line == TOKENS {
            100
        } else {
            0
        }));
        fast.respond(request)
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
    let lines = server.request_lines();
    assert_eq!(lines.iter().filter(|line| *line == TOKENS).count(), 1);
    assert_eq!(lines.len(), 17);
}

#[test]
fn rejected_token_is_refreshed_even_if_the_call_is_not_idempotent() {
    let server = server(2);
    let (client, _) = client(&server, oauth());
    call(&client.retries(RetryPolicy::none())).unwrap();
    assert_eq!(server.request_lines(), [TOKENS, CALL, TOKENS, CALL]);
    call(&client).unwrap();
    assert_eq!(server.request_lines()[4..], [CALL]);
}

/// Rejects each token at its second use with this response.
fn expiring(status: u16, body: &'static str) -> Server {
    let (created, used) = (AtomicUsize::new(0), AtomicUsize::new(0));
    Server::new(move |request| {
        if request.line == TOKENS {
            used.store(0, Ordering::SeqCst);
            let number = created.fetch_add(1, Ordering::SeqCst) + 1;
            let token = format!(r#"{{"access_token": "secret{number}", "expires_in": 3600}}"#);
            return (200, token);
        }
        match used.fetch_add(1, Ordering::SeqCst) {
            0 => (200, "{}".into()),
            _ => (status, body.into()),
        }
    })
}

#[test]
fn token_that_expires_is_refreshed_by_each_call() {
    for (status, body) in [
        (401, ""),
        (403, r#"{"error": "Token has expired"}"#),
        (400, r#"{"error": "token has expired since 12:00"}"#),
    ] {
        let server = expiring(status, body);
        let (client, _) = client(&server, oauth());
        for _ in 0..4 {
            call(&client).unwrap();
        }
        let refreshed = [CALL, TOKENS, CALL];
        let expected = [&[TOKENS, CALL][..], &refreshed, &refreshed, &refreshed].concat();
        assert_eq!(server.request_lines(), expected, "{status} {body}");
    }
}

#[test]
fn rejection_for_another_reason_causes_no_refresh() {
    for (status, body) in [
        (403, r#"{"error": "permission denied"}"#),
        (403, r#"{"error": "denied, although no token has expired"}"#),
        (403, ""),
        (400, r#"{"error": "invalid command"}"#),
        (404, r#"{"error": "token has expired"}"#),
        (500, r#"{"error": "token has expired"}"#),
    ] {
        let server = expiring(status, body);
        let (client, _) = client(&server, oauth());
        call(&client).unwrap();
        let error = call(&client).unwrap_err();
        assert_eq!((error.status(), error.attempts()), (Some(status), 1));
        assert_eq!(
            server.request_lines(),
            [TOKENS, CALL, CALL],
            "{status} {body}"
        );
    }
}

#[test]
fn token_is_refreshed_once_if_the_server_rejects_all_tokens() {
    let server = server(usize::MAX);
    let (client, clock) = client(&server, oauth());
    let error = call(&client).unwrap_err();
    assert_eq!(
        error.to_string(),
        "jobs.start: the server responded with 401 Unauthorized: no (sent with an OAuth client id \
         and secret from the test) (2 attempts)"
    );
    assert!(!error.may_have_been_processed());
    assert_eq!(server.request_lines(), [TOKENS, CALL, TOKENS, CALL]);
    // A new token would be rejected, too.
    call(&client).unwrap_err();
    assert_eq!(server.request_lines()[4..], [CALL]);
    clock.advance(Duration::from_secs(60));
    call(&client).unwrap_err();
    assert_eq!(server.request_lines()[5..], [CALL, TOKENS, CALL]);
}

#[test]
fn rejected_fixed_credentials_are_not_sent_again() {
    let server = server(2);
    let (client, clock) = client(&server, Credentials::bearer("secret1").unwrap());
    clock.advance(Duration::from_secs(60));
    call(&client).unwrap_err();
    assert_eq!(server.request_lines(), [CALL]);
}

#[test]
fn call_is_not_sent_without_a_token() {
    for (status, kind, requests, expected) in [
        (
            400,
            ErrorKind::Status,
            1,
            "the token endpoint https://login.net/token responded with 400 Bad Request: \
             invalid_scope: which?",
        ),
        // Transient errors are retried, as the call itself was not sent.
        (
            503,
            ErrorKind::Status,
            5,
            "the token endpoint https://login.net/token responded with 503 Service Unavailable: \
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
        assert_eq!(server.request_lines(), vec![TOKENS; requests]);
    }
}

#[test]
fn no_token_is_fetched_after_an_interrupt() {
    let server = server(1);
    let (client, _) = client(&server, oauth());
    client.interrupt().raise();
    assert_eq!(call(&client).unwrap_err().kind(), ErrorKind::Interrupted);
    assert!(server.request_lines().is_empty());
}

/// Credentials with two headers, which are new for each request.
#[derive(Debug)]
struct Pair(AtomicUsize);

impl Authenticate for Pair {
    fn kind(&self) -> &'static str {
        "a pair"
    }

    fn authorize(&self, _: &AuthContext<'_>) -> Result<RequestCredentials, Error> {
        let number = self.0.fetch_add(1, Ordering::SeqCst);
        let other = HeaderName::from_static("x-other");
        let other = (other, Secret::new(format!("other{number}")));
        RequestCredentials::bearer(&Secret::new(format!("secret{number}")))?.with(other.0, &other.1)
    }

    fn refresh(&self, _: &AuthContext<'_>, _: &RequestCredentials) -> bool {
        true
    }
}

#[test]
fn custom_credentials_provide_several_headers_for_each_request() {
    let server = server(1);
    let (client, _) = client(&server, Credentials::custom(Pair(AtomicUsize::new(0))));
    call(&client).unwrap();
    let others: Vec<_> = server
        .received()
        .iter()
        .map(|request| request.header("x-other").to_owned())
        .collect();
    assert_eq!(others, ["other0", "other1"]);
    assert!(server.received()[0].headers["x-other"].is_sensitive());
    assert_eq!(client.credentials().to_string(), "a pair");
}

#[test]
fn credentials_are_refreshed_once_per_call() {
    let server = server(usize::MAX);
    let (client, _) = client(&server, Credentials::custom(Pair(AtomicUsize::new(0))));
    assert_eq!(call(&client).unwrap_err().status(), Some(401));
    assert_eq!(server.request_lines(), [CALL, CALL]);
}

#[test]
fn to_curl_fetches_no_token() {
    let server = server(1);
    let (client, _) = client(&server, oauth());
    assert_eq!(
        client.to_curl(&START, &Start).unwrap(),
        "curl -X POST https://api.net/jobs/start -H 'authorization: Bearer ***'"
    );
    assert!(server.request_lines().is_empty());
}

/// Log records of all tests that run at the same time.
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
fn no_secret_is_logged_or_displayed() {
    log::set_logger(&LOG).unwrap();
    log::set_max_level(log::LevelFilter::Trace);
    let server = server(usize::MAX);
    let events = Arc::new(Mutex::new(Vec::new()));
    let log = Arc::clone(&events);
    let clock = ManualClock::new();
    let client = Client::builder("https://api.net")
        .transport(server.clone())
        .credentials(oauth())
        .clock(clock.clone())
        .observe(move |event| log.lock().unwrap().push(format!("{event} {event:?}")))
        .build()
        .unwrap();
    let first = call(&client).unwrap_err();
    clock.advance(Duration::from_secs(60));
    let second = call(&client).unwrap_err();
    let credentials = client.credentials();
    let all = format!(
        "{first} {first:?} {second} {second:?} {client:?} {credentials} {credentials:?} {} {}",
        events.lock().unwrap().join(" "),
        LOG.0.lock().unwrap().join(" "),
    );
    assert_eq!(server.request_lines().len(), 7);
    for secret in ["hunter2", "secret1", "secret2", "aHVudGVyMg", "aWQ6"] {
        assert!(!all.contains(secret), "{secret}: {all}");
    }
    assert!(
        all.contains("attempt 2") && all.contains("from the test") && all.contains("new token"),
        "{all}"
    );
}
