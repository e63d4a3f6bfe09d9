//! The faults.

use std::time::{Duration, SystemTime};

use api_runtime::{Delivery, ErrorKind};

use super::{Bad, Expected, Row};
use crate::gzip;
use crate::mock::{Response, Step};
use crate::rig::MAX_ANSWER;
use Delivery::{NotProcessed, Unknown};
use Step::{Execute, Fin, Read, ReadAll, ReadHead, Reset, RespondSlowly, RespondWith, Stall};

/// The longest first pause where the server asks for none.
const FIRST_PAUSE: Duration = Duration::from_millis(500);

pub(crate) fn all() -> Vec<Row> {
    let mut rows = Vec::new();
    rows.extend(broken_connections());
    rows.extend(slow_servers());
    rows.extend(odd_but_good());
    rows.extend(odd_framing_but_good());
    rows.extend(refusals());
    rows.extend(gateways());
    rows.extend(asked_pauses());
    rows.extend(words_of_the_description());
    rows.extend(wrong_bodies());
    rows.extend(bodies_too_large_or_garbled());
    rows.extend(wrong_framing());
    rows.extend(wrong_heads());
    rows
}

fn row(name: &str, steps: impl Into<Vec<Step>>, expected: Expected) -> Row {
    Row {
        name: name.to_owned(),
        fault: steps.into().into(),
        impatient: false,
        expected,
        without_needs: None,
        pause: (Duration::ZERO, FIRST_PAUSE),
    }
}

impl Row {
    fn impatient(mut self) -> Self {
        self.impatient = true;
        self
    }

    fn without_needs(mut self, expected: Expected) -> Self {
        self.without_needs = Some(expected);
        self
    }

    fn pause(mut self, least: u64, most: u64) -> Self {
        self.pause = (Duration::from_secs(least), Duration::from_secs(most));
        self
    }
}

const fn bad(kind: ErrorKind, delivery: Delivery, transient: bool) -> Expected {
    Expected::Bad(Bad {
        kind,
        status: None,
        transient,
        delivery,
        in_time: true,
    })
}

/// The connection went, and the request may have been carried out.
const LOST: Expected = bad(ErrorKind::Disconnected, Unknown, true);
const SLOW: Expected = bad(ErrorKind::Timeout, Unknown, true);
/// What came is not a response in HTTP.
const NO_HTTP: Expected = bad(ErrorKind::InvalidResponse, Unknown, false);
/// What came is a good response in HTTP, and makes no sense.
const NONSENSE: Expected = with_status(NO_HTTP, 200);

const fn with_status(expected: Expected, status: u16) -> Expected {
    match expected {
        Expected::Good => Expected::Good,
        Expected::Bad(bad) => Expected::Bad(Bad {
            status: Some(status),
            ..bad
        }),
    }
}

const fn refused(status: u16, delivery: Delivery, transient: bool) -> Expected {
    with_status(bad(ErrorKind::Status, delivery, transient), status)
}

const fn too_long(expected: Expected) -> Expected {
    match expected {
        Expected::Good => Expected::Good,
        Expected::Bad(bad) => Expected::Bad(Bad {
            in_time: false,
            ..bad
        }),
    }
}

fn half_head(response: &Response) -> Vec<u8> {
    response.bytes()[..response.head_len() / 2].to_vec()
}

fn whole_head(response: &Response) -> Vec<u8> {
    response.bytes()[..response.head_len()].to_vec()
}

fn half_body(response: &Response) -> Vec<u8> {
    let half = response.head_len() + response.body.len() / 2;
    response.bytes()[..half].to_vec()
}

fn broken_connections() -> Vec<Row> {
    let mut rows = Vec::new();
    for (how, end) in [("reset", Reset), ("closed", Fin)] {
        let mut add = |when: &str, steps: &[Step]| {
            let mut steps = steps.to_vec();
            steps.push(end.clone());
            rows.push(row(&format!("{how} {when}"), steps, LOST));
        };
        add("before anything is read", &[]);
        add("after a byte of the request", &[Read(1)]);
        add("after 100 bytes of the request", &[Read(100)]);
        add("after the head of the request", &[ReadHead]);
        add("after the request, before executing", &[ReadAll]);
        add("after executing", &[ReadAll, Execute]);
        let cut = |rewrite: fn(&Response) -> Vec<u8>| [ReadAll, Execute, RespondWith(rewrite)];
        add("in the head of the response", &cut(half_head));
        add("after the head of the response", &cut(whole_head));
        add("in the body of the response", &cut(half_body));
    }
    rows
}

