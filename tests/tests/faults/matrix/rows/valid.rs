//! Unusual but valid responses.

use crate::gzip;
use crate::matrix::row::{Expected, Row, chunked, row, with_key};
use crate::mock::{Response, Step};
use Step::{Execute, Fin, ReadAll, Reset, RespondWith};

pub(super) fn unusual_responses() -> Vec<Row> {
    let success = |name, steps: &[Step]| row(name, steps, Expected::Success);
    let after = |bytes: &str| [ReadAll, Execute, Step::send(bytes), Step::Respond];
    vec![
        success("no fault", &[ReadAll, Execute, Step::Respond]),
        success(
            "100 before the response",
            &after("HTTP/1.1 100 Continue\r\n\r\n"),
        ),
        success(
            "103 before the response",
            &after("HTTP/1.1 103 Early Hints\r\nlink: </a>; rel=preload\r\n\r\n"),
        ),
        success(
            "several interim responses",
            &after(&"HTTP/1.1 102 Processing\r\n\r\n".repeat(20)),
        ),
        success(
            "closed after the response",
            &[ReadAll, Execute, Step::Respond, Fin],
        ),
        success(
            "reset after the response",
            &[ReadAll, Execute, Step::Respond, Reset],
        ),
    ]
}

pub(super) fn unusual_framing() -> Vec<Row> {
    let success = |name, steps: &[Step]| row(name, steps, Expected::Success);
    let respond = |rewrite: fn(&Response) -> Vec<u8>| [ReadAll, Execute, RespondWith(rewrite)];
    let respond_and_close =
        |rewrite: fn(&Response) -> Vec<u8>| [ReadAll, Execute, RespondWith(rewrite), Fin];
    vec![
        success(
            "201",
            &respond(|a| {
                Response {
                    status: 201,
                    ..a.clone()
                }
                .bytes()
            }),
        ),
        success(
            "206",
            &respond(|a| {
                Response {
                    status: 206,
                    ..a.clone()
                }
                .bytes()
            }),
        ),
        success(
            "connection: close",
            &respond_and_close(|a| a.with(&["connection: close"], &a.body)),
        ),
        success(
            "body ends with the connection",
            &respond_and_close(|a| a.framed(&[], &a.body)),
        ),
        success(
            "HTTP/1.0",
            &respond_and_close(|a| {
                let text = String::from_utf8(a.framed(&[], &a.body)).unwrap_or_default();
                text.replacen("HTTP/1.1", "HTTP/1.0", 1).into_bytes()
            }),
        ),
        success(
            "chunks",
            &respond(|a| {
                chunked(a, &|body| {
                    let pieces = body.chunks(5).map(|piece| {
                        let mut chunk = format!("{:x};x=y\r\n", piece.len()).into_bytes();
                        chunk.extend_from_slice(piece);
                        chunk.extend_from_slice(b"\r\n");
                        chunk
                    });
                    pieces
                        .chain([b"0\r\ntrailer: x\r\n\r\n".to_vec()])
                        .flatten()
                        .collect()
                })
            }),
        ),
        success(
            "gzip",
            &respond(|a| a.with(&["content-encoding: gzip"], &gzip::stored(&a.body))),
        ),
        success(
            "spaces around the JSON",
            &respond(|a| a.with(&[], &padded(&a.body))),
        ),
        success("no content-type", &respond(|a| a.with(&[], &a.body))),
        success(
            "another content-type",
            &respond(|a| a.with(&["content-type: text/html"], &a.body)),
        ),
        success(
            "unknown keys",
            &respond(|a| a.with(&[], &with_key(&a.body, r#"{"a": [null, 1e300]}"#))),
        ),
        success(
            "unknown number beyond 64 bits",
            &respond(|a| a.with(&[], &with_key(&a.body, "1e999"))),
        ),
        success(
            "invalid UTF-8 in an unknown key",
            &respond(|a| {
                let object = &a.body[..a.body.len() - 1];
                a.with(&[], &[object, b", \"zzz\": \"\xff\xfe\"}"].concat())
            }),
        ),
        success(
            "120 headers",
            &respond(|a| a.with(&["x-a: b"; 118], &a.body)),
        ),
        // A second response without a request.
        success(
            "additional response",
            &respond(|a| {
                let mut bytes = a.bytes();
                bytes.extend_from_slice(&a.with(&[], br#"{"id": "evil", "status": "Error"}"#));
                bytes
            }),
        ),
    ]
}

fn padded(body: &[u8]) -> Vec<u8> {
    [b" \r\n\t", body, b"\n\n"].concat()
}
