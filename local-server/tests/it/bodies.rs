//! Encodings of request bodies.

use std::io::{Read, Write};

use local_server::{Options, Server};
use serde_json::json;

use crate::harness::{CLUSTER, Harness, Response, connect, id, read_response, request};

const JSON: &str = r#"{"clusterId": "batVenom", "language": "python"}"#;
const EXECUTE: &str = "/api/1.2/commands/execute";

fn create(headers: &[&str], body: &[u8]) -> Response {
    let server = Server::start(Options::new()).unwrap();
    request(
        server.address(),
        "POST",
        "/api/1.2/contexts/create",
        headers,
        body,
    )
}

fn execute(harness: &Harness, content_type: &str, body: &[u8]) -> Response {
    let header = format!("Content-Type: {content_type}");
    request(harness.server.address(), "POST", EXECUTE, &[&header], body)
}

/// Creates a multipart body. `command` follows `name="command"` in the last part: parameters and
/// headers, an empty line, and the content.
fn multipart(harness: &Harness, command: &str) -> Vec<u8> {
    let context = &harness.context;
    let mut body = Vec::new();
    for (name, value) in [
        ("language", "python"),
        ("clusterId", CLUSTER),
        ("contextId", context),
    ] {
        write!(
            body,
            "--XX\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"
        )
        .unwrap();
    }
    write!(
        body,
        "--XX\r\nContent-Disposition: form-data; name=\"command\"{command}\r\n--XX--\r\n"
    )
    .unwrap();
    body
}

#[test]
fn json_is_accepted_with_any_content_type_and_without() {
    for headers in [
        &["Content-Type: application/json"][..],
        &["Content-Type: application/json; charset=utf-8"],
        &["Content-Type: text/json"],
        &[],
    ] {
        let response = create(headers, JSON.as_bytes());
        assert_eq!(response.status, 200, "{headers:?} {}", response.body);
    }
}

#[test]
fn form_is_accepted() {
    let form = ["Content-Type: application/x-www-form-urlencoded"];
    let response = create(&form, b"language=python&clusterId=batVenom");
    assert_eq!(response.status, 200, "{}", response.body);

    let harness = Harness::start();
    let body = format!(
        "language=python&clusterId={CLUSTER}&contextId={}&command=print%28%22a%26b%3D1+%2B+%F0%9F%98%80%22%29",
        harness.context
    );
    let response = execute(
        &harness,
        "application/x-www-form-urlencoded",
        body.as_bytes(),
    );
    assert_eq!(harness.results(&id(&response))["data"], "a&b=1 + 😀");
}

#[test]
fn multipart_is_accepted_with_the_command_as_text() {
    let harness = Harness::start();
    let body = multipart(&harness, "\r\n\r\nprint('é')\nprint(2)");
    let response = execute(&harness, "multipart/form-data; boundary=XX", &body);
    assert_eq!(harness.results(&id(&response))["data"], "é\n2");
}

#[test]
fn multipart_is_accepted_with_the_command_as_file() {
    let harness = Harness::start();
    let file = "; filename=\"any thing.txt\"\r\nContent-Type: application/octet-stream\r\n\r\n\
                \u{feff}print(1)\r\nprint('''a\r\nb''')\r\n";
    let body = multipart(&harness, file);
    let response = execute(&harness, "multipart/form-data; boundary=XX", &body);
    assert_eq!(harness.results(&id(&response))["data"], "1\na\nb");
}

#[test]
fn multipart_is_accepted_with_a_large_file() {
    let harness = Harness::start();
    let file = format!("; filename=\"a.py\"\r\n\r\nlen('{}')", "x".repeat(5 << 20));
    let body = multipart(&harness, &file);
    let response = execute(&harness, "multipart/form-data; boundary=XX", &body);
    assert_eq!(harness.results(&id(&response))["data"], "5242880");
}

