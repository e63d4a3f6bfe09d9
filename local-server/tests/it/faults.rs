//! Injected faults.

use std::io::{ErrorKind, Read as _, Write as _};
use std::time::{Duration, Instant};

use local_server::{Fault, Faults, Options, Server};
use serde_json::json;

use crate::harness::{CLUSTER, Response, connect, post};

fn server(fault: Fault) -> Server {
    let faults = Faults::new(1).rate(fault, 1.0).unwrap();
    Server::start(Options::new().faults(faults)).unwrap()
}

fn create(server: &Server) -> Response {
    let body = json!({"clusterId": CLUSTER, "language": "python"});
    post(server, "/api/1.2/contexts/create", &body)
}

#[test]
fn rejected_requests_are_not_executed() {
    let limited = server(Fault::TooManyRequests);
    let response = create(&limited);
    assert_eq!(response.status, 429);
    assert_eq!(response.header("retry-after"), Some("1"));
    assert_eq!(response.json()["error_code"], "REQUEST_LIMIT_EXCEEDED");
    assert_eq!(limited.contexts(), 0);

    let unavailable = server(Fault::UnavailableBefore);
    let response = create(&unavailable);
    assert_eq!(response.status, 503);
    assert_eq!(response.json()["error_code"], "TEMPORARILY_UNAVAILABLE");
    assert_eq!(unavailable.contexts(), 0);
}

#[test]
fn request_is_executed_before_its_response_is_lost() {
    let server = server(Fault::UnavailableAfter);
    assert_eq!(create(&server).status, 503);
    assert_eq!(server.contexts(), 1);
}

#[test]
fn connections_are_reset() {
    for (fault, contexts) in [(Fault::ResetBefore, 0), (Fault::ResetAfter, 1)] {
        let server = server(fault);
        let mut stream = connect(server.address());
        let body = json!({"clusterId": CLUSTER, "language": "python"}).to_string();
        let request = format!(
            "POST /api/1.2/contexts/create HTTP/1.1\r\nHost: localhost\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        );
        // In one segment: a part that is sent after the reset would fail.
        stream.write_all(request.as_bytes()).unwrap();
        let mut received = Vec::new();
        let error = stream.read_to_end(&mut received).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::ConnectionReset, "{fault:?}");
        assert_eq!(received, b"", "{fault:?}");
        assert_eq!(server.contexts(), contexts, "{fault:?}");
    }
}

#[test]
fn slow_response_is_complete() {
    let delay = Duration::from_millis(300);
    let faults = Faults::new(1).rate(Fault::Slow, 1.0).unwrap().delay(delay);
    let server = Server::start(Options::new().faults(faults)).unwrap();
    let start = Instant::now();
    assert_eq!(create(&server).status, 200);
    assert!(start.elapsed() >= delay);
}

#[test]
fn faults_repeat_with_the_seed() {
    let statuses = |seed| -> Vec<u16> {
        let faults = Faults::new(seed)
            .rate(Fault::UnavailableBefore, 0.5)
            .unwrap();
        let server = Server::start(Options::new().faults(faults)).unwrap();
        let target = "/api/1.2/contexts/status?clusterId=a&contextId=b";
        (0..30)
            .map(|_| crate::harness::request(server.address(), "GET", target, &[], b"").status)
            .collect()
    };
    assert_eq!(statuses(7), statuses(7));
    assert_ne!(statuses(7), statuses(8));
}

#[test]
fn requests_without_valid_credentials_have_no_faults() {
    let faults = Faults::new(1).rate(Fault::TooManyRequests, 1.0).unwrap();
    let server = Server::start(Options::new().token("secret").faults(faults)).unwrap();
    assert_eq!(create(&server).status, 401);
}
