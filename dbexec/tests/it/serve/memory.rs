//! Limits of memory, of the server and of code.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;

use crate::support::{Sandbox, ServeProcess};

/// Sends a request with a body in parts, and returns the status code.
fn post(url: &str, path: &str, headers: &str, body: &[u8]) -> String {
    let mut stream = TcpStream::connect(url.strip_prefix("http://").unwrap()).unwrap();
    let head = format!(
        "POST {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\
         authorization: Bearer secret\r\n{headers}content-length: {}\r\n\r\n",
        body.len()
    );
    // A server that rejects the head closes the connection.
    let _ = stream.write_all(head.as_bytes());
    let _ = stream.write_all(body);
    let mut response = String::new();
    let _ = stream.read_to_string(&mut response);
    assert!(response.len() < 32 << 10, "{} bytes", response.len());
    response.split(' ').nth(1).unwrap_or_default().to_owned()
}

#[test]
fn memory_is_bounded_by_the_size_of_a_request() {
    const SIZE: usize = 20 << 20;
    const MIB: u64 = 1 << 20;
    const LIMIT: u64 = 4 * SIZE as u64;
    let json = |start: &str, item: &str, end: &str| {
        [start, &item.repeat(SIZE / item.len()), end]
            .concat()
            .into_bytes()
    };
    let form = "content-type: application/x-www-form-urlencoded\r\n";
    let multipart = "content-type: multipart/form-data; boundary=X\r\n";
    let part = |name: &str, value: &str| {
        let head = format!("--X\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n");
        [&head, value, "\r\n--X--\r\n"].concat().into_bytes()
    };
    let long = "x".repeat(SIZE);
    let bodies = [
        ("", json("{\"x\":[0", ",0", "]}"), "400"),
        ("", json("{\"x\":[{}", ",{\"a\":[]}", "]}"), "400"),
        ("", json("{\"x\":", "[", ""), "400"),
        ("", json("{\"clusterId\":[0", ",null", "]}"), "400"),
        ("", json("{\"clusterId\":\"", "x", "\"}"), "400"),
        ("", json("{\"a\":1", ",\"a\":1", "}"), "400"),
        ("", json("{\"", "x", "\":1}"), "400"),
        ("", json("\"", "x", "\""), "400"),
        ("", json("[0", ",0", "]"), "400"),
        (form, json("x=", "x", ""), "400"),
        (form, json("", "x", "=1"), "400"),
        (form, json("clusterId=", "%20+", ""), "400"),
        (form, json("", "a=&", ""), "400"),
        (multipart, part("x", &long), "400"),
        (multipart, part("clusterId", &long), "400"),
    ];
    let sandbox = Sandbox::new();
    let server = ServeProcess::start(&sandbox);
    for (headers, body, status) in bodies {
        let start = String::from_utf8_lossy(&body[..40]).into_owned();
        let received = post(&server.url, "/api/1.2/contexts/create", headers, &body);
        assert_eq!(received, status, "{headers}{start}");
        let peak = server.running.peak_memory();
        assert!(peak < LIMIT, "{} MiB: {headers}{start}", peak / MIB);
    }
    for (headers, path, status) in [
        (format!("x: {}\r\n", "x".repeat(SIZE)), String::new(), "431"),
        ("x: y\r\n".repeat(100_000), String::new(), "431"),
        (String::new(), format!("?x={}", "x".repeat(SIZE)), "431"),
        (String::new(), format!("?x={}", "x".repeat(100_000)), "414"),
    ] {
        let path = format!("/api/1.2/contexts/create{path}");
        let received = post(&server.url, &path, &headers, b"");
        assert!(
            received == status || received.is_empty(),
            "{received}, expected {status}"
        );
    }
    let peak = server.running.peak_memory();
    assert!(peak < LIMIT, "{} MiB", peak / MIB);
}

#[test]
fn memory_of_code_is_limited() {
    let sandbox = Sandbox::new();
    let server = ServeProcess::with(&sandbox, &["--memory-limit", "128MiB"]);
    let code = "import resource\nprint(resource.getrlimit(resource.RLIMIT_DATA)[0] >> 20)";
    let host = ["--host", &server.url, "--token", "secret", "--cluster", "c"];
    let run = ["run", "-l", "python", "-c", code];
    sandbox
        .run([&run[..], &host].concat())
        .assert(0, "128\n", "");

    let outcome = sandbox.run(["serve", "--memory-limit", "4"]);
    let error = "error: invalid value '4' for '--memory-limit <SIZE>': expected a size such as";
    outcome.assert_starts_with(2, "", error);
}
