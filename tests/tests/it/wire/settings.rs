//! Timeouts, interrupts and proxies of a client and of single calls.

use std::thread;
use std::time::{Duration, Instant};

use generated_client::{ErrorKind, Interrupt, Proxy, Timeouts, contexts};
use test_server::{Action, Server};

use super::{builder, client, command_status, create, failure};

/// Timeout of an impatient client.
const MOMENT: Duration = Duration::from_millis(150);

/// Separates calls that end in time from those that do not, also on a busy machine.
const MAX_TIME: Duration = Duration::from_secs(40);

/// Longer than [`MAX_TIME`], and short enough for the default retry policy.
const RETRY_AFTER: &str = "retry-after: 50";

fn response_timeout(timeout: Option<Duration>) -> Timeouts {
    let mut timeouts = Timeouts::default();
    timeouts.response = timeout;
    timeouts
}

/// A server that responds later than a client with a timeout of [`MOMENT`] waits.
fn slow_server() -> Server {
    Server::start(|mut connection| {
        // The client reuses the connection, so it must not be closed after a response.
        loop {
            connection.read_request()?;
            thread::sleep(6 * MOMENT);
            connection.respond(200, &[], r#"{"id": "7"}"#)?;
        }
    })
}

#[test]
fn timeout_of_a_call_can_be_reduced() {
    let server = Server::scripted([Action::Hang, Action::json(200, r#"{"id": "7"}"#)]);
    let client = client(&server);
    let impatient = client.timeouts(response_timeout(Some(MOMENT)));
    let start = Instant::now();
    let error = failure(contexts::create(&impatient, &create()));
    assert!((MOMENT..MAX_TIME).contains(&start.elapsed()));
    assert_eq!(error.kind(), ErrorKind::Timeout);
    assert!(error.may_have_been_processed());
    assert_eq!(
        error.to_string(),
        "contexts.create: timed out while waiting for the response; the request may have been processed"
    );
    let context = contexts::create(&client, &create()).unwrap();
    assert_eq!(context.id, "7".into());
}

#[test]
fn timeout_of_a_call_can_be_extended() {
    let server = slow_server();
    let builder = builder(&server.url()).timeouts(response_timeout(Some(MOMENT)));
    let impatient = builder.build().unwrap();
    let error = failure(contexts::create(&impatient, &create()));
    assert_eq!(error.kind(), ErrorKind::Timeout);
    for timeout in [Some(MAX_TIME), None] {
        let patient = impatient.timeouts(response_timeout(timeout));
        contexts::create(&patient, &create()).unwrap();
    }
}

#[test]
fn timeout_of_a_call_includes_retry_delays() {
    let busy = Action::respond(503, &[RETRY_AFTER], "busy");
    let server = Server::scripted(vec![busy; 5]);
    let client = client(&server).timeout(Some(MAX_TIME));
    let start = Instant::now();
    let error = failure(command_status(&client));
    assert!(start.elapsed() < MAX_TIME, "{error}");
    assert_eq!(
        (error.kind(), error.status()),
        (ErrorKind::Status, Some(503))
    );
    assert_eq!(server.requests().len(), 1);
}

#[test]
fn interrupt_ends_a_retry_delay() {
    let busy = Action::respond(503, &[RETRY_AFTER], "busy");
    let server = Server::scripted(vec![busy; 5]);
    let interrupt = Interrupt::new();
    let client = client(&server).with_interrupt(interrupt.clone());
    let start = Instant::now();
    let error = thread::scope(|scope| {
        scope.spawn(|| {
            server.wait_until_requested(1);
            thread::sleep(MOMENT);
            interrupt.raise();
        });
        failure(command_status(&client))
    });
    assert!(start.elapsed() < MAX_TIME, "{:?}", start.elapsed());
    assert_eq!(error.kind(), ErrorKind::Interrupted, "{error}");
    assert_eq!(server.requests().len(), 1);
}

#[test]
fn explicit_proxy_is_used_for_loopback_addresses() {
    let server = Server::scripted([Action::json(200, r#"{"id": "7"}"#)]);
    let proxy = Server::scripted([
        Action::Send(b"HTTP/1.1 200 Connected\r\n\r\n".to_vec()),
        Action::json(200, r#"{"id": "8"}"#),
    ]);
    let proxied = builder(&server.url()).proxy(Proxy::Url(proxy.url()));
    let context = contexts::create(&proxied.build().unwrap(), &create()).unwrap();
    assert_eq!((context.id, server.connections()), ("8".into(), 0));
    let [connect, create_request] = &proxy.requests()[..] else {
        panic!("{:?}", proxy.requests());
    };
    assert_eq!(
        connect.line,
        format!("CONNECT {} HTTP/1.1", server.address())
    );
    assert_eq!(connect.header("authorization"), None);
    assert!(
        create_request.line.starts_with("POST /"),
        "{}",
        create_request.line
    );
    assert!(create_request.header("authorization").is_some());
    let direct = builder(&server.url()).proxy(Proxy::None);
    let context = contexts::create(&direct.build().unwrap(), &create()).unwrap();
    assert_eq!((context.id, proxy.connections()), ("7".into(), 1));
}
