//! What ends a call before its answer does.

use std::io::{self, Read as _};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use super::super::lookup::Lookup;
use super::super::{HttpBuilder, Proxy, Timeouts};
use super::{Body, Peer, builder, failure, get, http, post, request, server, soon, with, zeros};
use crate::client::Client;
use crate::clock::Interrupt;
use crate::codec::encode;
use crate::delivery::Delivery;
use crate::error::ErrorKind;
use crate::operation::Operation;
use crate::transport::{Deadline, Fault, Transport as _, TransportError};

fn in_a_moment() -> Deadline {
    Deadline(Instant::now() + Duration::from_millis(100))
}

/// Says one byte after the other, until nobody listens.
fn drip(peer: &mut Peer) {
    use std::io::Write as _;
    while peer.0.get_mut().write_all(b"x").is_ok() {
        thread::sleep(Duration::from_millis(5));
    }
}

#[test]
fn a_deadline_ends_an_answer_that_drips() {
    for (start, text) in [
        (
            "HTTP/1.1 200 OK\r\nname: ",
            "the deadline passed while the answer was waited for",
        ),
        (
            "HTTP/1.1 200 OK\r\ncontent-length: 1000000\r\n\r\n",
            "the deadline passed while the answer was read",
        ),
    ] {
        let address = server(1, move |_, peer| {
            peer.head();
            peer.say(start);
            drip(peer);
        });
        let error = soon(move || failure(http().send(with(get(address), in_a_moment()))));
        assert_eq!(
            (error.delivery, error.fault),
            (Delivery::Unknown, Fault::Timeout)
        );
        assert_eq!(error.message, text);
    }
}

#[test]
fn a_deadline_ends_a_silence() {
    let address = server(1, |_, peer| peer.wait_for_end());
    let error = soon(move || failure(http().send(with(get(address), in_a_moment()))));
    assert_eq!(
        (error.delivery, error.fault),
        (Delivery::Unknown, Fault::Timeout)
    );
    assert_eq!(
        error.message,
        "the deadline passed while the answer was waited for"
    );
}

#[test]
fn a_deadline_ends_an_upload() {
    let (_open, never) = mpsc::channel::<()>();
    let address = server(1, move |_, _peer| {
        never.recv().ok();
    });
    let error =
        soon(move || failure(http().send(with(post(address, zeros(1 << 40)), in_a_moment()))));
    assert_eq!(
        (error.delivery, error.fault),
        (Delivery::Unknown, Fault::Timeout)
    );
    assert_eq!(
        error.message,
        "the deadline passed while the request was sent"
    );
}

#[test]
fn a_deadline_in_the_past_sends_nothing() {
    let request = request("GET", "http://127.0.0.1:1/", Body::Empty);
    let error = failure(http().send(with(request, Deadline(Instant::now()))));
    assert_eq!(
        (error.delivery, error.fault),
        (Delivery::NotProcessed, Fault::Timeout)
    );
    assert_eq!(
        error.message,
        "the deadline passed while the request was prepared"
    );
}

#[test]
fn a_deadline_that_is_far_away_changes_nothing() {
    let address = server(1, |_, peer| {
        peer.request();
        peer.answer(200, "{}");
    });
    let far = Deadline(Instant::now() + Duration::from_secs(3600));
    http().send(with(get(address), far)).expect("an answer");
}

#[test]
fn each_phase_has_its_time() {
    let silent = Timeouts {
        response: Some(Duration::from_millis(50)),
        ..Timeouts::default()
    };
    let still = Timeouts {
        idle: Some(Duration::from_millis(50)),
        ..Timeouts::default()
    };
    for (timeouts, start, text) in [
        (silent, "", "no answer in time"),
        (silent, "HTTP/1.1 200 OK\r\n", "no answer in time"),
        (
            still,
            "HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n12345",
            "the connection stood still for too long while the answer was read",
        ),
    ] {
        let address = server(1, move |_, peer| {
            peer.head();
            peer.say(start);
            peer.wait_for_end();
        });
        let http = builder().timeouts(timeouts).build().expect("good settings");
        let error = soon(move || failure(http.send(get(address))));
        assert_eq!(
            (error.delivery, error.fault),
            (Delivery::Unknown, Fault::Timeout)
        );
        assert_eq!(error.message, text);
    }
}

#[test]
fn a_slow_server_is_not_an_idle_connection() {
    let timeouts = Timeouts {
        idle: Some(Duration::from_millis(20)),
        ..Timeouts::default()
    };
    let address = server(1, |_, peer| {
        peer.head();
        thread::sleep(Duration::from_millis(200));
        peer.answer(200, "{}");
    });
    let http = builder().timeouts(timeouts).build().expect("good settings");
    http.send(get(address)).expect("an answer");
}

