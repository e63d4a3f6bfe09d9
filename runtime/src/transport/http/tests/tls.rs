//! TLS.

use std::net::SocketAddr;
use std::sync::{LazyLock, mpsc};
use std::time::Duration;

use test_server::tls::{Authority, Certificate};

use super::{
    Peer, builder, deadline, error_of, in_time, next, request, server, start, with, zeros,
};
use crate::delivery::Delivery;
use crate::error;
use crate::transport::{Body, Timeouts, Transport as _, TransportErrorKind};

static AUTHORITY: LazyLock<Authority> = LazyLock::new(Authority::new);
static SERVER: LazyLock<Certificate> = LazyLock::new(|| AUTHORITY.issue(|_| {}));
static CLIENT: LazyLock<Certificate> = LazyLock::new(|| AUTHORITY.issue(|_| {}));

fn tls_server(
    requires_client_cert: bool,
    mut serve: impl FnMut(&mut Peer) + Send + 'static,
) -> SocketAddr {
    let config = if requires_client_cert {
        SERVER.server_config_for_clients_of(&AUTHORITY)
    } else {
        SERVER.server_config()
    };
    start(move |connection| {
        if let Ok(connection) = connection.into_tls(&config) {
            serve(&mut Peer(connection));
        }
    })
}

/// Reads once and responds, unless the client has closed the connection.
fn respond(peer: &mut Peer) -> String {
    let packet = peer.0.read_chunk().unwrap_or_default();
    if !packet.is_empty() {
        peer.respond(200, "{}");
    }
    String::from_utf8_lossy(&packet).into_owned()
}

fn url(address: SocketAddr) -> String {
    format!("https://localhost:{}/", address.port())
}

#[test]
fn nothing_is_sent_to_an_untrusted_server() {
    let address = tls_server(false, |peer| {
        respond(peer);
    });
    let http = builder().build().expect("valid settings");
    let error = error_of(http.send(request("GET", &url(address), Body::Empty)));
    assert_eq!(
        (error.delivery, error.kind),
        (Delivery::NotProcessed, TransportErrorKind::Certificate)
    );
    assert!(error.message.contains("certificate"), "{}", error.message);
}

#[test]
fn configured_root_certificate_is_trusted() {
    let (sender, receiver) = mpsc::channel();
    let address = tls_server(false, move |peer| {
        for _ in 0..3 {
            sender.send(respond(peer)).expect("a receiver");
        }
    });
    let http = builder()
        .root_certs(AUTHORITY.pem())
        .build()
        .expect("valid settings");
    for _ in 0..3 {
        let body = Body::Bytes(b"{}".to_vec());
        let response = http.send(request("POST", &url(address), body));
        assert_eq!(response.expect("a response").body(), b"{}");
        assert!(next(&receiver).starts_with("POST / HTTP/1.1\r\n"));
    }
}

#[test]
fn large_body_is_sent_completely() {
    let address = tls_server(false, |peer| {
        peer.read_request();
        peer.respond(200, "{}");
    });
    let http = builder()
        .root_certs(AUTHORITY.pem())
        .build()
        .expect("valid settings");
    let response = in_time(move || http.send(request("POST", &url(address), zeros(3_000_000))));
    assert_eq!(response.expect("a response").status(), 200);
}

#[test]
fn early_response_is_read() {
    let address = tls_server(false, |peer| {
        respond(peer);
    });
    let http = builder().root_certs(AUTHORITY.pem()).build();
    let http = http.expect("valid settings");
    let response = in_time(move || http.send(request("POST", &url(address), zeros(1 << 26))));
    assert_eq!(response.expect("a response").status(), 200);
}

