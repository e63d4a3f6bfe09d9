//! Deadlines, timeouts and interrupts.

use std::io::{self, Read as _};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use super::super::resolve::DnsLookup;
use super::{
    Peer, builder, deadline, error_of, get, http, in_time, interruptible, post, request, server,
    with, zeros,
};
use crate::client::Client;
use crate::clock::Interrupt;
use crate::codec::encode;
use crate::delivery::Delivery;
use crate::error::ErrorKind;
use crate::operation::Operation;
use crate::transport::{
    Body, HttpBuilder, Limits, Proxy, Timeouts, Transport as _, TransportError, TransportErrorKind,
};

fn short_deadline() -> Limits {
    deadline(Duration::from_millis(100))
}

/// Sends single bytes until the connection is closed.
fn drip(peer: &mut Peer) {
    // Fails when the client closes the connection.
    let _ = peer
        .0
        .send_slowly(std::iter::repeat(&b'x'), Duration::from_millis(5));
}

#[test]
fn deadline_applies_to_a_dripping_response() {
    for (start, text) in [
        (
            "HTTP/1.1 200 OK\r\nname: ",
            "the deadline passed while waiting for the response",
        ),
        (
            "HTTP/1.1 200 OK\r\ncontent-length: 1000000\r\n\r\n",
            "the deadline passed while reading the response",
        ),
    ] {
        let address = server(move |_, peer| {
            peer.read_head();
            peer.send(start);
            drip(peer);
        });
        let error = in_time(move || error_of(http().send(with(get(address), short_deadline()))));
        assert_eq!(
            (error.delivery, error.kind),
            (Delivery::Unknown, TransportErrorKind::Timeout)
        );
        assert_eq!(error.message, text);
    }
}

#[test]
fn deadline_applies_to_a_silent_server() {
    let address = server(|_, peer| peer.wait_for_close());
    let error = in_time(move || error_of(http().send(with(get(address), short_deadline()))));
    assert_eq!(
        (error.delivery, error.kind),
        (Delivery::Unknown, TransportErrorKind::Timeout)
    );
    assert_eq!(
        error.message,
        "the deadline passed while waiting for the response"
    );
}

#[test]
fn deadline_applies_to_an_upload() {
    let (_open, never) = mpsc::channel::<()>();
    let address = server(move |_, _peer| {
        never.recv().ok();
    });
    let error = in_time(move || {
        error_of(http().send(with(post(address, zeros(1 << 40)), short_deadline())))
    });
    assert_eq!(
        (error.delivery, error.kind),
        (Delivery::Unknown, TransportErrorKind::Timeout)
    );
    assert_eq!(
        error.message,
        "the deadline passed while sending the request"
    );
}

#[test]
fn nothing_is_sent_after_the_deadline() {
    let request = request("GET", "http://127.0.0.1:1/", Body::Empty);
    let error = error_of(http().send(with(request, deadline(Duration::ZERO))));
    assert_eq!(
        (error.delivery, error.kind),
        (Delivery::NotProcessed, TransportErrorKind::Timeout)
    );
    assert_eq!(
        error.message,
        "the deadline passed before the request was sent"
    );
}

#[test]
fn distant_deadline_has_no_effect() {
    let address = server(|_, peer| {
        peer.read_request();
        peer.respond(200, "{}");
    });
    let far = deadline(Duration::from_secs(3600));
    http().send(with(get(address), far)).expect("a response");
}

#[test]
fn each_phase_has_a_timeout() {
    let silent = Timeouts {
        response: Some(Duration::from_millis(50)),
        ..Timeouts::default()
    };
    let still = Timeouts {
        idle: Some(Duration::from_millis(50)),
        ..Timeouts::default()
    };
    for (timeouts, start, text) in [
        (silent, "", "timed out while waiting for the response"),
        (
            silent,
            "HTTP/1.1 200 OK\r\n",
            "timed out while waiting for the response",
        ),
        (
            still,
            "HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n12345",
            "the connection made no progress while reading the response",
        ),
    ] {
        let address = server(move |_, peer| {
            peer.read_head();
            peer.send(start);
            peer.wait_for_close();
        });
        let http = builder()
            .timeouts(timeouts)
            .build()
            .expect("valid settings");
        let error = in_time(move || error_of(http.send(get(address))));
        assert_eq!(
            (error.delivery, error.kind),
            (Delivery::Unknown, TransportErrorKind::Timeout)
        );
        assert_eq!(error.message, text);
    }
}

