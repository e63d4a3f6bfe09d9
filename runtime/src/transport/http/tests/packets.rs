//! Packets in which requests are sent.

use std::io::Read as _;
use std::sync::mpsc;
use std::time::Duration;

use super::{builder, get, http, in_time, next, post, server, zeros};
use crate::transport::{Body, Call, Timeouts, Transport as _};

#[test]
fn small_request_is_sent_in_one_packet() {
    let (sender, receiver) = mpsc::channel();
    let address = server(move |_, peer| {
        for _ in 0..3 {
            sender.send(peer.read_packet()).expect("a receiver");
            peer.respond(200, "{}");
        }
    });
    let http = http();
    http.send(get(address)).expect("a response");
    let packet = next(&receiver);
    assert!(packet.starts_with("GET / HTTP/1.1\r\n"), "{packet}");
    assert!(packet.ends_with("\r\n\r\n"), "{packet}");
    let body = Body::Bytes(b"{\"a\":1}".to_vec());
    http.send(post(address, body)).expect("a response");
    let packet = next(&receiver);
    assert!(packet.contains("\r\ncontent-length: 7\r\n"), "{packet}");
    assert!(packet.ends_with("\r\n\r\n{\"a\":1}"), "{packet}");
    http.send(post(address, Body::Empty)).expect("a response");
    let packet = next(&receiver);
    assert!(packet.contains("\r\ncontent-length: 0\r\n"), "{packet}");
    assert!(packet.ends_with("\r\n\r\n"), "{packet}");
}

#[test]
fn streamed_body_is_sent_in_one_packet_with_the_head() {
    let (sender, receiver) = mpsc::channel();
    let address = server(move |_, peer| {
        sender.send(peer.read_packet()).expect("a receiver");
        peer.respond(200, "{}");
    });
    let reader = Box::new(&b"from a file, and more"[..]);
    let body = Body::Stream { length: 11, reader };
    http().send(post(address, body)).expect("a response");
    let packet = next(&receiver);
    assert!(packet.contains("\r\ncontent-length: 11\r\n"), "{packet}");
    assert!(packet.ends_with("\r\n\r\nfrom a file"), "{packet}");
}

#[test]
fn wrong_content_length_is_corrected() {
    let address = server(|_, peer| {
        for _ in 0..2 {
            let (head, _) = peer.read_request();
            assert!(head.contains("\r\ncontent-length: 3\r\n"), "{head}");
            peer.respond(200, "{}");
        }
    });
    let http = http();
    let reader = Box::new(&b"abc"[..]);
    for body in [
        Body::Bytes(b"abc".to_vec()),
        Body::Stream { length: 3, reader },
    ] {
        let mut call = post(address, body);
        let headers = call.request.headers_mut();
        headers.insert("content-length", 7.into());
        http.send(call).expect("a response");
    }
}

#[test]
fn large_body_is_sent_completely() {
    const LENGTH: usize = 5_000_000;
    let body: Vec<u8> = (0..=250).cycle().take(LENGTH).collect();
    let expected = body.clone();
    let address = server(move |_, peer| {
        let (_, body) = peer.read_request();
        let status = if body == expected { 200 } else { 400 };
        peer.respond(status, "{}");
        peer.wait_for_close();
    });
    let streamed = Body::Stream {
        length: LENGTH as u64,
        reader: Box::new(&body[..]),
    };
    let response = http().send(post(address, streamed)).expect("a response");
    assert_eq!(response.status(), 200);
    let response = http().send(post(address, Body::Bytes(body)));
    assert_eq!(response.expect("a response").status(), 200);
}

#[test]
fn request_with_expect_sends_only_the_head_first() {
    let (sender, receiver) = mpsc::channel();
    let address = server(move |_, peer| {
        sender.send(peer.read_packet()).expect("a receiver");
        peer.send("HTTP/1.1 100 Continue\r\n\r\n");
        let mut body = vec![0; 300_000];
        peer.0.read_exact(&mut body).expect("a body");
        peer.respond(200, "{}");
    });
    let response = http().send(expecting(post(address, zeros(300_000))));
    assert_eq!(response.expect("a response").status(), 200);
    let packet = next(&receiver);
    assert!(packet.ends_with("\r\n\r\n"), "{packet}");
}

#[test]
fn request_with_expect_is_sent_without_an_interim_response() {
    let address = server(|_, peer| {
        let (_, body) = peer.read_request();
        assert_eq!(body.len(), 300_000);
        peer.respond(200, "{}");
    });
    let timeouts = Timeouts {
        response: Some(Duration::from_millis(500)),
        ..Timeouts::default()
    };
    let http = builder()
        .timeouts(timeouts)
        .build()
        .expect("valid settings");
    let response = http.send(expecting(post(address, zeros(300_000))));
    assert_eq!(response.expect("a response").status(), 200);
}

#[test]
fn body_is_not_sent_after_a_rejected_expect() {
    let (sender, receiver) = mpsc::channel();
    let address = server(move |_, peer| {
        peer.read_head();
        peer.respond(413, "too large");
        let mut rest = Vec::new();
        peer.0.read_to_end(&mut rest).ok();
        sender.send(rest.len()).expect("a receiver");
    });
    let response = http().send(expecting(post(address, zeros(300_000))));
    assert_eq!(response.expect("a response").status(), 413);
    assert_eq!(next(&receiver), 0);
}

#[test]
fn early_response_is_read() {
    let address = server(|_, peer| {
        peer.read_head();
        peer.respond(413, "too large");
    });
    let response = in_time(move || http().send(post(address, zeros(1 << 33))));
    let response = response.expect("a response");
    assert_eq!(response.status(), 413);
    assert_eq!(response.body(), b"too large");
}

fn expecting(mut call: Call<'static>) -> Call<'static> {
    let value = ureq::http::HeaderValue::from_static("100-continue");
    call.request.headers_mut().insert("expect", value);
    call
}