fn slow_servers() -> Vec<Row> {
    let cut = |rewrite: fn(&Response) -> Vec<u8>| [ReadAll, Execute, RespondWith(rewrite), Stall];
    vec![
        row("stall before reading", [Stall], SLOW).impatient(),
        row("stall before executing", [ReadAll, Stall], SLOW).impatient(),
        row("stall after executing", [ReadAll, Execute, Stall], SLOW).impatient(),
        row("stall in the head", cut(half_head), SLOW).impatient(),
        row("stall after the head", cut(whole_head), SLOW).impatient(),
        row("stall in the body", cut(half_body), SLOW).impatient(),
        row(
            "stall before a promised end",
            [
                ReadAll,
                Execute,
                RespondWith(|response| response.framed(&["content-length: 9999"], &response.body)),
                Stall,
            ],
            SLOW,
        )
        .impatient(),
        row(
            "a response of single bytes",
            [ReadAll, Execute, RespondSlowly(Duration::ZERO)],
            Expected::Good,
        ),
        // A head may not take longer than one that does not come at all.
        row(
            "a head of slow bytes",
            [ReadAll, Execute, RespondSlowly(Duration::from_millis(100))],
            SLOW,
        )
        .impatient(),
    ]
}

fn odd_but_good() -> Vec<Row> {
    let good = |name, steps: &[Step]| row(name, steps, Expected::Good);
    let after = |bytes: &str| [ReadAll, Execute, Step::send(bytes), Step::Respond];
    vec![
        good("nothing", &[ReadAll, Execute, Step::Respond]),
        good(
            "100 before the response",
            &after("HTTP/1.1 100 Continue\r\n\r\n"),
        ),
        good(
            "103 before the response",
            &after("HTTP/1.1 103 Early Hints\r\nlink: </a>; rel=preload\r\n\r\n"),
        ),
        good(
            "several interim responses",
            &after(&"HTTP/1.1 102 Processing\r\n\r\n".repeat(20)),
        ),
        good(
            "closed behind the response",
            &[ReadAll, Execute, Step::Respond, Fin],
        ),
        good(
            "reset behind the response",
            &[ReadAll, Execute, Step::Respond, Reset],
        ),
    ]
}