#[test]
fn idle_timeout_does_not_apply_to_a_slow_response() {
    let timeouts = Timeouts {
        idle: Some(Duration::from_millis(20)),
        ..Timeouts::default()
    };
    let address = server(|_, peer| {
        peer.read_head();
        thread::sleep(Duration::from_millis(200));
        peer.respond(200, "{}");
    });
    let http = builder()
        .timeouts(timeouts)
        .build()
        .expect("valid settings");
    http.send(get(address)).expect("a response");
}

#[test]
fn interrupt_cancels_waiting_for_the_response() {
    let interrupt = Interrupt::new();
    let handle = interrupt.clone();
    let address = server(move |_, peer| {
        peer.read_head();
        handle.raise();
        peer.wait_for_close();
    });
    let start = Instant::now();
    let error =
        in_time(move || error_of(http().send(with(get(address), interruptible(interrupt)))));
    assert_eq!(
        (error.delivery, error.kind),
        (Delivery::Unknown, TransportErrorKind::Interrupted)
    );
    assert_eq!(error.message, "interrupted while waiting for the response");
    assert!(start.elapsed() < Duration::from_secs(5));
}

#[test]
fn interrupt_cancels_an_upload() {
    let interrupt = Interrupt::new();
    let handle = interrupt.clone();
    let (_open, never) = mpsc::channel::<()>();
    let address = server(move |_, peer| {
        let mut one = [0];
        peer.0.read_exact(&mut one).expect("a byte");
        handle.raise();
        never.recv().ok();
    });
    let error = in_time(move || {
        error_of(http().send(with(
            post(address, zeros(1 << 40)),
            interruptible(interrupt),
        )))
    });
    assert_eq!(
        (error.delivery, error.kind),
        (Delivery::Unknown, TransportErrorKind::Interrupted)
    );
}

/// Creates a lookup that blocks until the sender is dropped.
fn blocking_lookup(at_start: impl Fn() + Send + Sync + 'static) -> (DnsLookup, mpsc::Sender<()>) {
    let (open, never) = mpsc::channel();
    let never = std::sync::Mutex::new(never);
    let lookup = DnsLookup::new(move |_, _| {
        at_start();
        never.lock().expect("a lock").recv().ok();
        Err(io::Error::other("too late"))
    });
    (lookup, open)
}

/// Returns the error of a request to a host name.
fn error_by_name(builder: HttpBuilder, lookup: DnsLookup, limits: Limits) -> TransportError {
    let http = builder.lookup(lookup).build().expect("valid settings");
    in_time(move || {
        let get = request("GET", "http://example.test/", Body::Empty);
        error_of(http.send(with(get, limits)))
    })
}

#[test]
fn interrupt_cancels_a_lookup() {
    let interrupt = Interrupt::new();
    let handle = interrupt.clone();
    let (lookup, _open) = blocking_lookup(move || handle.raise());
    let error = error_by_name(builder(), lookup, interruptible(interrupt));
    assert_eq!(
        (error.delivery, error.kind),
        (Delivery::NotProcessed, TransportErrorKind::Interrupted)
    );
    assert_eq!(error.message, "interrupted while connecting");
}

#[test]
fn deadline_applies_to_a_lookup() {
    let no_connect_timeout = Timeouts {
        connect: None,
        ..Timeouts::default()
    };
    let proxy = |scheme: &str| Proxy::Url(format!("{scheme}://proxy.test:1"));
    for proxy in [Proxy::None, proxy("http"), proxy("socks5")] {
        let (lookup, _open) = blocking_lookup(|| {});
        let builder = builder().timeouts(no_connect_timeout).proxy(proxy);
        let error = error_by_name(builder, lookup, short_deadline());
        assert_eq!(
            (error.delivery, error.kind),
            (Delivery::NotProcessed, TransportErrorKind::Timeout)
        );
        assert_eq!(error.message, "the deadline passed while connecting");
    }
}

static SHOW: Operation = Operation {
    name: "time.show",
    path: "/time",
    ..Operation::DEFAULT
};

struct Show;

impl encode::Request for Show {}

