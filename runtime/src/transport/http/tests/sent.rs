//! Whether a failed request left.

use std::io::{self, Read};
use std::net::TcpListener;
use std::sync::mpsc;
use std::time::Duration;

use super::super::Timeouts;
use super::super::lookup::Lookup;
use super::{builder, failure, get, http, post, request, server, soon};
use crate::delivery::Delivery;
use crate::transport::{Body, Fault, Transport as _};

#[test]
fn a_refused_connection_sends_nothing() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = listener.local_addr().expect("an address");
    drop(listener);
    let error = failure(http().send(get(address)));
    assert_eq!(
        (error.delivery, error.fault),
        (Delivery::NotProcessed, Fault::Connect)
    );
}

#[test]
fn an_unknown_host_is_named() {
    let lookup = Lookup::new(|_, _| Err(io::Error::other("nobody knows")));
    let http = builder().lookup(lookup).build().expect("good settings");
    let error = failure(http.send(request("GET", "http://example.test/", Body::Empty)));
    assert_eq!(
        (error.delivery, error.fault),
        (Delivery::NotProcessed, Fault::Connect)
    );
    assert_eq!(
        error.message,
        "the host example.test cannot be found: nobody knows"
    );
}

#[test]
fn the_system_is_asked_for_hosts() {
    // No name has parts of more than 63 letters, so no other machine needs to be asked.
    let host = "a".repeat(64);
    let url = format!("http://{host}.invalid/");
    let error = failure(http().send(request("GET", &url, Body::Empty)));
    assert_eq!(
        (error.delivery, error.fault),
        (Delivery::NotProcessed, Fault::Connect)
    );
    assert!(error.message.contains(&host), "{}", error.message);
}

#[test]
fn the_time_to_connect_covers_the_look_up() {
    let (_open, never) = mpsc::channel::<()>();
    let never = std::sync::Mutex::new(never);
    let lookup = Lookup::new(move |_, _| {
        never.lock().expect("one at a time").recv().ok();
        Err(io::Error::other("too late"))
    });
    let timeouts = Timeouts {
        connect: Some(Duration::from_millis(30)),
        ..Timeouts::default()
    };
    let http = builder().lookup(lookup).timeouts(timeouts);
    let http = http.build().expect("good settings");
    let error =
        soon(move || failure(http.send(request("GET", "http://example.test/", Body::Empty))));
    assert_eq!(
        (error.delivery, error.fault),
        (Delivery::NotProcessed, Fault::Timeout)
    );
    assert_eq!(error.message, "no connection in time");
}

#[test]
fn a_connection_that_fails_after_the_request_leaves_doubt() {
    let address = server(1, |_, peer| {
        peer.head();
    });
    let error = failure(http().send(get(address)));
    assert_eq!(
        (error.delivery, error.fault),
        (Delivery::Unknown, Fault::Connection)
    );
}

#[test]
fn a_reset_leaves_doubt() {
    // What is not read when a connection is closed makes the system reset it.
    let address = server(1, |_, peer| {
        let mut one = [0];
        peer.0.get_mut().read_exact(&mut one).expect("a byte");
    });
    let error = failure(http().send(post(address, Body::Bytes(vec![0; 1000]))));
    assert_eq!(
        (error.delivery, error.fault),
        (Delivery::Unknown, Fault::Connection)
    );
}

#[test]
fn a_body_that_cannot_be_read_at_all_keeps_the_head_back() {
    let address = server(1, |_, peer| peer.wait_for_end());
    let reader = Box::new(Failing);
    let body = Body::Stream { length: 9, reader };
    let error = failure(http().send(post(address, body)));
    assert_eq!(
        (error.delivery, error.fault),
        (Delivery::NotProcessed, Fault::Request)
    );
    assert_eq!(error.message, "the disk is on fire");
}

#[test]
fn a_short_body_is_told() {
    let address = server(1, |_, peer| peer.wait_for_end());
    let error = soon(move || {
        let reader = Box::new(io::repeat(0).take(1 << 20));
        let length = (1 << 20) + 1;
        failure(http().send(post(address, Body::Stream { length, reader })))
    });
    assert_eq!(
        (error.delivery, error.fault),
        (Delivery::Unknown, Fault::Request)
    );
    assert_eq!(error.message, "the body is shorter than was said");
}

#[test]
fn what_cannot_be_sent_is_not() {
    for url in ["/relative", "ftp://example.test/"] {
        let error = failure(http().send(request("GET", url, Body::Empty)));
        assert_eq!(
            (error.delivery, error.fault),
            (Delivery::NotProcessed, Fault::Request),
            "{url}"
        );
    }
}

#[cfg(not(feature = "_tls"))]
#[test]
fn https_needs_a_feature() {
    let error = failure(http().send(request("GET", "https://127.0.0.1:1/", Body::Empty)));
    assert_eq!(
        (error.delivery, error.fault),
        (Delivery::NotProcessed, Fault::Request)
    );
    assert_eq!(error.message, "https needs a feature for TLS, as `rustls`");
}

struct Failing;

impl Read for Failing {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        Err(io::Error::other("the disk is on fire"))
    }
}
