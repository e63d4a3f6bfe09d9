//! Bodies with content encodings, and headers of encodings without a body.

use std::io::Write as _;

use flate2::Compression;
use flate2::write::{GzEncoder, ZlibEncoder};
use ureq::http::{Response, header};

use super::{error_of, http, in_time, post, request, server};
use crate::delivery::Delivery;
use crate::transport::{Body, Transport as _, TransportError, TransportErrorKind};

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).expect("memory");
    encoder.finish().expect("memory")
}

/// Sends a request and returns the result for this response.
fn receive(
    method: &'static str,
    head: &str,
    body: &[u8],
) -> Result<Response<Vec<u8>>, TransportError> {
    let mut response = format!("HTTP/1.1 {head}\r\n\r\n").into_bytes();
    response.extend_from_slice(body);
    let address = server(move |_, peer| {
        peer.read_head();
        peer.send(&response);
    });
    in_time(move || http().send(request(method, &format!("http://{address}/"), Body::Empty)))
}

/// Receives a response with a length and this encoding.
fn receive_encoded(
    status: &str,
    encoding: &str,
    body: &[u8],
) -> Result<Response<Vec<u8>>, TransportError> {
    let length = body.len();
    let head = format!("{status}\r\ncontent-encoding: {encoding}\r\ncontent-length: {length}");
    receive("GET", &head, body)
}

#[test]
fn header_without_a_body_is_ignored() {
    let empty = "content-length: 0";
    let chunked = "transfer-encoding: chunked";
    let no_chunk: &[u8] = b"0\r\n\r\n";
    for (method, status, framing, body) in [
        ("GET", 204, "x: y", b"".as_slice()),
        ("GET", 304, "x: y", b""),
        ("GET", 304, "content-length: 80", b""),
        ("HEAD", 200, "content-length: 80", b""),
        ("HEAD", 200, chunked, b""),
        ("GET", 200, empty, b""),
        ("POST", 201, empty, b""),
        ("GET", 200, chunked, no_chunk),
        ("GET", 200, "connection: close", b""),
        ("GET", 401, empty, b""),
        ("GET", 403, chunked, no_chunk),
        ("GET", 429, empty, b""),
        ("POST", 500, empty, b""),
        ("GET", 503, empty, b""),
        ("GET", 503, chunked, no_chunk),
    ] {
        for encoding in ["gzip", "x-gzip", "GZIP", "gzip, gzip", "br", "deflate"] {
            let head = format!("{status} Any\r\ncontent-encoding: {encoding}\r\n{framing}");
            let response = receive(method, &head, body).expect(&head);
            assert_eq!(response.status(), status, "{method} {head}");
            assert_eq!(response.body(), b"", "{method} {head}");
        }
    }
}

#[test]
fn gzip_is_decoded_under_all_its_names() {
    let text = b"{\"id\": 7}";
    let two_members = [gzip(b"{\"id\""), gzip(b": 7}")].concat();
    for (encoding, body) in [
        ("gzip", gzip(text)),
        ("x-gzip", gzip(text)),
        ("GZip", gzip(text)),
        ("identity, gzip", gzip(text)),
        ("gzip, identity", gzip(text)),
        ("gzip, gzip", gzip(&gzip(text))),
        ("gzip,x-gzip, gzip", gzip(&gzip(&gzip(text)))),
        ("gzip", two_members),
    ] {
        for status in ["200 OK", "404 Not Found", "500 Any"] {
            let response = receive_encoded(status, encoding, &body).expect(encoding);
            assert_eq!(response.body(), text, "{status} {encoding}");
            assert_eq!(response.headers().get(header::CONTENT_ENCODING), None);
            assert_eq!(response.headers().get(header::CONTENT_LENGTH), None);
        }
    }
}

#[test]
fn padding_after_gzip_is_ignored() {
    for padding in [b"\0\0\0\0".as_slice(), b"\r\n"] {
        let body = [&gzip(b"{}"), padding].concat();
        let response = receive_encoded("200 OK", "gzip", &body).expect("a response");
        assert_eq!(response.body(), b"{}");
    }
}

#[test]
fn unknown_encoding_is_not_decoded() {
    let mut zlib = ZlibEncoder::new(Vec::new(), Compression::default());
    zlib.write_all(b"{}").expect("memory");
    let zlib = zlib.finish().expect("memory");
    for (encoding, body, rest, expected) in [
        ("deflate", zlib.clone(), Some("deflate"), zlib.clone()),
        ("none", b"{}".to_vec(), Some("none"), b"{}".to_vec()),
        ("deflate, gzip", gzip(&zlib), Some("deflate"), zlib.clone()),
        ("gzip, br", zlib.clone(), Some("gzip, br"), zlib),
    ] {
        let response = receive_encoded("200 OK", encoding, &body).expect(encoding);
        assert_eq!(response.body(), &expected, "{encoding}");
        let left = response.headers().get(header::CONTENT_ENCODING);
        assert_eq!(left.map(|value| value.to_str().expect("text")), rest);
    }
}

/// Bodies that are not gzip, although the response is complete.
fn invalid_bodies() -> [Vec<u8>; 5] {
    let mut wrong_checksum = gzip(b"{}");
    let at = wrong_checksum.len() - 8;
    wrong_checksum[at] ^= 1;
    let long = gzip(&[b'x'; 1000]);
    [
        b"{}".to_vec(),
        b"\x1f\x8b\x08".to_vec(),
        long[..long.len() / 2].to_vec(),
        wrong_checksum,
        [gzip(b"{}"), long[..9].to_vec()].concat(),
    ]
}

#[test]
fn invalid_gzip_is_an_error_of_a_successful_response() {
    for body in invalid_bodies() {
        let error = error_of(receive_encoded("200 OK", "gzip", &body));
        assert_eq!(
            (error.delivery, error.kind),
            (Delivery::Unknown, TransportErrorKind::InvalidResponse)
        );
        assert_eq!(error.message, "the response could not be decompressed");
    }
}

#[test]
fn status_code_is_kept_if_the_body_of_an_error_is_invalid_gzip() {
    for body in invalid_bodies() {
        for status in [302, 401, 404, 429, 500, 503] {
            let head = format!("{status} Any\r\nretry-after: 7");
            let response = receive_encoded(&head, "gzip", &body).expect("a response");
            assert_eq!(response.status(), status);
            assert_eq!(response.headers()[header::RETRY_AFTER], "7");
        }
    }
}

#[test]
fn number_of_encodings_is_limited() {
    let error = error_of(receive_encoded("200 OK", "gzip, gzip, gzip, gzip", b"x"));
    assert_eq!(error.kind, TransportErrorKind::InvalidResponse);
    let source = error.source.expect("a source").to_string();
    assert_eq!(source, "the response has too many content encodings");
}

#[test]
fn sink_receives_the_decoded_body() {
    for (body, expected) in [(gzip(b"text"), b"text".as_slice()), (Vec::new(), b"")] {
        let head = format!(
            "HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: {}\r\n\r\n",
            body.len()
        );
        let address = server(move |_, peer| {
            peer.read_head();
            peer.send(head.as_bytes());
            peer.send(&body);
        });
        let written = in_time(move || {
            let mut written = Vec::new();
            let mut call = post(address, Body::Empty);
            call.sink = Some(&mut written);
            let response = http().send(call).expect("a response");
            assert_eq!(response.body(), b"");
            written
        });
        assert_eq!(written, expected);
    }
}
