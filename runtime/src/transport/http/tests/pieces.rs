//! What leaves when.

use std::io::Read as _;
use std::sync::mpsc;
use std::time::Duration;

use super::super::Timeouts;
use super::{Body, builder, get, http, next, post, server, soon, zeros};
use crate::transport::Transport as _;

#[test]
fn a_small_request_leaves_in_one_piece() {
    let (sender, receiver) = mpsc::channel();
    let address = server(1, move |_, peer| {
        for _ in 0..3 {
            sender.send(peer.piece()).expect("a test");
            peer.answer(200, "{}");
        }
    });
    let http = http();
    http.send(get(address)).expect("an answer");
    let piece = next(&receiver);
    assert!(piece.starts_with("GET / HTTP/1.1\r\n"), "{piece}");
    assert!(piece.ends_with("\r\n\r\n"), "{piece}");
    let body = Body::Bytes(b"{\"a\":1}".to_vec());
    http.send(post(address, body)).expect("an answer");
    let piece = next(&receiver);
    assert!(piece.contains("\r\ncontent-length: 7\r\n"), "{piece}");
    assert!(piece.ends_with("\r\n\r\n{\"a\":1}"), "{piece}");
    http.send(post(address, Body::Empty)).expect("an answer");
    let piece = next(&receiver);
    assert!(piece.contains("\r\ncontent-length: 0\r\n"), "{piece}");
    assert!(piece.ends_with("\r\n\r\n"), "{piece}");
}

#[test]
fn a_streamed_body_leaves_with_its_head() {
    let (sender, receiver) = mpsc::channel();
    let address = server(1, move |_, peer| {
        sender.send(peer.piece()).expect("a test");
        peer.answer(200, "{}");
    });
    let reader = Box::new(&b"from a file, and more"[..]);
    let body = Body::Stream { length: 11, reader };
    http().send(post(address, body)).expect("an answer");
    let piece = next(&receiver);
    assert!(piece.contains("\r\ncontent-length: 11\r\n"), "{piece}");
    assert!(piece.ends_with("\r\n\r\nfrom a file"), "{piece}");
}

#[test]
fn a_length_that_is_wrong_is_put_right() {
    let address = server(1, |_, peer| {
        for _ in 0..2 {
            let (head, _) = peer.request();
            assert!(head.contains("\r\ncontent-length: 3\r\n"), "{head}");
            peer.answer(200, "{}");
        }
    });
    let http = http();
    let reader = Box::new(&b"abc"[..]);
    for body in [
        Body::Bytes(b"abc".to_vec()),
        Body::Stream { length: 3, reader },
    ] {
        let mut request = post(address, body);
        request.headers_mut().insert("content-length", 7.into());
        http.send(request).expect("an answer");
    }
}

#[test]
fn a_large_body_arrives_whole() {
    const LENGTH: usize = 5_000_000;
    let body: Vec<u8> = (0..=250).cycle().take(LENGTH).collect();
    let expected = body.clone();
    let address = server(2, move |_, peer| {
        let (_, body) = peer.request();
        let status = if body == expected { 200 } else { 400 };
        peer.answer(status, "{}");
        peer.wait_for_end();
    });
    let streamed = Body::Stream {
        length: LENGTH as u64,
        reader: Box::new(&body[..]),
    };
    let answer = http().send(post(address, streamed)).expect("an answer");
    assert_eq!(answer.status(), 200);
    let answer = http().send(post(address, Body::Bytes(body)));
    assert_eq!(answer.expect("an answer").status(), 200);
}

#[test]
fn a_request_that_asks_first_sends_its_head_alone() {
    let (sender, receiver) = mpsc::channel();
    let address = server(1, move |_, peer| {
        sender.send(peer.piece()).expect("a test");
        peer.say("HTTP/1.1 100 Continue\r\n\r\n");
        let mut body = vec![0; 300_000];
        peer.0.read_exact(&mut body).expect("a body");
        peer.answer(200, "{}");
    });
    let answer = http().send(asking(post(address, zeros(300_000))));
    assert_eq!(answer.expect("an answer").status(), 200);
    let piece = next(&receiver);
    assert!(piece.ends_with("\r\n\r\n"), "{piece}");
}

#[test]
fn a_request_that_asks_in_vain_is_sent_nevertheless() {
    let address = server(1, |_, peer| {
        let (_, body) = peer.request();
        assert_eq!(body.len(), 300_000);
        peer.answer(200, "{}");
    });
    let timeouts = Timeouts {
        response: Some(Duration::from_millis(500)),
        ..Timeouts::default()
    };
    let http = builder().timeouts(timeouts).build().expect("good settings");
    let answer = http.send(asking(post(address, zeros(300_000))));
    assert_eq!(answer.expect("an answer").status(), 200);
}

#[test]
fn a_refused_request_keeps_its_body() {
    let (sender, receiver) = mpsc::channel();
    let address = server(1, move |_, peer| {
        peer.head();
        peer.answer(413, "too large");
        let mut rest = Vec::new();
        peer.0.read_to_end(&mut rest).ok();
        sender.send(rest.len()).expect("a test");
    });
    let answer = http().send(asking(post(address, zeros(300_000))));
    assert_eq!(answer.expect("an answer").status(), 413);
    assert_eq!(next(&receiver), 0);
}

#[test]
fn an_early_answer_is_heard() {
    let address = server(1, |_, peer| {
        peer.head();
        peer.answer(413, "too large");
    });
    let answer = soon(move || http().send(post(address, zeros(1 << 33))));
    let answer = answer.expect("an answer");
    assert_eq!(answer.status(), 413);
    assert_eq!(answer.body(), b"too large");
}

fn asking(mut request: ureq::http::Request<Body<'static>>) -> ureq::http::Request<Body<'static>> {
    let value = ureq::http::HeaderValue::from_static("100-continue");
    request.headers_mut().insert("expect", value);
    request
}
