//! Proxies.

use std::io::Read as _;
use std::net::SocketAddr;
use std::sync::mpsc;
use std::time::Duration;

use super::super::resolve::DnsLookup;
use super::{Peer, deadline, error_of, in_time, next, request, server, with};
use crate::delivery::Delivery;
use crate::error::ErrorKind;
use crate::transport::{Body, Http, Proxy, Timeouts, Transport as _, TransportErrorKind};

/// Creates a transport with a proxy, and a DNS lookup for the hosts of these tests.
fn through(scheme: &str, proxy: SocketAddr) -> Http {
    let proxy = format!("{scheme}://user:pass@proxy.test:{}", proxy.port());
    let lookup = DnsLookup::new(|host, port| match host {
        "proxy.test" => Ok(vec![SocketAddr::from(([127, 0, 0, 1], port))]),
        "local.test" => Ok(vec![SocketAddr::from(([192, 0, 2, 7], port))]),
        _ => Err(std::io::Error::other("unknown host")),
    });
    Http::builder()
        .proxy(Proxy::Url(proxy))
        .lookup(lookup)
        .timeouts(Timeouts {
            response: Some(Duration::from_secs(10)),
            ..Timeouts::default()
        })
        .build()
        .expect("valid settings")
}

#[test]
fn http_proxy_is_used_as_a_tunnel() {
    let (sender, receiver) = mpsc::channel();
    let address = server(move |_, peer| {
        sender.send(peer.read_packet()).expect("a receiver");
        peer.send("HTTP/1.1 200 Connected\r\n\r\n");
        for _ in 0..2 {
            sender.send(peer.read_packet()).expect("a receiver");
            peer.respond(200, "{}");
        }
    });
    let http = through("http", address);
    for _ in 0..2 {
        let body = Body::Bytes(b"{}".to_vec());
        let response = http.send(request("POST", "http://server.test/path", body));
        assert_eq!(response.expect("a response").status(), 200);
    }
    let packet = next(&receiver);
    assert!(
        packet.starts_with("CONNECT server.test:80 HTTP/1.1\r\n"),
        "{packet}"
    );
    assert!(packet.contains("Proxy-Authorization: Basic "), "{packet}");
    assert!(packet.ends_with("\r\n\r\n"), "{packet}");
    for _ in 0..2 {
        let packet = next(&receiver);
        assert!(packet.starts_with("POST /path HTTP/1.1\r\n"), "{packet}");
        assert!(packet.ends_with("\r\n\r\n{}"), "{packet}");
    }
}

#[test]
fn request_is_not_sent_to_a_proxy_that_rejects_the_tunnel() {
    for response in [
        "HTTP/1.1 407 Proxy Authentication Required\r\n\r\n",
        "invalid\r\n\r\n",
        "",
    ] {
        let address = server(move |_, peer| {
            peer.read_head();
            peer.send(response);
        });
        let error = error_of(through("http", address).send(request(
            "GET",
            "http://server.test/",
            Body::Empty,
        )));
        assert_eq!(
            (error.delivery, error.kind),
            (Delivery::NotProcessed, TransportErrorKind::Connect)
        );
    }
}

#[test]
fn deadline_applies_to_the_proxy() {
    let address = server(|_, peer| peer.wait_for_close());
    let limits = deadline(Duration::from_millis(100));
    let error = in_time(move || {
        let get = with(request("GET", "http://server.test/", Body::Empty), limits);
        error_of(through("http", address).send(get))
    });
    assert_eq!(
        (error.delivery, error.kind),
        (Delivery::NotProcessed, TransportErrorKind::Timeout)
    );
    assert_eq!(error.message, "the deadline passed while connecting");
}

#[test]
fn socks5h_proxy_gets_the_host_name() {
    let (sender, receiver) = mpsc::channel();
    let address = server(move |_, peer| {
        sender.send(accept_socks(peer)).expect("a receiver");
        for _ in 0..2 {
            peer.read_request();
            peer.respond(200, "{}");
        }
        peer.read_head();
    });
    let http = through("socks5h", address);
    for _ in 0..2 {
        let response = http.send(request("GET", "http://server.test/", Body::Empty));
        assert_eq!(response.expect("a response").status(), 200);
    }
    let error = error_of(http.send(request("GET", "http://server.test/", Body::Empty)));
    assert_eq!(
        (error.delivery, error.kind),
        (Delivery::Unknown, TransportErrorKind::Connection)
    );
    assert_eq!(next(&receiver), b"\x03\x0bserver.test\0\x50");
}

#[test]
fn socks5_proxy_gets_the_ip_address() {
    let (sender, receiver) = mpsc::channel();
    let address = server(move |_, peer| {
        sender.send(accept_socks(peer)).expect("a receiver");
        peer.read_head();
        peer.wait_for_close();
    });
    let limits = deadline(Duration::from_millis(500));
    let error = in_time(move || {
        let get = with(request("GET", "http://local.test/", Body::Empty), limits);
        error_of(through("socks5", address).send(get))
    });
    assert_eq!(
        (error.delivery, error.kind),
        (Delivery::Unknown, TransportErrorKind::Timeout)
    );
    assert_eq!(next(&receiver), [1, 192, 0, 2, 7, 0, 80]);
}

/// Accepts a client with user name and password, and returns the requested target.
fn accept_socks(peer: &mut Peer) -> Vec<u8> {
    let mut read = |length| {
        let mut bytes = vec![0; length];
        peer.0.read_exact(&mut bytes).expect("a message");
        bytes
    };
    assert_eq!(read(4), [5, 2, 2, 0]);
    peer.send([5, 2]);
    let mut read = |length| {
        let mut bytes = vec![0; length];
        peer.0.read_exact(&mut bytes).expect("a message");
        bytes
    };
    assert_eq!(read(11), b"\x01\x04user\x04pass");
    peer.send([1, 0]);
    let mut head = [0; 5];
    peer.0.read_exact(&mut head).expect("a message");
    let rest = match head[3] {
        1 => 5,
        _ => usize::from(head[4]) + 2,
    };
    let mut target = head[3..].to_vec();
    let mut bytes = vec![0; rest];
    peer.0.read_exact(&mut bytes).expect("a message");
    target.extend(bytes);
    peer.send([5, 0, 0, 1, 0, 0, 0, 0, 0, 0]);
    target
}

#[test]
fn error_of_an_invalid_proxy_does_not_show_its_password() {
    let builder = Http::builder().proxy(Proxy::Url("gopher://user:secret@proxy".into()));
    assert!(!format!("{builder:?}").contains("secret"));
    let error = builder.build().expect_err("an invalid proxy");
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
    assert!(!format!("{error:?}").contains("secret"));
}

#[test]
fn invalid_user_agent_is_an_error() {
    let error = Http::builder().user_agent("two\nlines").build();
    assert_eq!(
        error.expect_err("an invalid header").kind(),
        ErrorKind::InvalidInput
    );
}
