//! Responses that never end, but of which a byte arrives from time to time.

use crate::gzip;
use crate::mock::{Fault, Step};
use Step::{Execute, ReadAll};

/// Position of the bytes in the response, its beginning, and the bytes that follow again and again.
const DRIPS: [(&str, &str, &str); 13] = [
    ("status line", "HTTP/1.1 200 O", "K"),
    ("header value", "HTTP/1.1 200 OK\r\nx: ", "y"),
    ("header name", "HTTP/1.1 200 OK\r\n", "x"),
    ("headers", "HTTP/1.1 200 OK\r\n", "x: y\r\n"),
    ("100 responses", "", "HTTP/1.1 100 Continue\r\n\r\n"),
    (
        "103 responses",
        "",
        "HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n",
    ),
    (
        "body",
        "HTTP/1.1 200 OK\r\ncontent-length: 99999\r\n\r\n",
        " ",
    ),
    ("body without length", "HTTP/1.1 200 OK\r\n\r\n", " "),
    (
        "body of an error",
        "HTTP/1.1 503 No\r\ncontent-length: 99999\r\n\r\n",
        "x",
    ),
    (
        "chunk",
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nfffff\r\n",
        " ",
    ),
    (
        "chunks",
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n",
        "1\r\n \r\n",
    ),
    (
        "chunk size",
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n",
        "0",
    ),
    (
        "trailers",
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n",
        "x: y\r\n",
    ),
];

/// Returns all drips of a server that has executed the request.
pub(crate) fn all() -> Vec<(String, Vec<Step>)> {
    let drip = |first: &[u8], others: &[u8]| Step::Drip(first.into(), others.into());
    let mut drips: Vec<_> = DRIPS
        .iter()
        .map(|(position, first, others)| {
            let step = drip(first.as_bytes(), others.as_bytes());
            (format!("drip of the {position}"), vec![step])
        })
        .collect();
    let head = b"HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: 99999\r\n\r\n";
    let gzip = gzip::bomb(100_000);
    drips.push(("drip of gzip".into(), vec![drip(head, &gzip)]));
    drips.push(("stall".into(), vec![Step::Stall]));
    drips
}

/// Puts the execution in front of other steps.
pub(crate) fn executed(steps: &[Step]) -> Fault {
    [&[ReadAll, Execute], steps].concat().into()
}