#[test]
fn client_certificate_is_sent() {
    let address = tls_server(true, |peer| {
        respond(peer);
    });
    let builder = builder().root_certs(AUTHORITY.pem());
    let http = builder.clone().build().expect("valid settings");
    error_of(http.send(request("GET", &url(address), Body::Empty)));
    let http = builder.client_cert(CLIENT.pem(), CLIENT.key_pem()).build();
    let response = http
        .expect("valid settings")
        .send(request("GET", &url(address), Body::Empty));
    assert_eq!(response.expect("a response").status(), 200);
}

#[test]
fn invalid_certificates_and_keys_are_errors() {
    for builder in [
        builder().root_certs("not PEM"),
        builder().root_certs(CLIENT.key_pem()),
        builder().client_cert(CLIENT.pem(), SERVER.key_pem()),
        builder().client_cert(CLIENT.pem(), "not PEM"),
        builder().client_cert("", CLIENT.key_pem()),
    ] {
        let error = builder.build().expect_err("an invalid certificate");
        assert_eq!(error.kind(), error::ErrorKind::InvalidInput, "{error}");
    }
}

#[test]
fn connect_timeout_applies_to_the_handshake() {
    let timeouts = Timeouts {
        connect: Some(Duration::from_millis(50)),
        ..Timeouts::default()
    };
    let address = server(|_, peer| peer.wait_for_close());
    let http = builder()
        .timeouts(timeouts)
        .build()
        .expect("valid settings");
    let error = in_time(move || error_of(http.send(request("GET", &url(address), Body::Empty))));
    assert_eq!(
        (error.delivery, error.kind),
        (Delivery::NotProcessed, TransportErrorKind::Timeout)
    );
    assert_eq!(error.message, "timed out while connecting");
}

#[test]
fn deadline_applies_to_a_silent_server() {
    let address = tls_server(false, |peer| {
        respond(peer);
        peer.wait_for_close();
    });
    let http = builder()
        .root_certs(AUTHORITY.pem())
        .build()
        .expect("valid settings");
    let error = in_time(move || {
        let get = || request("GET", &url(address), Body::Empty);
        // The deadline must not include the handshake, which may be slow.
        http.send(get()).expect("a response");
        let limits = deadline(Duration::from_millis(500));
        error_of(http.send(with(get(), limits)))
    });
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
fn nothing_is_sent_to_a_server_without_tls() {
    let address = server(|_, peer| {
        peer.read_packet();
        peer.send("HTTP/1.1 400 Bad Request\r\n\r\n");
    });
    let http = builder().build().expect("valid settings");
    let error = error_of(http.send(request("GET", &url(address), Body::Empty)));
    assert_eq!(
        (error.delivery, error.kind),
        (Delivery::NotProcessed, TransportErrorKind::Connect)
    );
}

#[cfg(feature = "_rustls")]
#[test]
fn inspection_returns_untrusted_certificates_and_sends_no_request() {
    let (sender, receiver) = mpsc::channel();
    let address = tls_server(false, move |peer| {
        sender
            .send(peer.0.read_chunk().unwrap_or_default())
            .expect("a receiver");
    });
    let http = builder().build().expect("valid settings");
    let inspection = http.inspect(&url(address), Duration::from_secs(60));
    assert!(inspection.error.is_none(), "{inspection:?}");
    assert_eq!(inspection.address, Some(address));
    assert!(inspection.is_connected && inspection.tcp_time.is_some());
    let tls = inspection.tls.expect("a handshake");
    assert_eq!(tls.version, Some("1.3"));
    assert_eq!(tls.certificates.len(), 1);
    assert_eq!(next(&receiver), Vec::<u8>::new());
}

#[cfg(feature = "_rustls")]
#[test]
fn inspection_of_a_silent_server_times_out() {
    let address = start(|mut connection| {
        let _ = connection.wait_for_close();
    });
    let http = builder().build().expect("valid settings");
    let inspection = in_time(move || http.inspect(&url(address), Duration::from_millis(500)));
    assert!(inspection.is_connected && inspection.tls.is_none());
    let error = inspection.error.expect("an error");
    assert!(error.is_timeout(), "{error}");
}
