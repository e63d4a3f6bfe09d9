//! Invalid responses: bodies, framing and heads.

use api_runtime::Delivery::Unknown;
use api_runtime::ErrorKind;

use crate::gzip;
use crate::matrix::row::{
    Expected, INVALID_BODY, INVALID_HTTP, LOST, Row, chunked, error_status, failure, row, with_key,
    with_status,
};
use crate::mock::{Response, Step};
use crate::rig::MAX_ANSWER;
use Step::{Execute, Fin, ReadAll, RespondWith};

pub(super) fn invalid_bodies() -> Vec<Row> {
    let respond = |name, rewrite: fn(&Response) -> Vec<u8>, expected| {
        row(name, [ReadAll, Execute, RespondWith(rewrite)], expected)
    };
    vec![
        row(
            "204",
            [
                ReadAll,
                Execute,
                Step::send("HTTP/1.1 204 No Content\r\n\r\n"),
            ],
            with_status(INVALID_HTTP, 204),
        )
        .without_required(Expected::Success),
        respond("200 without a body", |a| a.with(&[], b""), INVALID_BODY)
            .without_required(Expected::Success),
        respond("empty object", |a| a.with(&[], b"{}"), INVALID_BODY)
            .without_required(Expected::Success),
        respond(
            "web page",
            |a| {
                a.with(
                    &["content-type: text/html"],
                    b"<!doctype html><html><p>Hi</p></html>",
                )
            },
            INVALID_BODY,
        ),
        respond(
            "login page",
            |a| {
                let page = b"<html><head><title>Login - Workspace</title></head><body>\
                    <form action=\"/login.html\"><input name=password></form></body></html>";
                a.with(&["content-type: text/html;charset=utf-8"], page)
            },
            INVALID_BODY,
        ),
        respond("list", |a| a.with(&[], b"[1, 2]"), INVALID_BODY),
        respond("number", |a| a.with(&[], b"17"), INVALID_BODY),
        respond("null", |a| a.with(&[], b"null"), INVALID_BODY),
        respond(
            "fields of other types",
            |a| a.with(&[], br#"{"id": [], "status": {}}"#),
            INVALID_BODY,
        ),
        respond(
            "truncated object",
            |a| a.with(&[], &a.body[..a.body.len() - 1]),
            INVALID_BODY,
        ),
        respond(
            "data after the JSON",
            |a| a.with(&[], &[&a.body, &b"{}"[..]].concat()),
            INVALID_BODY,
        ),
        respond("zero byte", |a| a.with(&[], b"\0"), INVALID_BODY),
        respond(
            "deep nesting",
            |a| a.with(&[], &with_key(&a.body, &"[".repeat(200_000))),
            INVALID_BODY,
        ),
        respond(
            "deep nesting to the end",
            |a| {
                let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
                a.with(&[], &with_key(&a.body, &deep))
            },
            INVALID_BODY,
        ),
    ]
}

pub(super) fn large_or_corrupt_bodies() -> Vec<Row> {
    let respond = |name, rewrite: fn(&Response) -> Vec<u8>, expected| {
        row(name, [ReadAll, Execute, RespondWith(rewrite)], expected)
    };
    vec![
        respond(
            "large body",
            |a| {
                a.with(
                    &[],
                    &vec![b' '; 2 * usize::try_from(MAX_ANSWER).unwrap_or(0)],
                )
            },
            INVALID_HTTP,
        ),
        respond(
            "large chunked body",
            |a| {
                chunked(a, &|_| {
                    let chunk = format!("10000\r\n{}\r\n", " ".repeat(0x10000));
                    chunk.repeat(20).into_bytes()
                })
            },
            INVALID_HTTP,
        ),
        respond(
            "gzip bomb",
            |a| a.with(&["content-encoding: gzip"], &gzip::bomb(64 << 20)),
            INVALID_HTTP,
        ),
        respond(
            "invalid gzip",
            |a| a.with(&["content-encoding: gzip"], b"this is not gzip"),
            INVALID_HTTP,
        ),
        respond(
            "gzip with a wrong checksum",
            |a| {
                let mut gzip = gzip::stored(&a.body);
                let at = gzip.len() - 8;
                gzip[at] ^= 1;
                a.with(&["content-encoding: gzip"], &gzip)
            },
            INVALID_HTTP,
        ),
        respond(
            "gzip that ends early",
            |a| {
                let gzip = gzip::stored(&a.body);
                a.with(&["content-encoding: gzip"], &gzip[..gzip.len() / 2])
            },
            INVALID_HTTP,
        ),
    ]
}

pub(super) fn invalid_framing() -> Vec<Row> {
    let respond = |name, rewrite: fn(&Response) -> Vec<u8>, expected| {
        row(name, [ReadAll, Execute, RespondWith(rewrite)], expected)
    };
    let respond_and_close = |name, rewrite: fn(&Response) -> Vec<u8>, expected| {
        row(
            name,
            [ReadAll, Execute, RespondWith(rewrite), Fin],
            expected,
        )
    };
    vec![
        respond(
            "invalid chunk size",
            |a| chunked(a, &|_| b"zz\r\n{}\r\n0\r\n\r\n".to_vec()),
            INVALID_HTTP,
        ),
        respond(
            "negative chunk size",
            |a| chunked(a, &|_| b"-2\r\n{}\r\n0\r\n\r\n".to_vec()),
            INVALID_HTTP,
        ),
        respond(
            "chunk size beyond 64 bits",
            |a| chunked(a, &|_| b"fffffffffffffffff\r\n{}\r\n0\r\n\r\n".to_vec()),
            INVALID_HTTP,
        ),
        respond(
            "chunk without line end",
            |a| chunked(a, &|_| b"2\r\n{}0\r\n\r\n".to_vec()),
            INVALID_HTTP,
        ),
        respond_and_close(
            "chunks that end early",
            |a| chunked(a, &|_| b"2\r\n{}\r\n".to_vec()),
            LOST,
        ),
        respond_and_close(
            "chunk that ends early",
            |a| chunked(a, &|_| b"7fffffffffffffff\r\n{}".to_vec()),
            LOST,
        ),
        respond_and_close(
            "content-length too large",
            |a| a.framed(&["content-length: 9999"], &a.body),
            LOST,
        ),
        respond_and_close(
            "content-length of 2^64 - 1",
            |a| a.framed(&["content-length: 18446744073709551615"], &a.body),
            LOST,
        ),
        respond(
            "content-length too small",
            |a| a.framed(&["content-length: 5"], &a.body),
            INVALID_BODY,
        ),
        respond(
            "invalid content-length",
            |a| a.framed(&["content-length: x"], &a.body),
            INVALID_HTTP,
        ),
        respond(
            "negative content-length",
            |a| a.framed(&["content-length: -1"], &a.body),
            INVALID_HTTP,
        ),
        respond(
            "two content-lengths",
            |a| a.framed(&["content-length: 3", "content-length: 5"], &a.body),
            INVALID_HTTP,
        ),
    ]
}

pub(super) fn invalid_heads() -> Vec<Row> {
    let send = |name, bytes: &[u8], expected| {
        row(name, [ReadAll, Execute, Step::send(bytes), Fin], expected)
    };
    let respond = |name, rewrite: fn(&Response) -> Vec<u8>, expected| {
        row(name, [ReadAll, Execute, RespondWith(rewrite)], expected)
    };
    vec![
        respond(
            "129 headers",
            |a| a.with(&["x-a: b"; 128], &a.body),
            INVALID_HTTP,
        ),
        respond(
            "1000 headers",
            |a| a.with(&["x-a: b"; 1000], &a.body),
            INVALID_HTTP,
        ),
        respond(
            "header of 70 KiB",
            |a| a.with(&[&format!("x-a: {}", "b".repeat(70 << 10))], &a.body),
            INVALID_HTTP,
        ),
        send(
            "not HTTP",
            b"SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n",
            INVALID_HTTP,
        ),
        send("zeros", &[0; 100], INVALID_HTTP),
        send(
            "HTTP/2.0",
            b"HTTP/2.0 200 OK\r\ncontent-length: 2\r\n\r\n{}",
            INVALID_HTTP,
        ),
        send(
            "invalid status code",
            b"HTTP/1.1 2x0 OK\r\ncontent-length: 2\r\n\r\n{}",
            INVALID_HTTP,
        ),
        send(
            "header without colon",
            b"HTTP/1.1 200 OK\r\nbroken\r\ncontent-length: 2\r\n\r\n{}",
            INVALID_HTTP,
        ),
        send(
            "zero byte in a header",
            b"HTTP/1.1 200 OK\r\nx-a: \0\r\ncontent-length: 2\r\n\r\n{}",
            INVALID_HTTP,
        ),
        send("truncated status line", b"HTTP/1.1 20", LOST),
        send(
            "304",
            b"HTTP/1.1 304 Not Modified\r\n\r\n",
            with_status(failure(ErrorKind::InvalidResponse, Unknown, false), 304),
        ),
        send(
            "999",
            b"HTTP/1.1 999 What\r\ncontent-length: 0\r\n\r\n",
            error_status(999, Unknown, false),
        ),
    ]
}