fn odd_framing_but_good() -> Vec<Row> {
    let good = |name, steps: &[Step]| row(name, steps, Expected::Good);
    let made = |rewrite: fn(&Response) -> Vec<u8>| [ReadAll, Execute, RespondWith(rewrite)];
    let closed = |rewrite: fn(&Response) -> Vec<u8>| [ReadAll, Execute, RespondWith(rewrite), Fin];
    vec![
        good(
            "201",
            &made(|a| {
                Response {
                    status: 201,
                    ..a.clone()
                }
                .bytes()
            }),
        ),
        good(
            "206",
            &made(|a| {
                Response {
                    status: 206,
                    ..a.clone()
                }
                .bytes()
            }),
        ),
        good(
            "announced to be closed",
            &closed(|a| a.with(&["connection: close"], &a.body)),
        ),
        good("an end by closing", &closed(|a| a.framed(&[], &a.body))),
        good(
            "HTTP/1.0",
            &closed(|a| {
                let text = String::from_utf8(a.framed(&[], &a.body)).unwrap_or_default();
                text.replacen("HTTP/1.1", "HTTP/1.0", 1).into_bytes()
            }),
        ),
        good(
            "chunks",
            &made(|a| {
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
        good(
            "gzip",
            &made(|a| a.with(&["content-encoding: gzip"], &gzip::stored(&a.body))),
        ),
        good(
            "spaces around the JSON",
            &made(|a| a.with(&[], &padded(&a.body))),
        ),
        good("no content-type", &made(|a| a.with(&[], &a.body))),
        good(
            "another content-type",
            &made(|a| a.with(&["content-type: text/html"], &a.body)),
        ),
        good(
            "unknown keys",
            &made(|a| a.with(&[], &with_key(&a.body, r#"{"a": [null, 1e300]}"#))),
        ),
        good(
            "an unknown number beyond 64 bits",
            &made(|a| a.with(&[], &with_key(&a.body, "1e999"))),
        ),
        good("120 headers", &made(|a| a.with(&["x-a: b"; 118], &a.body))),
        // Behind the end of a response comes what was never asked for.
        good(
            "a response too many",
            &made(|a| {
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

fn with_key(body: &[u8], value: &str) -> Vec<u8> {
    let open = &body[..body.len() - 1];
    [open, br#", "zzz": "#, value.as_bytes(), b"}"].concat()
}

fn chunked(response: &Response, body: &dyn Fn(&[u8]) -> Vec<u8>) -> Vec<u8> {
    response.framed(&["transfer-encoding: chunked"], &body(&response.body))
}

fn error_response(status: u16, headers: &[&str], words: &str) -> Step {
    let response = Response {
        status,
        body: Vec::new(),
    };
    let body = format!(r#"{{"error": "{words}"}}"#);
    Step::send(response.with(headers, body.as_bytes()))
}

fn refusals() -> Vec<Row> {
    let mut rows = Vec::new();
    let mut add = |name: &str, executed: bool, expected: Expected| {
        let Expected::Bad(Bad {
            status: Some(status),
            ..
        }) = expected
        else {
            unreachable!("{name} is no refusal");
        };
        let response = error_response(status, &[], "Name: words of the server");
        let steps = if executed {
            vec![ReadAll, Execute, response]
        } else {
            vec![ReadAll, response]
        };
        rows.push(row(name, steps, expected));
    };
    for status in [400, 401, 403, 404, 405, 408, 409, 410, 413, 415, 422, 451] {
        add(
            &status.to_string(),
            false,
            refused(status, NotProcessed, false),
        );
    }
    add("429", false, refused(429, NotProcessed, true));
    for status in [502, 503, 504] {
        add(&status.to_string(), false, refused(status, Unknown, true));
    }
    for status in [500, 501, 505, 507, 599] {
        add(&status.to_string(), false, refused(status, Unknown, false));
        add(
            &format!("{status} after executing"),
            true,
            refused(status, Unknown, false),
        );
    }
    let empty = Response {
        status: 500,
        body: Vec::new(),
    };
    let of_500 = refused(500, Unknown, false);
    rows.push(row(
        "500 without words",
        [ReadAll, Step::send(empty.bytes())],
        of_500,
    ));
    rows
}

/// Gateways that forward a request, lose the response of the server behind them, and respond
/// themselves.
fn gateways() -> Vec<Row> {
    const ENVOY: &str = "upstream connect error or disconnect/reset before headers. reset reason: \
        connection termination";
    let bodies = [
        (
            "JSON",
            "application/json",
            format!(r#"{{"message": "{ENVOY}"}}"#),
        ),
        (
            "HTML",
            "text/html",
            format!("<html><title>{ENVOY}</title></html>"),
        ),
        ("text", "text/plain", ENVOY.to_owned()),
        ("nothing", "text/plain", String::new()),
    ];
    let mut rows = Vec::new();
    for status in [502, 503, 504] {
        for (format, content_type, body) in &bodies {
            for delay in [None, Some("0"), Some("7")] {
                let content_type = format!("content-type: {content_type}");
                let retry_after = delay.map(|delay| format!("retry-after: {delay}"));
                let mut headers = vec![&*content_type];
                headers.extend(retry_after.as_deref());
                let response = Response {
                    status,
                    body: Vec::new(),
                };
                let response = Step::send(response.with(&headers, body.as_bytes()));
                let delay = delay.map_or(String::new(), |delay| format!(", retry after {delay}"));
                let name = format!("{status} of a gateway with {format}{delay}");
                let expected = refused(status, Unknown, true);
                let row = row(&name, [ReadAll, Execute, response], expected);
                rows.push(if delay.ends_with('7') {
                    row.pause(7, 7)
                } else {
                    row
                });
            }
        }
    }
    rows
}

fn asked_pauses() -> Vec<Row> {
    let expected = |status| match status {
        429 => refused(status, NotProcessed, true),
        _ => refused(status, Unknown, true),
    };
    let asking = |status: u16, name: &str, value: &str| {
        let response = Step::send(refusal_asking(status, value));
        row(
            &format!("{status} with {name}"),
            [ReadAll, response],
            expected(status),
        )
    };
    let in_ten_seconds = || {
        let date = SystemTime::now() + Duration::from_secs(10);
        refusal_asking(429, &httpdate::fmt_http_date(date))
    };
    let beyond = |row: Row| Row {
        expected: too_long(row.expected),
        ..row
    };
    vec![
        asking(429, "7 seconds", "7").pause(7, 7),
        asking(503, "7 seconds", "7").pause(7, 7),
        asking(429, "0 seconds", "0"),
        // A date has whole seconds, and the response takes its time.
        row(
            "429 with a date",
            [ReadAll, Step::SendWith(in_ten_seconds)],
            expected(429),
        )
        .pause(5, 10),
        beyond(asking(
            429,
            "a date in 2099",
            "Wed, 21 Oct 2099 07:28:00 GMT",
        )),
        asking(429, "a date in the past", "Sun, 06 Nov 1994 08:49:37 GMT"),
        asking(429, "words", "soon"),
        asking(429, "a negative number", "-5"),
        asking(429, "a fraction", "0.5"),
        asking(429, "an empty value", ""),
        asking(
            429,
            "a number of 30 digits",
            "999999999999999999999999999999",
        ),
        beyond(asking(429, "an hour", "3600")),
        beyond(asking(503, "an hour", "3600")),
        beyond(asking(429, "the largest number", "18446744073709551615")),
    ]
}

fn refusal_asking(status: u16, pause: &str) -> Vec<u8> {
    let response = Response {
        status,
        body: Vec::new(),
    };
    let body = br#"{"error": "RequestLimitExceeded: slow down"}"#;
    response.with(&[&format!("retry-after: {pause}")], body)
}

fn words_of_the_description() -> Vec<Row> {
    let turned_away = [
        "ClusterNotReadyException: not yet",
        "com.databricks.backend.ClusterNotReadyException: not yet",
        "Workspace 1 does not have any associated worker environments",
        "There is no worker environment with id 1",
        "Unknown worker environment",
        "UnknownWorkerEnvironmentException: x",
        "RPC token bucket limit has been exceeded",
    ];
    let unknown = [
        "Unexpected error",
        "Please try again later or try a faster operation.",
    ];
    let mut rows = Vec::new();
    for words in turned_away {
        for status in [400, 500] {
            rows.push(row(
                &format!("{status} {words}"),
                [ReadAll, error_response(status, &[], words)],
                refused(status, NotProcessed, true),
            ));
        }
    }
    for words in unknown {
        for status in [400, 401, 500, 503] {
            rows.push(row(
                &format!("{status} {words}"),
                [ReadAll, Execute, error_response(status, &[], words)],
                refused(status, Unknown, true),
            ));
        }
    }
    // A refusal counts at the start of the message only: this is what the command has printed.
    for words in [
        "your command ran and printed: ClusterNotReadyException",
        "RuntimeException: ClusterNotReadyException: not yet",
        "java.lang.RuntimeException: Unknown worker environment",
        "the Workspace 1 does not have any associated worker environments",
    ] {
        rows.push(row(
            &format!("500 {words}"),
            [ReadAll, Execute, error_response(500, &[], words)],
            refused(500, Unknown, false),
        ));
    }
    // The other shape of error bodies, as gateways have it.
    let body = br#"{"error_code": "UNAVAILABLE", "message": "ClusterNotReadyException: x"}"#;
    let response = Response {
        status: 500,
        body: body.to_vec(),
    };
    let expected = refused(500, NotProcessed, true);
    rows.push(row(
        "500 in the other shape",
        [ReadAll, Step::send(response.bytes())],
        expected,
    ));
    rows
}

fn wrong_bodies() -> Vec<Row> {
    let made = |name, rewrite: fn(&Response) -> Vec<u8>, expected| {
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
            with_status(NO_HTTP, 204),
        )
        .without_needs(Expected::Good),
        made("200 without a body", |a| a.with(&[], b""), NONSENSE).without_needs(Expected::Good),
        made("an empty object", |a| a.with(&[], b"{}"), NONSENSE).without_needs(Expected::Good),
        made(
            "a page",
            |a| {
                a.with(
                    &["content-type: text/html"],
                    b"<!doctype html><html><p>Hi</p></html>",
                )
            },
            NONSENSE,
        ),
        made(
            "a login page",
            |a| {
                let page = b"<html><head><title>Login - Workspace</title></head><body>\
                    <form action=\"/login.html\"><input name=password></form></body></html>";
                a.with(&["content-type: text/html;charset=utf-8"], page)
            },
            NONSENSE,
        ),
        made("a list", |a| a.with(&[], b"[1, 2]"), NONSENSE),
        made("a number", |a| a.with(&[], b"17"), NONSENSE),
        made("null", |a| a.with(&[], b"null"), NONSENSE),
        made(
            "fields of other types",
            |a| a.with(&[], br#"{"id": [], "status": {}}"#),
            NONSENSE,
        ),
        made(
            "a truncated object",
            |a| a.with(&[], &a.body[..a.body.len() - 1]),
            NONSENSE,
        ),
        made(
            "more behind the JSON",
            |a| a.with(&[], &[&a.body, &b"{}"[..]].concat()),
            NONSENSE,
        ),
        made(
            "no UTF-8",
            |a| a.with(&[], b"{\"id\": \"\xff\xfe\", \"status\": \"\xff\"}"),
            NONSENSE,
        ),
        made("a zero byte", |a| a.with(&[], b"\0"), NONSENSE),
        made(
            "deep nesting",
            |a| a.with(&[], &with_key(&a.body, &"[".repeat(200_000))),
            NONSENSE,
        ),
        made(
            "deep nesting to the end",
            |a| {
                let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
                a.with(&[], &with_key(&a.body, &deep))
            },
            NONSENSE,
        ),
    ]
}

fn bodies_too_large_or_garbled() -> Vec<Row> {
    let made = |name, rewrite: fn(&Response) -> Vec<u8>, expected| {
        row(name, [ReadAll, Execute, RespondWith(rewrite)], expected)
    };
    vec![
        made(
            "a huge body",
            |a| {
                a.with(
                    &[],
                    &vec![b' '; 2 * usize::try_from(MAX_ANSWER).unwrap_or(0)],
                )
            },
            NO_HTTP,
        ),
        made(
            "a huge body in chunks",
            |a| {
                chunked(a, &|_| {
                    let chunk = format!("10000\r\n{}\r\n", " ".repeat(0x10000));
                    chunk.repeat(20).into_bytes()
                })
            },
            NO_HTTP,
        ),
        made(
            "a gzip bomb",
            |a| a.with(&["content-encoding: gzip"], &gzip::bomb(64 << 20)),
            NO_HTTP,
        ),
        made(
            "bad gzip",
            |a| a.with(&["content-encoding: gzip"], b"this is not gzip at all"),
            NO_HTTP,
        ),
        made(
            "gzip with a wrong checksum",
            |a| {
                let mut gzip = gzip::stored(&a.body);
                let at = gzip.len() - 8;
                gzip[at] ^= 1;
                a.with(&["content-encoding: gzip"], &gzip)
            },
            NO_HTTP,
        ),
        made(
            "gzip that ends early",
            |a| {
                let gzip = gzip::stored(&a.body);
                a.with(&["content-encoding: gzip"], &gzip[..gzip.len() / 2])
            },
            NO_HTTP,
        ),
    ]
}

fn wrong_framing() -> Vec<Row> {
    let made = |name, rewrite: fn(&Response) -> Vec<u8>, expected| {
        row(name, [ReadAll, Execute, RespondWith(rewrite)], expected)
    };
    let closed = |name, rewrite: fn(&Response) -> Vec<u8>, expected| {
        row(
            name,
            [ReadAll, Execute, RespondWith(rewrite), Fin],
            expected,
        )
    };
    vec![
        made(
            "a chunk size that is none",
            |a| chunked(a, &|_| b"zz\r\n{}\r\n0\r\n\r\n".to_vec()),
            NO_HTTP,
        ),
        made(
            "a negative chunk size",
            |a| chunked(a, &|_| b"-2\r\n{}\r\n0\r\n\r\n".to_vec()),
            NO_HTTP,
        ),
        made(
            "a chunk size beyond 64 bits",
            |a| chunked(a, &|_| b"fffffffffffffffff\r\n{}\r\n0\r\n\r\n".to_vec()),
            NO_HTTP,
        ),
        made(
            "no end of a chunk",
            |a| chunked(a, &|_| b"2\r\n{}0\r\n\r\n".to_vec()),
            NO_HTTP,
        ),
        closed(
            "chunks that end early",
            |a| chunked(a, &|_| b"2\r\n{}\r\n".to_vec()),
            LOST,
        ),
        closed(
            "a chunk that ends early",
            |a| chunked(a, &|_| b"7fffffffffffffff\r\n{}".to_vec()),
            LOST,
        ),
        closed(
            "a content-length too long",
            |a| a.framed(&["content-length: 9999"], &a.body),
            LOST,
        ),
        closed(
            "a content-length of 2^64 - 1",
            |a| a.framed(&["content-length: 18446744073709551615"], &a.body),
            LOST,
        ),
        made(
            "a content-length too short",
            |a| a.framed(&["content-length: 5"], &a.body),
            NONSENSE,
        ),
        made(
            "a content-length that is none",
            |a| a.framed(&["content-length: x"], &a.body),
            NO_HTTP,
        ),
        made(
            "a negative content-length",
            |a| a.framed(&["content-length: -1"], &a.body),
            NO_HTTP,
        ),
        made(
            "two lengths",
            |a| a.framed(&["content-length: 3", "content-length: 5"], &a.body),
            NO_HTTP,
        ),
    ]
}

fn wrong_heads() -> Vec<Row> {
    let sent = |name, bytes: &[u8], expected| {
        row(name, [ReadAll, Execute, Step::send(bytes), Fin], expected)
    };
    let made = |name, rewrite: fn(&Response) -> Vec<u8>, expected| {
        row(name, [ReadAll, Execute, RespondWith(rewrite)], expected)
    };
    vec![
        made(
            "129 headers",
            |a| a.with(&["x-a: b"; 128], &a.body),
            NO_HTTP,
        ),
        made(
            "1000 headers",
            |a| a.with(&["x-a: b"; 1000], &a.body),
            NO_HTTP,
        ),
        made(
            "a header of 70 KiB",
            |a| a.with(&[&format!("x-a: {}", "b".repeat(70 << 10))], &a.body),
            NO_HTTP,
        ),
        sent(
            "no HTTP at all",
            b"SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n",
            NO_HTTP,
        ),
        sent("zeros", &[0; 100], NO_HTTP),
        sent(
            "another version",
            b"HTTP/2.0 200 OK\r\ncontent-length: 2\r\n\r\n{}",
            NO_HTTP,
        ),
        sent(
            "a status that is none",
            b"HTTP/1.1 2x0 OK\r\ncontent-length: 2\r\n\r\n{}",
            NO_HTTP,
        ),
        sent(
            "a header without a colon",
            b"HTTP/1.1 200 OK\r\nbroken\r\ncontent-length: 2\r\n\r\n{}",
            NO_HTTP,
        ),
        sent(
            "a zero byte in a header",
            b"HTTP/1.1 200 OK\r\nx-a: \0\r\ncontent-length: 2\r\n\r\n{}",
            NO_HTTP,
        ),
        sent("half a line", b"HTTP/1.1 20", LOST),
        sent(
            "304",
            b"HTTP/1.1 304 Not Modified\r\n\r\n",
            with_status(bad(ErrorKind::InvalidResponse, Unknown, false), 304),
        ),
        sent(
            "999",
            b"HTTP/1.1 999 What\r\ncontent-length: 0\r\n\r\n",
            refused(999, Unknown, false),
        ),
    ]
}