#[test]
fn an_interrupt_ends_a_silence() {
    let interrupt = Interrupt::new();
    let handle = interrupt.clone();
    let address = server(1, move |_, peer| {
        peer.head();
        handle.raise();
        peer.wait_for_end();
    });
    let start = Instant::now();
    let error = soon(move || failure(http().send(with(get(address), interrupt))));
    assert_eq!(
        (error.delivery, error.fault),
        (Delivery::Unknown, Fault::Interrupted)
    );
    assert_eq!(error.message, "interrupted while the answer was waited for");
    assert!(start.elapsed() < Duration::from_secs(5));
}

#[test]
fn an_interrupt_ends_an_upload() {
    let interrupt = Interrupt::new();
    let handle = interrupt.clone();
    let (_open, never) = mpsc::channel::<()>();
    let address = server(1, move |_, peer| {
        let mut one = [0];
        peer.0.read_exact(&mut one).expect("a byte");
        handle.raise();
        never.recv().ok();
    });
    let error = soon(move || failure(http().send(with(post(address, zeros(1 << 40)), interrupt))));
    assert_eq!(
        (error.delivery, error.fault),
        (Delivery::Unknown, Fault::Interrupted)
    );
}

/// A look-up that does something and never ends, and what keeps it so.
fn endless(at_start: impl Fn() + Send + Sync + 'static) -> (Lookup, mpsc::Sender<()>) {
    let (open, never) = mpsc::channel();
    let never = std::sync::Mutex::new(never);
    let lookup = Lookup::new(move |_, _| {
        at_start();
        never.lock().expect("one at a time").recv().ok();
        Err(io::Error::other("too late"))
    });
    (lookup, open)
}

/// The failure of a request to a host that has to be looked up.
fn failure_by_name(
    builder: HttpBuilder,
    lookup: Lookup,
    wish: impl Clone + Send + Sync + 'static,
) -> TransportError {
    let http = builder.lookup(lookup).build().expect("good settings");
    soon(move || {
        let get = request("GET", "http://example.test/", Body::Empty);
        failure(http.send(with(get, wish)))
    })
}

#[test]
fn an_interrupt_ends_a_look_up() {
    let interrupt = Interrupt::new();
    let handle = interrupt.clone();
    let (lookup, _open) = endless(move || handle.raise());
    let error = failure_by_name(builder(), lookup, interrupt);
    assert_eq!(
        (error.delivery, error.fault),
        (Delivery::NotProcessed, Fault::Interrupted)
    );
    assert_eq!(error.message, "interrupted while the connection was made");
}

#[test]
fn a_deadline_ends_a_look_up() {
    let no_other_bound = Timeouts {
        connect: None,
        ..Timeouts::default()
    };
    let proxy = |scheme: &str| Proxy::Url(format!("{scheme}://proxy.test:1"));
    for proxy in [Proxy::None, proxy("http"), proxy("socks5")] {
        let (lookup, _open) = endless(|| {});
        let builder = builder().timeouts(no_other_bound).proxy(proxy);
        let error = failure_by_name(builder, lookup, in_a_moment());
        assert_eq!(
            (error.delivery, error.fault),
            (Delivery::NotProcessed, Fault::Timeout)
        );
        assert_eq!(
            error.message,
            "the deadline passed while the connection was made"
        );
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
fn the_time_of_a_call_ends_a_look_up() {
    let (lookup, _open) = endless(|| {});
    let http = builder().lookup(lookup).build().expect("good settings");
    let client = Client::builder("https://example.test")
        .transport(http)
        .timeout(Duration::from_millis(100));
    let client = client.build().expect("a client");
    let error = soon(move || client.send(&SHOW, &Show).expect_err("no address"));
    assert_eq!(error.kind(), ErrorKind::Connect, "{error}");
    assert!(!error.may_have_been_processed(), "{error}");
    assert!(error.to_string().contains("the deadline passed"), "{error}");
}

#[test]
fn what_is_interrupted_already_does_not_begin() {
    let interrupt = Interrupt::new();
    interrupt.raise();
    let request = request("GET", "http://127.0.0.1:1/", Body::Empty);
    let error = failure(http().send(with(request, interrupt)));
    assert_eq!(
        (error.delivery, error.fault),
        (Delivery::NotProcessed, Fault::Interrupted)
    );
}
