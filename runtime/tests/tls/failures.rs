//! Failed TLS handshakes.

use std::thread;
use std::time::{Duration, Instant};

use api_runtime::{Error, ErrorKind, Interrupt, SystemClock, Timeouts, Tls};
use test_server::Server;
use test_server::tls::{Authority, Certificate, date_time_ymd};

use crate::server::{Greeting, greeting, with_certificate};
use crate::{ALL, client, show_time};

const TIMEOUT: Duration = Duration::from_millis(200);

/// Separates calls that end in time from those that do not, also on a busy machine.
const MAX_TIME: Duration = Duration::from_secs(60);

/// Returns timeouts that do not end a call in time.
fn patient() -> Timeouts {
    let mut timeouts = Timeouts::default();
    timeouts.connect = Some(10 * MAX_TIME);
    timeouts
}

/// Asserts that no connection was established and no request was sent.
fn assert_not_connected(error: &Error, server: &Server, attempts: u32) {
    assert_eq!(error.kind(), ErrorKind::Connect, "{error}");
    assert!(!error.may_have_been_processed(), "{error}");
    assert_eq!(error.attempts(), attempts, "{error}");
    assert_eq!(error.is_transient(), attempts > 1, "{error}");
    assert!(server.requests().is_empty(), "{error}");
}

#[test]
fn invalid_certificate_is_not_retried() {
    let (authority, untrusted) = (Authority::new(), Authority::new());
    let invalid = [
        ("untrusted", untrusted.issue(|_| {})),
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
            "for another host",
            authority.issue(|params| params.subject_alt_names.clear()),
        ),
    ];
    for (name, certificate) in invalid {
        for &tls in ALL {
            let server = with_certificate(&certificate);
            let client = client(&server.https_url(), tls, |builder| {
                builder.root_certs(authority.pem())
            });
            let error = show_time(&client).expect_err(name);
            assert_not_connected(&error, &server, 1);
            assert_eq!(server.connections(), 1, "{name}, {tls:?}");
            let text = error.to_string();
            assert!(text.contains("certificate"), "{name}, {tls:?}: {text}");
        }
    }
}

#[test]
fn private_authority_is_not_trusted_by_default() {
    let certificate = Authority::new().issue(|_| {});
    for &tls in ALL {
        let server = with_certificate(&certificate);
        let error = show_time(&client(&server.https_url(), tls, |builder| builder))
            .expect_err("an untrusted certificate");
        assert_not_connected(&error, &server, 1);
        assert!(
            error.to_string().contains("certificate"),
            "{tls:?}: {error}"
        );
    }
}

#[test]
fn server_without_tls_is_not_retried() {
    for &tls in ALL {
        let server = greeting(Greeting::Plain);
        let error =
            show_time(&client(&server.https_url(), tls, |builder| builder)).expect_err("no TLS");
        assert_not_connected(&error, &server, 1);
    }
}

#[test]
fn interrupted_handshake_is_retried() {
    for cut in [Greeting::Reset, Greeting::Close] {
        for &tls in ALL {
            let server = greeting(cut);
            let error = show_time(&client(&server.https_url(), tls, |builder| builder))
                .expect_err("a closed connection");
            assert_not_connected(&error, &server, 5);
            assert_eq!(server.connections(), 5, "{tls:?}");
        }
    }
}

/// Runs `check` with all TLS libraries, and with servers that stall the handshake.
fn with_stalled_handshake(mut check: impl FnMut(Tls, &Server)) {
    for &tls in ALL {
        for stall in [Greeting::Silence, Greeting::Drip] {
            check(tls, &greeting(stall));
        }
    }
}

#[test]
fn connect_timeout_applies_to_a_stalled_handshake() {
    let mut timeouts = Timeouts::default();
    timeouts.connect = Some(TIMEOUT / 4);
    with_stalled_handshake(|tls, server| {
        let client = client(&server.https_url(), tls, |builder| {
            builder.timeouts(timeouts)
        });
        let error = show_time(&client).expect_err("a stalled handshake");
        assert_not_connected(&error, server, 5);
        let text = error.to_string();
        assert!(text.contains("timed out while connecting"), "{text}");
    });
}

#[test]
fn call_timeout_applies_to_a_stalled_handshake() {
    with_stalled_handshake(|tls, server| {
        let client = client(&server.https_url(), tls, |builder| {
            let builder = builder.clock(SystemClock).timeouts(patient());
            builder.timeout(TIMEOUT)
        });
        let start = Instant::now();
        let error = show_time(&client).expect_err("a stalled handshake");
        assert!(start.elapsed() < MAX_TIME, "{:?}", start.elapsed());
        assert_not_connected(&error, server, 1);
        assert!(error.to_string().contains("the deadline passed"), "{error}");
    });
}

#[test]
fn interrupt_cancels_a_stalled_handshake() {
    with_stalled_handshake(|tls, server| {
        let interrupt = Interrupt::new();
        let client = client(&server.https_url(), tls, |builder| {
            let builder = builder.clock(SystemClock).timeouts(patient());
            builder.interrupt(interrupt.clone())
        });
        let start = Instant::now();
        let error = thread::scope(|scope| {
            scope.spawn(|| {
                server.wait_until_connected(1);
                interrupt.raise();
            });
            show_time(&client).expect_err("a stalled handshake")
        });
        assert!(start.elapsed() < MAX_TIME, "{:?}", start.elapsed());
        assert_eq!(error.kind(), ErrorKind::Interrupted, "{tls:?}: {error}");
        assert!(!error.may_have_been_processed(), "{error}");
    });
}
