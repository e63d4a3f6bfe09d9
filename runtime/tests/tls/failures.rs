//! Servers that are not reached: told as what they are, and tried again only where that may help.

use std::thread;
use std::time::{Duration, Instant};

use api_runtime::{Error, ErrorKind, Interrupt, SystemClock, Timeouts, Tls};
use test_server::Server;
use test_server::tls::{Authority, Certificate, date_time_ymd};

use crate::server::{Greeting, greeting, with_certificate};
use crate::{KINDS, ask, client};

const MOMENT: Duration = Duration::from_millis(200);

/// A loaded machine may take this much longer.
const GRACE: Duration = Duration::from_secs(5);

/// The connection came to nothing, and no request was sent.
fn check(error: &Error, server: &Server, tries: u32) {
    assert_eq!(error.kind(), ErrorKind::Connect, "{error}");
    assert!(!error.may_have_been_processed(), "{error}");
    assert_eq!(error.attempts(), tries, "{error}");
    assert_eq!(error.is_transient(), tries > 1, "{error}");
    assert!(server.requests().is_empty(), "{error}");
}

#[test]
fn bad_certificates_are_named_and_not_tried_again() {
    let (authority, stranger) = (Authority::new(), Authority::new());
    let bad = [
        ("of a stranger", stranger.issue(|_| {})),
        ("self-signed", Certificate::self_signed()),
        (
            "expired",
            authority.issue(|params| params.not_after = date_time_ymd(2020, 1, 1)),
        ),
        (
            "not yet valid",
            authority.issue(|params| params.not_before = date_time_ymd(2090, 1, 1)),
        ),
        (
            "of another host",
            authority.issue(|params| params.subject_alt_names.clear()),
        ),
    ];
    for (name, certificate) in bad {
        for &tls in KINDS {
            let server = with_certificate(&certificate);
            let client = client(&server.https_url(), tls, |builder| {
                builder.root_certs(authority.pem())
            });
            let error = ask(&client).expect_err(name);
            check(&error, &server, 1);
            assert_eq!(server.connections(), 1, "{name}, {tls:?}");
            let text = error.to_string();
            assert!(text.contains("certificate"), "{name}, {tls:?}: {text}");
        }
    }
}

#[test]
fn nobody_here_is_trusted_by_itself() {
    let certificate = Authority::new().issue(|_| {});
    for &tls in KINDS {
        let server = with_certificate(&certificate);
        let error =
            ask(&client(&server.https_url(), tls, |builder| builder)).expect_err("a stranger");
        check(&error, &server, 1);
        assert!(
            error.to_string().contains("certificate"),
            "{tls:?}: {error}"
        );
    }
}

#[test]
fn who_speaks_no_tls_is_not_tried_again() {
    for &tls in KINDS {
        let server = greeting(Greeting::Plain);
        let error = ask(&client(&server.https_url(), tls, |builder| builder)).expect_err("no TLS");
        check(&error, &server, 1);
    }
}

#[test]
fn a_handshake_that_is_cut_is_tried_again() {
    for cut in [Greeting::Reset, Greeting::Close] {
        for &tls in KINDS {
            let server = greeting(cut);
            let error = ask(&client(&server.https_url(), tls, |builder| builder)).expect_err("cut");
            check(&error, &server, 5);
            assert_eq!(server.connections(), 5, "{tls:?}");
        }
    }
}

/// Every kind, with a server that lets it wait.
fn stalls(mut check: impl FnMut(Tls, &Server)) {
    for &tls in KINDS {
        for stall in [Greeting::Silence, Greeting::Drip] {
            check(tls, &greeting(stall));
        }
    }
}

#[test]
fn a_handshake_that_stalls_has_the_time_of_a_connection() {
    let mut timeouts = Timeouts::default();
    timeouts.connect = Some(MOMENT / 4);
    stalls(|tls, server| {
        let client = client(&server.https_url(), tls, |builder| {
            builder.timeouts(timeouts)
        });
        let error = ask(&client).expect_err("no end");
        check(&error, server, 5);
        let text = error.to_string();
        assert!(text.contains("timed out while connecting"), "{text}");
    });
}

#[test]
fn a_handshake_that_stalls_ends_with_the_time_of_the_call() {
    stalls(|tls, server| {
        let client = client(&server.https_url(), tls, |builder| {
            builder.clock(SystemClock).timeout(MOMENT)
        });
        let start = Instant::now();
        let error = ask(&client).expect_err("no end");
        assert!(start.elapsed() < MOMENT + GRACE, "{:?}", start.elapsed());
        check(&error, server, 1);
        assert!(error.to_string().contains("the deadline passed"), "{error}");
    });
}

#[test]
fn a_handshake_that_stalls_ends_with_an_interrupt() {
    stalls(|tls, server| {
        let interrupt = Interrupt::new();
        let client = client(&server.https_url(), tls, |builder| {
            builder.clock(SystemClock).interrupt(interrupt.clone())
        });
        let start = Instant::now();
        let error = thread::scope(|scope| {
            scope.spawn(|| {
                server.wait_until_connected(1);
                interrupt.raise();
            });
            ask(&client).expect_err("no end")
        });
        assert!(start.elapsed() < GRACE, "{:?}", start.elapsed());
        assert_eq!(error.kind(), ErrorKind::Interrupted, "{tls:?}: {error}");
        assert!(!error.may_have_been_processed(), "{error}");
    });
}
