//! Missing, truncated and invalid responses.

use std::error::Error as _;
use std::time::Duration;

use generated_client::{Error, ErrorKind, Timeouts, contexts};
use test_server::{Action, ClosedPort, Server};

use super::{builder, client, create, failure};

/// Returns the error of a request that is sent once.
fn error_after(action: Action) -> Error {
    let server = Server::scripted([action, Action::json(200, r#"{"id": "retried"}"#)]);
    let error = failure(contexts::create(&client(&server), &create()));
    assert_eq!(
        (server.requests().len(), server.connections()),
        (1, 1),
        "{error}"
    );
    assert_eq!(error.operation(), Some("contexts.create"));
    error
}

#[test]
fn refused_connection_is_a_connect_error() {
    let port = ClosedPort::new();
    let client = builder(&port.url()).build().unwrap();
    let error = failure(contexts::create(&client, &create()));
    assert_eq!(error.kind(), ErrorKind::Connect, "{error}");
    assert!(!error.may_have_been_processed());
    assert!(
        error
            .to_string()
            .starts_with("contexts.create: the server cannot be reached: "),
        "{error}"
    );
    assert!(error.source().is_some());
}

#[test]
fn unknown_host_is_a_connect_error() {
    // A label of more than 63 letters is invalid, so that no DNS server is queried.
    let client = builder(&format!("http://{}.invalid", "a".repeat(64)))
        .allow_plain_http()
        .build()
        .unwrap();
    let error = failure(contexts::create(&client, &create()));
    assert_eq!(error.kind(), ErrorKind::Connect, "{error}");
    assert!(!error.may_have_been_processed());
}

#[test]
fn reset_after_the_request_may_have_been_processed() {
    let error = error_after(Action::Reset);
    assert_eq!(error.kind(), ErrorKind::Disconnected, "{error}");
    assert!(error.may_have_been_processed());
    assert_eq!(error.status(), None);
}

#[test]
fn close_without_response_may_have_been_processed() {
    let error = error_after(Action::SendAndClose(Vec::new()));
    assert_eq!(error.kind(), ErrorKind::Disconnected, "{error}");
    assert!(error.may_have_been_processed());
    assert_eq!(
        error.to_string(),
        "contexts.create: the connection failed: the server closed the connection before the response was complete; \
         the request may have been processed"
    );
}

#[test]
fn truncated_response_may_have_been_processed() {
    let truncated: [&[u8]; 6] = [
        b"HTTP/1.1 2",
        b"HTTP/1.1 200 OK\r\ncontent-length: 11\r\n",
        b"HTTP/1.1 200 OK\r\ncontent-length: 11\r\n\r\n",
        b"HTTP/1.1 200 OK\r\ncontent-length: 11\r\n\r\n{\"id\": \"1\"",
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nb\r\n{\"id\": \"1\"",
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nb\r\n{\"id\": \"1\"}\r\n",
    ];
    for response in truncated {
        let error = error_after(Action::SendAndClose(response.to_vec()));
        let response = String::from_utf8_lossy(response);
        assert_eq!(error.kind(), ErrorKind::Disconnected, "{response}: {error}");
        assert!(error.may_have_been_processed(), "{response}: {error}");
    }
}

#[test]
fn response_that_is_not_http_is_invalid() {
    let invalid: [&[u8]; 4] = [
        b"SSH-2.0-OpenSSH_9.6\r\n\r\n",
        b"\x15\x03\x01\x00\x02\x02\x16 and more\r\n\r\n",
        b"HTTP/1.1 200 OK\r\ncontent-length: eleven\r\n\r\n{\"id\": \"1\"}",
        b"HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: 11\r\n\r\n{\"id\": \"1\"}",
    ];
    for response in invalid {
        let error = error_after(Action::SendAndClose(response.to_vec()));
        let response = String::from_utf8_lossy(response);
        assert_eq!(
            error.kind(),
            ErrorKind::InvalidResponse,
            "{response}: {error}"
        );
        assert!(error.may_have_been_processed(), "{response}: {error}");
    }
}

#[test]
fn large_response_heads_are_invalid() {
    let many = "x: y\r\n".repeat(500);
    let long = format!("x: {}\r\n", "y".repeat(1 << 20));
    for headers in [many, long] {
        let error = error_after(Action::SendAndClose(
            format!("HTTP/1.1 200 OK\r\n{headers}\r\n").into_bytes(),
        ));
        assert_eq!(error.kind(), ErrorKind::InvalidResponse, "{error}");
        assert!(error.may_have_been_processed());
    }
}

#[test]
fn response_timeout_may_have_been_processed() {
    let server = Server::scripted([Action::Hang]);
    let mut timeouts = Timeouts::default();
    timeouts.response = Some(Duration::from_millis(100));
    let client = builder(&server.url()).timeouts(timeouts).build().unwrap();
    let error = failure(contexts::create(&client, &create()));
    assert_eq!(error.kind(), ErrorKind::Timeout, "{error}");
    assert!(error.may_have_been_processed());
    assert_eq!(
        error.to_string(),
        "contexts.create: timed out while waiting for the response; the request may have been processed"
    );
    // The server may read the request later than the client gives up.
    server.wait_until_requested(1);
    assert_eq!(server.requests().len(), 1);
}

#[test]
fn idle_timeout_applies_within_the_response() {
    let server = Server::scripted([Action::Send(
        b"HTTP/1.1 200 OK\r\ncontent-length: 11\r\n\r\n{\"id\"".to_vec(),
    )]);
    let mut timeouts = Timeouts::default();
    timeouts.idle = Some(Duration::from_millis(100));
    let client = builder(&server.url()).timeouts(timeouts).build().unwrap();
    let error = failure(contexts::create(&client, &create()));
    assert_eq!(error.kind(), ErrorKind::Timeout, "{error}");
    assert!(error.may_have_been_processed());
}

#[test]
fn client_is_usable_after_errors() {
    let server = Server::scripted([
        Action::Reset,
        Action::SendAndClose(b"HTTP/1.1 200".to_vec()),
        Action::json(200, r#"{"id": "1"}"#),
    ]);
    let client = client(&server);
    failure(contexts::create(&client, &create()));
    failure(contexts::create(&client, &create()));
    assert_eq!(
        contexts::create(&client, &create()).unwrap().id.as_str(),
        "1"
    );
    assert_eq!((server.requests().len(), server.connections()), (3, 3));
}
