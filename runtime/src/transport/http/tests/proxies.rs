//! Ways to the server that are not straight.

use std::io::Read as _;
use std::net::SocketAddr;
use std::sync::mpsc;
use std::time::{Duration, Instant};

use super::super::lookup::Lookup;
use super::super::{Http, Proxy, Timeouts};
use super::{Body, Peer, failure, next, request, server, soon, with};
use crate::delivery::Delivery;
use crate::error::ErrorKind;
use crate::transport::{Deadline, Fault, Transport as _};

/// A transport that knows the hosts here only.
fn through(scheme: &str, proxy: SocketAddr) -> Http {
    let proxy = format!("{scheme}://user:pass@proxy.test:{}", proxy.port());
    let lookup = Lookup::new(|host, port| match host {
        "proxy.test" => Ok(vec![SocketAddr::from(([127, 0, 0, 1], port))]),
        "local.test" => Ok(vec![SocketAddr::from(([192, 0, 2, 7], port))]),
        _ => Err(std::io::Error::other("unknown here")),
    });
    Http::builder()
        .proxy(Proxy::Url(proxy))
        .lookup(lookup)
        .timeouts(Timeouts {
            response: Some(Duration::from_secs(10)),
            ..Timeouts::default()
        })
        .build()
        .expect("good settings")
}

#[test]
fn http_proxies_tunnel() {
    let (sender, receiver) = mpsc::channel();
    let address = server(1, move |_, peer| {
        sender.send(peer.piece()).expect("a test");
        peer.say("HTTP/1.1 200 Connected\r\n\r\n");
        for _ in 0..2 {
            sender.send(peer.piece()).expect("a test");
            peer.answer(200, "{}");
        }
    });
    let http = through("http", address);
    for _ in 0..2 {
        let body = Body::Bytes(b"{}".to_vec());
        let answer = http.send(request("POST", "http://server.test/path", body));
        assert_eq!(answer.expect("an answer").status(), 200);
    }
    let piece = next(&receiver);
    assert!(
        piece.starts_with("CONNECT server.test:80 HTTP/1.1\r\n"),
        "{piece}"
    );
    assert!(piece.contains("Proxy-Authorization: Basic "), "{piece}");
    assert!(piece.ends_with("\r\n\r\n"), "{piece}");
    for _ in 0..2 {
        let piece = next(&receiver);
        assert!(piece.starts_with("POST /path HTTP/1.1\r\n"), "{piece}");
        assert!(piece.ends_with("\r\n\r\n{}"), "{piece}");
    }
}

#[test]
fn what_a_proxy_hears_is_not_the_request() {
    for answer in ["HTTP/1.1 407 Who are you\r\n\r\n", "nonsense\r\n\r\n", ""] {
        let address = server(1, move |_, peer| {
            peer.head();
            peer.say(answer);
        });
        let error = failure(through("http", address).send(request(
            "GET",
            "http://server.test/",
            Body::Empty,
        )));
        assert_eq!(
            (error.delivery, error.fault),
            (Delivery::NotProcessed, Fault::Connect)
        );
    }
}

#[test]
fn a_deadline_covers_the_proxy() {
    let address = server(1, |_, peer| peer.wait_for_end());
    let deadline = Deadline(Instant::now() + Duration::from_millis(100));
    let error = soon(move || {
        let get = with(request("GET", "http://server.test/", Body::Empty), deadline);
        failure(through("http", address).send(get))
    });
    assert_eq!(
        (error.delivery, error.fault),
        (Delivery::NotProcessed, Fault::Timeout)
    );
    assert_eq!(
        error.message,
        "the deadline passed while the connection was made"
    );
}

#[test]
fn socks_proxies_are_told_the_host() {
    let (sender, receiver) = mpsc::channel();
    let address = server(1, move |_, peer| {
        sender.send(socks(peer)).expect("a test");
        for _ in 0..2 {
            peer.request();
            peer.answer(200, "{}");
        }
        peer.head();
    });
    let http = through("socks5h", address);
    for _ in 0..2 {
        let answer = http.send(request("GET", "http://server.test/", Body::Empty));
        assert_eq!(answer.expect("an answer").status(), 200);
    }
    let error = failure(http.send(request("GET", "http://server.test/", Body::Empty)));
    assert_eq!(
        (error.delivery, error.fault),
        (Delivery::Unknown, Fault::Connection)
    );
    assert_eq!(next(&receiver), b"\x03\x0bserver.test\0\x50");
}

#[test]
fn socks_proxies_are_told_the_address() {
    let (sender, receiver) = mpsc::channel();
    let address = server(1, move |_, peer| {
        sender.send(socks(peer)).expect("a test");
        peer.head();
        peer.wait_for_end();
    });
    let deadline = Deadline(Instant::now() + Duration::from_millis(500));
    let error = soon(move || {
        let get = with(request("GET", "http://local.test/", Body::Empty), deadline);
        failure(through("socks5", address).send(get))
    });
    assert_eq!(
        (error.delivery, error.fault),
        (Delivery::Unknown, Fault::Timeout)
    );
    assert_eq!(next(&receiver), [1, 192, 0, 2, 7, 0, 80]);
}

/// Lets a client through that shows name and password; tells where it wants to go.
fn socks(peer: &mut Peer) -> Vec<u8> {
    let mut read = |length| {
        let mut bytes = vec![0; length];
        peer.0.read_exact(&mut bytes).expect("a message");
        bytes
    };
    assert_eq!(read(4), [5, 2, 2, 0]);
    peer.say([5, 2]);
    let mut read = |length| {
        let mut bytes = vec![0; length];
        peer.0.read_exact(&mut bytes).expect("a message");
        bytes
    };
    assert_eq!(read(11), b"\x01\x04user\x04pass");
    peer.say([1, 0]);
    let mut head = [0; 5];
    peer.0.read_exact(&mut head).expect("a message");
    let rest = match head[3] {
        1 => 5,
        _ => usize::from(head[4]) + 2,
    };
    let mut place = head[3..].to_vec();
    let mut bytes = vec![0; rest];
    peer.0.read_exact(&mut bytes).expect("a message");
    place.extend(bytes);
    peer.say([5, 0, 0, 1, 0, 0, 0, 0, 0, 0]);
    place
}

#[test]
fn a_bad_proxy_is_told_without_its_password() {
    let builder = Http::builder().proxy(Proxy::Url("gopher://user:secret@proxy".into()));
    assert!(!format!("{builder:?}").contains("secret"));
    let error = builder.build().expect_err("no such proxies");
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
    assert!(!format!("{error:?}").contains("secret"));
}

#[test]
fn a_bad_user_agent_is_told() {
    let error = Http::builder().user_agent("two\nlines").build();
    assert_eq!(
        error.expect_err("no header").kind(),
        ErrorKind::InvalidInput
    );
}
