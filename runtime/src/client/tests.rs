//! Tests of the client.

use std::sync::{Arc, Mutex};

use ureq::http::Response;

use super::*;
use crate::auth::{AuthContext, Authenticate, RequestCredentials};
use crate::clock::ManualClock;
use crate::codec::encode::Encoder;
use crate::codec::secret::Secret;
use crate::delivery::Delivery;
use crate::error::ErrorKind;
use crate::operation::{BodyFormat, ErrorShape, Method, ResponseBody, Retry};
use crate::transport::{Scripted, TransportError, TransportErrorKind};

const ERRORS: &ErrorShape = &ErrorShape {
    message: &["error"],
    code: &[],
    conditions: &[],
    expired: &[],
    refused: &["NotReady"],
    failed: &["again"],
};

const fn operation(retry: Retry) -> Operation<'static> {
    let (name, path) = ("jobs.start", "/jobs/start");
    Operation {
        name,
        method: &Method::POST,
        path,
        format: BodyFormat::Json,
        response: ResponseBody::Json,
        events: None,
        statuses: &[],
        credentials: None,
        content_type: None,
        timeout: None,
        idempotency_key: None,
        fixed: &[],
        retry,
        errors: ERRORS,
    }
}

static SAFE: Operation = operation(Retry::Safe);
static NEVER: Operation = operation(Retry::Never);

struct Start;

impl Request for Start {
    fn body(&self, encoder: &mut Encoder) {
        encoder.field("code", &"hunter2");
    }
}

fn transport_error(
    delivery: Delivery,
    kind: TransportErrorKind,
    transient: bool,
) -> TransportError {
    TransportError {
        delivery,
        kind,
        transient,
        message: "broken".into(),
        source: None,
    }
}

/// Creates a client with this transport, and returns its clock.
fn client(script: &Scripted) -> (Client, ManualClock) {
    let clock = ManualClock::new();
    let builder = Client::builder("http://127.0.0.1:1").transport(script.clone());
    (builder.clock(clock.clone()).build().unwrap(), clock)
}

/// Checks the retries after the result that `first` adds to a script.
///
/// `requests` are the numbers of requests of a safe operation and of one that must not be repeated.
/// `delivery` is that of the latter if its call fails.
fn check_retries(
    name: &str,
    first: impl Fn(Scripted) -> Scripted,
    requests: [usize; 2],
    delivery: Option<Delivery>,
) {
    for (operation, requests) in [&SAFE, &NEVER].into_iter().zip(requests) {
        let script = first(Scripted::new()).respond(200, "{}");
        let error = client(&script).0.send(operation, &Start).err();
        assert_eq!(script.requests().len(), requests, "{name}: {error:?}");
        let fails = requests == 1 && delivery.is_some();
        assert_eq!(error.is_some(), fails, "{name}: {error:?}");
        if operation.retry == Retry::Never {
            assert_eq!(error.map(|error| error.delivery()), delivery, "{name}");
        }
    }
}

