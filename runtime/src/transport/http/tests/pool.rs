//! Connections that are kept.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;

use super::super::lookup::Lookup;
use super::{Body, builder, get, http, next, post, request, server, with};
use crate::transport::{FreshConnection, Transport as _};

#[test]
fn a_host_is_looked_up_once_per_connection() {
    let address = server(2, |_, peer| {
        for last in [false, false, true] {
            peer.request();
            let connection = if last { "close" } else { "keep-alive" };
            peer.say(format!(
                "HTTP/1.1 200 OK\r\nconnection: {connection}\r\ncontent-length: 2\r\n\r\n{{}}"
            ));
        }
    });
    let count = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&count);
    let lookup = Lookup::new(move |_, port| {
        counted.fetch_add(1, Ordering::Relaxed);
        Ok(vec![SocketAddr::from(([127, 0, 0, 1], port))])
    });
    let http = builder().lookup(lookup).build().expect("good settings");
    let url = format!("http://example.test:{}/", address.port());
    for call in 0..6 {
        http.send(request("GET", &url, Body::Empty)).expect("ok");
        assert_eq!(count.load(Ordering::Relaxed), 1 + call / 3);
    }
}

#[test]
fn what_the_server_closed_is_not_used() {
    let (sender, receiver) = mpsc::channel();
    let address = server(2, move |n, peer| {
        peer.request();
        peer.answer(200, "{}");
        if n == 0 {
            let stream = peer.0.get_ref();
            stream.shutdown(std::net::Shutdown::Both).expect("to close");
        }
        sender.send(n).expect("a test");
    });
    let http = http();
    for n in 0..2 {
        let body = Body::Bytes(b"{}".to_vec());
        http.send(post(address, body)).expect("an answer");
        assert_eq!(next(&receiver), n);
    }
    // Each connection saw one request.
    assert!(receiver.try_recv().is_err());
}

#[test]
fn what_nobody_asked_for_ends_a_connection() {
    let (sender, receiver) = mpsc::channel();
    let address = server(2, move |n, peer| {
        peer.request();
        peer.answer(200, "{}");
        peer.say("HTTP/1.1 200 Smuggled\r\ncontent-length: 4\r\n\r\nevil");
        sender.send(n).expect("a test");
    });
    let http = http();
    for n in 0..2 {
        let answer = http.send(get(address)).expect("an answer");
        assert_eq!(answer.body(), b"{}");
        assert_eq!(next(&receiver), n);
    }
}

#[test]
fn who_must_not_fail_by_age_still_takes_a_young_connection() {
    let address = server(1, |_, peer| {
        for _ in 0..3 {
            peer.request();
            peer.answer(200, "{}");
        }
    });
    let http = http();
    for _ in 0..3 {
        let request = post(address, Body::Bytes(b"{}".to_vec()));
        http.send(with(request, FreshConnection)).expect("ok");
    }
}
