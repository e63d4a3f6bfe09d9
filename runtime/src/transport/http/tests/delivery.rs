//! Delivery of failed requests.

use std::io::{self, Read};
use std::sync::mpsc;
use std::time::Duration;

use super::super::resolve::DnsLookup;
use super::{builder, error_of, get, http, in_time, post, request, server};
use crate::delivery::Delivery;
use crate::transport::{Body, Timeouts, Transport as _, TransportErrorKind};

#[test]
fn nothing_is_sent_if_the_connection_is_refused() {
    let port = test_server::ClosedPort::new();
    let error = error_of(http().send(get(port.address())));
    assert_eq!(
        (error.delivery, error.kind),
        (Delivery::NotProcessed, TransportErrorKind::Connect)
    );
}

#[test]
fn error_names_an_unknown_host() {
    let lookup = DnsLookup::new(|_, _| Err(io::Error::other("no such host")));
    let http = builder().lookup(lookup).build().expect("valid settings");
    let error = error_of(http.send(request("GET", "http://example.test/", Body::Empty)));
    assert_eq!(
        (error.delivery, error.kind),
        (Delivery::NotProcessed, TransportErrorKind::Connect)
    );
    assert_eq!(
        error.message,
        "the host example.test cannot be found: no such host"
    );
}

#[test]
fn default_lookup_is_that_of_the_operating_system() {
    // The label is longer than the maximum of 63 letters, so no DNS server is queried.
    let host = "a".repeat(64);
    let url = format!("http://{host}.invalid/");
    let error = error_of(http().send(request("GET", &url, Body::Empty)));
    assert_eq!(
        (error.delivery, error.kind),
        (Delivery::NotProcessed, TransportErrorKind::Connect)
    );
    assert!(error.message.contains(&host), "{}", error.message);
}

#[test]
fn connect_timeout_applies_to_the_lookup() {
    let (_open, never) = mpsc::channel::<()>();
    let never = std::sync::Mutex::new(never);
    let lookup = DnsLookup::new(move |_, _| {
        never.lock().expect("a lock").recv().ok();
        Err(io::Error::other("too late"))
    });
    let timeouts = Timeouts {
        connect: Some(Duration::from_millis(30)),
        ..Timeouts::default()
    };
    let http = builder().lookup(lookup).timeouts(timeouts);
    let http = http.build().expect("valid settings");
    let error =
        in_time(move || error_of(http.send(request("GET", "http://example.test/", Body::Empty))));
    assert_eq!(
        (error.delivery, error.kind),
        (Delivery::NotProcessed, TransportErrorKind::Timeout)
    );
    assert_eq!(error.message, "timed out while connecting");
}

#[test]
fn delivery_is_unknown_if_the_connection_is_closed_after_the_request() {
    let address = server(|_, peer| {
        peer.read_head();
    });
    let error = error_of(http().send(get(address)));
    assert_eq!(
        (error.delivery, error.kind),
        (Delivery::Unknown, TransportErrorKind::Connection)
    );
}

#[test]
fn delivery_is_unknown_after_a_reset() {
    // Closing a socket with unread data resets the connection.
    let address = server(|_, peer| {
        let mut one = [0];
        peer.0.read_exact(&mut one).expect("a byte");
    });
    let error = error_of(http().send(post(address, Body::Bytes(vec![0; 1000]))));
    assert_eq!(
        (error.delivery, error.kind),
        (Delivery::Unknown, TransportErrorKind::Connection)
    );
}

#[test]
fn nothing_is_sent_if_the_body_cannot_be_read() {
    let address = server(|_, peer| peer.wait_for_close());
    let reader = Box::new(Failing);
    let body = Body::Stream { length: 9, reader };
    let error = error_of(http().send(post(address, body)));
    assert_eq!(
        (error.delivery, error.kind),
        (Delivery::NotProcessed, TransportErrorKind::InvalidRequest)
    );
    assert_eq!(error.message, "disk error");
}

#[test]
fn body_shorter_than_its_length_is_an_error() {
    let address = server(|_, peer| peer.wait_for_close());
    let error = in_time(move || {
        let reader = Box::new(io::repeat(0).take(1 << 20));
        let length = (1 << 20) + 1;
        error_of(http().send(post(address, Body::Stream { length, reader })))
    });
    assert_eq!(
        (error.delivery, error.kind),
        (Delivery::Unknown, TransportErrorKind::InvalidRequest)
    );
    assert_eq!(
        error.message,
        "the body is shorter than its declared length"
    );
}

#[test]
fn nothing_is_sent_if_the_url_is_invalid() {
    for url in ["/relative", "ftp://example.test/"] {
        let error = error_of(http().send(request("GET", url, Body::Empty)));
        assert_eq!(
            (error.delivery, error.kind),
            (Delivery::NotProcessed, TransportErrorKind::InvalidRequest),
            "{url}"
        );
    }
}

#[cfg(not(feature = "_tls"))]
#[test]
fn https_requires_a_feature() {
    let error = error_of(http().send(request("GET", "https://127.0.0.1:1/", Body::Empty)));
    assert_eq!(
        (error.delivery, error.kind),
        (Delivery::NotProcessed, TransportErrorKind::InvalidRequest)
    );
    assert_eq!(error.message, "https requires a TLS feature, e.g. `rustls`");
}

struct Failing;

impl Read for Failing {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        Err(io::Error::other("disk error"))
    }
}