#[test]
fn multipart_is_accepted_after_100_continue() {
    let harness = Harness::start();
    let body = multipart(&harness, "; filename=\"a.py\"\r\n\r\nprint(1)");
    let mut stream = connect(harness.server.address());
    let head = format!(
        "POST {EXECUTE} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\
         Expect: 100-continue\r\nContent-Type: multipart/form-data; boundary=XX\r\n\
         Content-Length: {}\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes()).unwrap();
    let mut interim = [0; 25];
    stream.read_exact(&mut interim).unwrap();
    assert_eq!(&interim, b"HTTP/1.1 100 Continue\r\n\r\n");
    stream.write_all(&body).unwrap();
    let response = read_response(&mut stream);
    assert_eq!(harness.results(&id(&response))["data"], "1");
}

#[test]
fn query_string_is_decoded() {
    let server = Server::start(Options::new()).unwrap();
    let body = json!({"clusterId": "a b&c+é", "language": "python"});
    let created = crate::harness::post(&server, "/api/1.2/contexts/create", &body);
    let context = id(&created);
    for cluster in ["a%20b%26c%2B%C3%A9", "a+b%26c%2b%c3%a9"] {
        let target =
            format!("/api/1.2/contexts/status?clusterId={cluster}&contextId={context}&x=%");
        let response = request(server.address(), "GET", &target, &[], b"");
        assert_eq!(response.status, 200, "{}", response.body);
    }
}

#[test]
fn numeric_ids_keep_all_digits() {
    let harness = Harness::start();
    let body = format!(
        r#"{{"clusterId": "{CLUSTER}", "contextId": {}, "language": "python", "command": "1",
            "options": {{"displayRowLimit": 10}}, "unknown": [null]}}"#,
        harness.context
    );
    let response = execute(&harness, "application/json", body.as_bytes());
    assert_eq!(harness.results(&id(&response))["data"], "1");
}

#[test]
fn malformed_bodies_are_rejected_with_a_reason() {
    for (content_type, body, message) in [
        (
            "application/json",
            &b"{\"clusterId\": \n nope}"[..],
            "line 2 column",
        ),
        ("application/json", b"[1]", "not a JSON object"),
        (
            "application/json",
            b"{\"clusterId\": true}",
            "clusterId is not a string",
        ),
        ("application/json", b"\xff", "line 1 column 1"),
        ("application/json", b"", "missing clusterId"),
        (
            "application/x-www-form-urlencoded",
            b"clusterId=%ff",
            "clusterId is not UTF-8",
        ),
        ("application/x-www-form-urlencoded", b"\xff", "not UTF-8"),
        ("multipart/form-data", b"", "MultipartException"),
        (
            "multipart/form-data; boundary=XX",
            b"--XX\r\n",
            "MultipartException",
        ),
    ] {
        let header = format!("Content-Type: {content_type}");
        let response = create(&[&header], body);
        assert_eq!(response.status, 400, "{}", response.body);
        assert!(
            response.error().contains(message),
            "{content_type} {body:?}: {}",
            response.body
        );
    }
}

#[test]
fn large_command_runs() {
    let harness = Harness::start();
    let command = format!("x = '''{}'''; len(x)", "é\\\n".repeat(1_000_000));
    assert_eq!(harness.text(&command), "1000000");
}

#[test]
fn body_beyond_the_limit_is_rejected() {
    let length = (64 << 20) + 1;
    let response = create(&["Content-Type: application/json"], &vec![b' '; length]);
    assert_eq!(response.status, 413);
    assert!(
        response.error().contains("exceeds 64 MiB"),
        "{}",
        response.body
    );
}

#[test]
fn body_beyond_the_limit_is_rejected_without_100_continue() {
    let server = Server::start(Options::new()).unwrap();
    let mut stream = connect(server.address());
    let head = "POST /api/1.2/commands/execute HTTP/1.1\r\nHost: localhost\r\n\
                Expect: 100-continue\r\nContent-Length: 1000000000000\r\n\r\n";
    stream.write_all(head.as_bytes()).unwrap();
    assert_eq!(read_response(&mut stream).status, 413);
}

#[test]
fn chunked_body_beyond_the_limit_is_rejected() {
    let server = Server::start(Options::new()).unwrap();
    let mut stream = connect(server.address());
    let head = "POST /api/1.2/commands/execute HTTP/1.1\r\nHost: localhost\r\n\
                Connection: close\r\nTransfer-Encoding: chunked\r\n\r\n";
    stream.write_all(head.as_bytes()).unwrap();
    let chunk = [b"100000\r\n", &vec![b' '; 1 << 20][..], b"\r\n"].concat();
    for _ in 0..65 {
        stream.write_all(&chunk).unwrap();
    }
    stream.write_all(b"0\r\n\r\n").unwrap();
    assert_eq!(read_response(&mut stream).status, 413);
}

#[test]
fn connection_is_reused() {
    let harness = Harness::start();
    let mut stream = connect(harness.server.address());
    let target = format!(
        "/api/1.2/contexts/status?clusterId={CLUSTER}&contextId={}",
        harness.context
    );
    let body = json!({"id": harness.context, "status": "Running"}).to_string();
    for _ in 0..100 {
        write!(stream, "GET {target} HTTP/1.1\r\nHost: localhost\r\n\r\n").unwrap();
        let mut read = Vec::new();
        while !read.ends_with(body.as_bytes()) {
            let mut part = [0; 1024];
            let length = stream.read(&mut part).unwrap();
            assert_ne!(length, 0, "closed");
            read.extend_from_slice(&part[..length]);
        }
    }
}
