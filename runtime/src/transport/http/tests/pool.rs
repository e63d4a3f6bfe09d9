//! Pooled connections.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;

use super::super::resolve::DnsLookup;
use super::{builder, get, http, next, post, request, server, with};
use crate::transport::{Body, Limits, Transport as _};

#[test]
fn host_is_looked_up_once_per_connection() {
    let address = server(|_, peer| {
        for last in [false, false, true] {
            peer.read_request();
            let connection = if last { "close" } else { "keep-alive" };
            peer.send(format!(
                "HTTP/1.1 200 OK\r\nconnection: {connection}\r\ncontent-length: 2\r\n\r\n{{}}"
            ));
        }
    });
    let count = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&count);
    let lookup = DnsLookup::new(move |_, port| {
        counted.fetch_add(1, Ordering::Relaxed);
        Ok(vec![SocketAddr::from(([127, 0, 0, 1], port))])
    });
    let http = builder().lookup(lookup).build().expect("valid settings");
    let url = format!("http://example.test:{}/", address.port());
    for call in 0..6 {
        http.send(request("GET", &url, Body::Empty))
            .expect("a response");
        assert_eq!(count.load(Ordering::Relaxed), 1 + call / 3);
    }
}

#[test]
fn closed_connection_is_not_reused() {
    let (sender, receiver) = mpsc::channel();
    let address = server(move |n, peer| {
        peer.read_request();
        peer.respond(200, "{}");
        if n == 0 {
            peer.0.shut_down_write().expect("an open connection");
        }
        sender.send(n).expect("a receiver");
    });
    let http = http();
    for n in 0..2 {
        let body = Body::Bytes(b"{}".to_vec());
        http.send(post(address, body)).expect("a response");
        assert_eq!(next(&receiver), n);
    }
    // Each connection was used for one request.
    assert!(receiver.try_recv().is_err());
}

#[test]
fn connection_with_unrequested_data_is_not_reused() {
    let (sender, receiver) = mpsc::channel();
    let address = server(move |n, peer| {
        peer.read_request();
        peer.respond(200, "{}");
        peer.send("HTTP/1.1 200 Smuggled\r\ncontent-length: 4\r\n\r\nevil");
        sender.send(n).expect("a receiver");
    });
    let http = http();
    for n in 0..2 {
        let response = http.send(get(address)).expect("a response");
        assert_eq!(response.body(), b"{}");
        assert_eq!(next(&receiver), n);
    }
}

#[test]
fn fresh_connection_may_be_a_pooled_one() {
    let address = server(|_, peer| {
        for _ in 0..3 {
            peer.read_request();
            peer.respond(200, "{}");
        }
    });
    let http = http();
    for _ in 0..3 {
        let call = post(address, Body::Bytes(b"{}".to_vec()));
        let limits = Limits {
            fresh_connection: true,
            ..Limits::default()
        };
        http.send(with(call, limits)).expect("a response");
    }
}