#[test]
fn timeout_of_a_call_applies_to_a_lookup() {
    let (lookup, _open) = blocking_lookup(|| {});
    let http = builder().lookup(lookup).build().expect("valid settings");
    let client = Client::builder("https://example.test")
        .transport(http)
        .timeout(Duration::from_millis(100));
    let client = client.build().expect("a client");
    let error = in_time(move || client.send(&SHOW, &Show).expect_err("no address"));
    assert_eq!(error.kind(), ErrorKind::Connect, "{error}");
    assert!(!error.may_have_been_processed(), "{error}");
    assert!(error.to_string().contains("the deadline passed"), "{error}");
}

#[test]
fn nothing_is_sent_after_an_interrupt() {
    let interrupt = Interrupt::new();
    interrupt.raise();
    let request = request("GET", "http://127.0.0.1:1/", Body::Empty);
    let error = error_of(http().send(with(request, interruptible(interrupt))));
    assert_eq!(
        (error.delivery, error.kind),
        (Delivery::NotProcessed, TransportErrorKind::Interrupted)
    );
}

/// Limits with a grace, and an interrupt that was raised some time ago.
fn with_grace(grace: Duration, interrupt: Interrupt) -> Limits {
    Limits {
        grace,
        ..interruptible(interrupt)
    }
}

#[test]
fn response_is_awaited_within_the_grace() {
    for has_deadline in [false, true] {
        let interrupt = Interrupt::new();
        let handle = interrupt.clone();
        let (reached, received) = mpsc::channel();
        let address = server(move |_, peer| {
            peer.read_request();
            if has_deadline {
                // The deadline of the client passes in the meantime.
                thread::sleep(Duration::from_millis(200));
            } else {
                handle.raise();
                // Longer than the interval of the checks.
                thread::sleep(Duration::from_millis(120));
            }
            reached.send(()).expect("a client");
            peer.respond(200, "{}");
        });
        let mut limits = with_grace(Duration::from_secs(600), interrupt);
        limits.deadline = has_deadline.then(|| Instant::now() + Duration::from_millis(100));
        let response = in_time(move || {
            let body = Body::Bytes(b"{}".to_vec());
            http()
                .send(with(post(address, body), limits))
                .expect("a response")
        });
        assert_eq!(response.body(), b"{}");
        received.try_recv().expect("a late response");
    }
}

#[test]
fn request_is_abandoned_after_the_grace() {
    let interrupt = Interrupt::new();
    let handle = interrupt.clone();
    let address = server(move |_, peer| {
        peer.read_request();
        handle.raise();
        peer.wait_for_close();
    });
    let limits = with_grace(Duration::from_millis(200), interrupt.clone());
    let start = Instant::now();
    let error = in_time(move || {
        let body = Body::Bytes(b"{}".to_vec());
        error_of(http().send(with(post(address, body), limits)))
    });
    assert_eq!(
        (error.delivery, error.kind),
        (Delivery::Unknown, TransportErrorKind::Interrupted)
    );
    let raised_at = interrupt.raised_at().expect("a raised interrupt");
    assert!(raised_at.elapsed() >= Duration::from_millis(200));
    assert!(start.elapsed() < Duration::from_secs(15));
}

#[test]
fn grace_does_not_apply_before_a_byte_is_sent() {
    let interrupt = Interrupt::new();
    let handle = interrupt.clone();
    let (lookup, _open) = blocking_lookup(move || handle.raise());
    let limits = with_grace(Duration::from_secs(600), interrupt);
    let error = error_by_name(builder(), lookup, limits);
    assert_eq!(
        (error.delivery, error.kind),
        (Delivery::NotProcessed, TransportErrorKind::Interrupted)
    );
}

#[test]
fn deadline_of_another_clock_is_converted() {
    // The clock of the client is an hour ahead or behind.
    let hour = Duration::from_secs(3600);
    let now = Instant::now();
    for other in [now + hour, now.checked_sub(hour).expect("an earlier time")] {
        let limits = Limits {
            now: Some(other),
            deadline: Some(other + Duration::from_millis(100)),
            ..Limits::default()
        };
        let address = server(|_, peer| peer.wait_for_close());
        let error = in_time(move || error_of(http().send(with(get(address), limits))));
        assert_eq!(
            (error.delivery, error.kind),
            (Delivery::Unknown, TransportErrorKind::Timeout)
        );
    }
}