#[test]
fn retries_depend_on_the_response_and_the_retry_class() {
    use Delivery::{NotProcessed, Unknown};
    for (status, body, requests, delivery) in [
        (200, "{}", [1, 1], None),
        (429, "", [2, 2], None),
        (500, r#"{"error": "NotReady: x"}"#, [2, 2], None),
        (400, r#"{"error": "try again"}"#, [2, 1], Some(Unknown)),
        (502, "", [2, 1], Some(Unknown)),
        (503, "", [2, 1], Some(Unknown)),
        (504, "", [2, 1], Some(Unknown)),
        (500, "", [1, 1], Some(Unknown)),
        (404, "", [1, 1], Some(NotProcessed)),
        (401, "", [1, 1], Some(NotProcessed)),
        (302, "", [1, 1], Some(Unknown)),
        (307, "", [1, 1], Some(NotProcessed)),
    ] {
        let respond = |script: Scripted| script.respond(status, body);
        check_retries(&format!("{status} {body}"), respond, requests, delivery);
    }
}

#[test]
fn retries_depend_on_the_transport_error_and_the_retry_class() {
    use Delivery::{NotProcessed, Unknown};
    use TransportErrorKind::{Connect, Connection, InvalidResponse, Timeout};
    for (name, error, requests, expected) in [
        (
            "connection refused",
            (NotProcessed, Connect, true),
            [2, 2],
            None,
        ),
        (
            "unknown host",
            (NotProcessed, Connect, false),
            [1, 1],
            Some(NotProcessed),
        ),
        (
            "connect timeout",
            (NotProcessed, Timeout, true),
            [2, 2],
            None,
        ),
        ("reset", (Unknown, Connection, true), [2, 1], Some(Unknown)),
        (
            "response timeout",
            (Unknown, Timeout, true),
            [2, 1],
            Some(Unknown),
        ),
        (
            "too large",
            (Unknown, InvalidResponse, false),
            [1, 1],
            Some(Unknown),
        ),
    ] {
        let (delivery, kind, transient) = error;
        let fail = |script: Scripted| script.fail(transport_error(delivery, kind, transient));
        check_retries(name, fail, requests, expected);
    }
}

#[test]
fn request_that_may_have_been_processed_is_not_repeated_with_new_credentials() {
    for (operation, requests) in [(&SAFE, 2), (&NEVER, 1)] {
        let script = Scripted::new()
            .respond(401, r#"{"error": "try again"}"#)
            .respond(200, "{}");
        let client = Client::builder("http://127.0.0.1:1")
            .transport(script.clone())
            .clock(ManualClock::new())
            .credentials(Credentials::custom(Interrupting(Interrupt::new())))
            .build()
            .unwrap();
        let error = client.send(operation, &Start).err();
        assert_eq!(script.requests().len(), requests, "{error:?}");
        assert_eq!(error.is_some(), requests == 1, "{error:?}");
    }
}

#[test]
fn display_mentions_an_unknown_delivery_unless_the_operation_is_safe() {
    let text = |operation| {
        let script = Scripted::new().respond(500, "");
        let error = client(&script).0.send(operation, &Start).unwrap_err();
        assert!(error.may_have_been_processed());
        error.to_string()
    };
    let message = "jobs.start: the server responded with 500 Internal Server Error";
    assert_eq!(text(&SAFE), message);
    let note = "; the request may have been processed";
    assert_eq!(text(&NEVER), format!("{message}{note}"));
}

#[test]
fn is_timeout_and_is_connect_are_independent() {
    use Delivery::{NotProcessed, Unknown};
    for (failure, is_timeout, is_connect) in [
        (
            transport_error(NotProcessed, TransportErrorKind::Timeout, false),
            true,
            true,
        ),
        (
            transport_error(NotProcessed, TransportErrorKind::Connect, false),
            false,
            true,
        ),
        (
            transport_error(Unknown, TransportErrorKind::Timeout, false),
            true,
            false,
        ),
        (
            transport_error(Unknown, TransportErrorKind::Connection, false),
            false,
            false,
        ),
    ] {
        let script = Scripted::new().fail(failure);
        let error = client(&script).0.send(&SAFE, &Start).unwrap_err();
        assert_eq!(error.is_timeout(), is_timeout, "{error}");
        assert_eq!(error.is_connect(), is_connect, "{error}");
    }
}

#[test]
fn last_error_is_returned_with_the_number_of_attempts() {
    let script = (0..9).fold(Scripted::new(), |script, _| script.respond(503, ""));
    let (client, clock) = client(&script);
    let error = client.send(&SAFE, &Start).unwrap_err();
    assert_eq!(
        (script.requests().len(), error.attempts(), error.status()),
        (5, 5, Some(503))
    );
    assert!(error.is_transient());
    assert!(clock.elapsed() <= Duration::from_millis(500 + 1000 + 2000 + 4000));
    assert_eq!(
        error.to_string(),
        "jobs.start: the server responded with 503 Service Unavailable (5 attempts)"
    );
}

#[test]
fn retry_after_is_obeyed_within_the_budget() {
    let busy = |seconds: &str| {
        let response = Response::builder()
            .status(429)
            .header("retry-after", seconds);
        response.body(Vec::new()).unwrap()
    };
    let script = Scripted::new().respond_with(busy("7")).respond(200, "{}");
    let (patient, clock) = client(&script);
    patient.send(&NEVER, &Start).unwrap();
    assert_eq!(clock.elapsed(), Duration::from_secs(7));

    // An idempotent request is also retried after a 503, and also after the requested delay.
    let unavailable = Response::builder().status(503).header("retry-after", "7");
    let script = Scripted::new()
        .respond_with(unavailable.body(Vec::new()).unwrap())
        .respond(200, "{}");
    let (patient, clock) = client(&script);
    patient.send(&SAFE, &Start).unwrap();
    assert_eq!(clock.elapsed(), Duration::from_secs(7));

    let script = Scripted::new().respond_with(busy("3600"));
    let (patient, clock) = client(&script);
    let error = patient.send(&NEVER, &Start).unwrap_err();
    assert_eq!(
        (script.requests().len(), clock.elapsed()),
        (1, Duration::ZERO)
    );
    assert_eq!(error.retry_after(), Some(Duration::from_secs(3600)));

    let script = Scripted::new().respond_with(busy("7"));
    let (hasty, _) = client(&script);
    hasty
        .timeout(Some(Duration::from_secs(5)))
        .send(&NEVER, &Start)
        .unwrap_err();
    assert_eq!(script.requests().len(), 1);
}

#[test]
fn interrupted_client_sends_nothing() {
    let script = Scripted::new();
    let (client, _) = client(&script);
    client.interrupt().raise();
    let error = client.send(&SAFE, &Start).unwrap_err();
    assert_eq!(
        (error.kind(), script.requests().len()),
        (ErrorKind::Interrupted, 0)
    );
    let script = script.respond(200, "{}");
    client
        .with_interrupt(Interrupt::new())
        .send(&SAFE, &Start)
        .unwrap();
    assert_eq!(script.requests().len(), 1);
}

/// Credentials that raise an interrupt when they are refreshed.
#[derive(Debug)]
struct Interrupting(Interrupt);

impl Authenticate for Interrupting {
    fn kind(&self) -> &'static str {
        "a token"
    }

    fn authorize(&self, _: &AuthContext<'_>) -> Result<RequestCredentials, Error> {
        RequestCredentials::bearer(&Secret::new("token"))
    }

    fn refresh(&self, _: &AuthContext<'_>, _: &RequestCredentials) -> bool {
        self.0.raise();
        true
    }
}

#[test]
fn interrupt_between_attempts_keeps_the_delivery() {
    for (first, processed) in [(502, true), (503, true), (429, false)] {
        let script = Scripted::new().respond(first, "").respond(401, "");
        let interrupt = Interrupt::new();
        let client = Client::builder("http://127.0.0.1:1")
            .transport(script.clone())
            .clock(ManualClock::new())
            .interrupt(interrupt.clone())
            .credentials(Credentials::custom(Interrupting(interrupt)))
            .build()
            .unwrap();
        let error = client.send(&SAFE, &Start).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Interrupted, "{error}");
        assert_eq!(error.may_have_been_processed(), processed, "{error}");
        assert_eq!(script.requests().len(), 2);
    }
}

#[test]
fn observer_gets_all_attempts_without_secrets() {
    let events = Arc::new(Mutex::new(Vec::new()));
    let recorded = Arc::clone(&events);
    let script = Scripted::new()
        .respond(429, r#"{"error": "busy"}"#)
        .respond(200, "{}");
    let client = Client::builder("http://127.0.0.1:1")
        .transport(script)
        .clock(ManualClock::new())
        .credentials(Credentials::bearer("dapi0123").unwrap())
        .observe(move |event| recorded.lock().unwrap().push(event.to_string()))
        .build()
        .unwrap();
    client.send(&NEVER, &Start).unwrap();
    assert_eq!(
        *events.lock().unwrap(),
        [
            "POST /jobs/start 429, 0 ms: the server responded with 429 Too Many Requests: busy",
            "POST /jobs/start 200, 0 ms, attempt 2",
        ]
    );
}

static UPLOAD: Operation = Operation {
    format: BodyFormat::Multipart,
    ..operation(Retry::Never)
};

struct Form(crate::Upload);

impl Request for Form {
    fn query(&self, encoder: &mut Encoder) {
        encoder.field("id", &"a b");
    }

    fn body(&self, encoder: &mut Encoder) {
        encoder.field("name", &"it's");
        encoder.field("count", &7_i64);
        encoder.field("file", &self.0);
    }
}

#[test]
fn to_curl_shows_no_secret() {
    let client = Client::builder("https://example.com")
        .credentials(Credentials::basic("me", "open sesame").unwrap())
        .build()
        .unwrap();
    assert_eq!(
        client.to_curl(&NEVER, &Start).unwrap(),
        "curl https://example.com/jobs/start -H 'authorization: Basic ***' \\\n  \
         -H 'content-type: application/json' --data-binary '{\"code\":\"hunter2\"}'"
    );
    assert_eq!(
        client
            .to_curl(&UPLOAD, &Form(crate::Upload::bytes("job.py", "1")))
            .unwrap(),
        "curl 'https://example.com/jobs/start?id=a%20b' -H 'authorization: Basic ***' \\\n  \
         --form-string 'name=it'\\''s' -F count=7 -F file=@job.py"
    );
    let missing = client.to_curl(&UPLOAD, &Form(crate::Upload::path("/does/not/exist")));
    assert_eq!(missing.unwrap_err().kind(), ErrorKind::InvalidInput);
}

#[test]
fn invalid_responses_have_descriptive_errors() {
    let deep = format!("{{\"id\": {}", "[".repeat(5000));
    let cases = [
        (
            "<html><title>Sign in</title></html>",
            "responded with a web page (Sign in) instead of JSON",
        ),
        (
            "Service is up",
            "responded with text (Service is up) instead of JSON",
        ),
        (
            "\u{1b}[2Jtidy",
            "responded with text (tidy) instead of JSON",
        ),
        ("", "missing field `id`"),
        ("  \n", "missing field `id`"),
        ("{}", "missing field `id`"),
        ("[]", "expected an object, found a list"),
        ("null", "expected an object, found null"),
        (r#"{"id": tru"#, "expected"),
        (r#"{"id": "12"#, "unexpected end"),
        (
            r#"{"id": {}}"#,
            "at `id`: expected a string, found an object",
        ),
        (r#"{"id": "1"} x"#, "at byte 12"),
        (&deep, "at `id"),
    ];
    for (body, expected) in cases {
        let script = Scripted::new().respond(200, body);
        let error = client(&script)
            .0
            .send(&SAFE, &Start)
            .unwrap()
            .decode::<Started>()
            .unwrap_err();
        assert_eq!(
            (error.kind(), error.status()),
            (ErrorKind::InvalidResponse, Some(200)),
            "{body}"
        );
        assert!(error.to_string().contains(expected), "{error}");
        assert!(error.may_have_been_processed() && !error.is_transient());
        assert!(error.to_string().len() < 600, "{error}");
    }
}

#[derive(Debug)]
struct Started(String);

impl crate::codec::DecodeInto for Started {
    fn decode_into(
        &mut self,
        reader: &mut crate::codec::Reader<'_>,
    ) -> Result<(), crate::codec::ReadError> {
        crate::rt::decode_fields(reader, &["id"], &mut [&mut self.0])
    }
}

impl crate::codec::Decode for Started {
    fn empty() -> Self {
        Self(String::new())
    }
}
