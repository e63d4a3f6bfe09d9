//! TLS.

use std::io::{ErrorKind, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener};
use std::sync::{Arc, mpsc};
use std::thread;
use std::time::Duration;

use rustls::crypto::ring;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig, ServerConnection, StreamOwned};

use super::{LONG, builder, deadline, error_of, in_time, next, request, server, with, zeros};
use crate::delivery::Delivery;
use crate::error;
use crate::transport::{Body, Timeouts, Transport as _, TransportErrorKind};

const AUTHORITY: &[u8] = include_bytes!("pem/authority.pem");
const SERVER: &[u8] = include_bytes!("pem/server.pem");
const SERVER_KEY: &[u8] = include_bytes!("pem/server.key.pem");
const CLIENT: &[u8] = include_bytes!("pem/client.pem");
const CLIENT_KEY: &[u8] = include_bytes!("pem/client.key.pem");

type Stream = StreamOwned<ServerConnection, std::net::TcpStream>;

fn server_config(requires_client_cert: bool) -> ServerConfig {
    let provider = Arc::new(ring::default_provider());
    let mut roots = RootCertStore::empty();
    roots
        .add(CertificateDer::from_pem_slice(AUTHORITY).expect("PEM"))
        .expect("an authority");
    let settings = ServerConfig::builder_with_provider(provider.clone())
        .with_safe_default_protocol_versions()
        .expect("versions");
    let settings = if requires_client_cert {
        let verifier = WebPkiClientVerifier::builder_with_provider(roots.into(), provider);
        settings.with_client_cert_verifier(verifier.build().expect("a verifier"))
    } else {
        settings.with_no_client_auth()
    };
    let chain = vec![CertificateDer::from_pem_slice(SERVER).expect("PEM")];
    let key = PrivateKeyDer::from_pem_slice(SERVER_KEY).expect("PEM");
    settings
        .with_single_cert(chain, key)
        .expect("a matching key")
}

fn tls_server(
    connections: usize,
    requires_client_cert: bool,
    mut serve: impl FnMut(&mut Stream) + Send + 'static,
) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = listener.local_addr().expect("an address");
    let settings = Arc::new(server_config(requires_client_cert));
    thread::spawn(move || {
        for _ in 0..connections {
            let (stream, _) = listener.accept().expect("a connection");
            stream.set_read_timeout(Some(LONG)).expect("a timeout");
            // Session tickets are sent first. A response that waits for their acknowledgment would be
            // lost in a reset.
            stream.set_nodelay(true).expect("an option");
            let tls = ServerConnection::new(Arc::clone(&settings)).expect("a server");
            serve(&mut StreamOwned::new(tls, stream));
        }
    });
    address
}

/// Reads some bytes. Rustls returns `WouldBlock` after it has written handshake messages.
fn read(stream: &mut Stream, buffer: &mut [u8]) -> usize {
    loop {
        match stream.read(buffer) {
            Err(error) if error.kind() == ErrorKind::WouldBlock => {}
            other => return other.unwrap_or(0),
        }
    }
}

fn respond(stream: &mut Stream) -> String {
    let mut buffer = [0; 8192];
    let read = read(stream, &mut buffer);
    if read > 0 {
        let text = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}";
        stream.write_all(text).expect("to send");
    }
    String::from_utf8_lossy(&buffer[..read]).into_owned()
}

fn url(address: SocketAddr) -> String {
    format!("https://localhost:{}/", address.port())
}

#[test]
fn nothing_is_sent_to_an_untrusted_server() {
    let address = tls_server(1, false, |stream| {
        respond(stream);
    });
    let http = builder().build().expect("valid settings");
    let error = error_of(http.send(request("GET", &url(address), Body::Empty)));
    assert_eq!(
        (error.delivery, error.kind),
        (Delivery::NotProcessed, TransportErrorKind::Connect)
    );
    assert!(error.message.contains("certificate"), "{}", error.message);
}

#[test]
fn configured_root_certificate_is_trusted() {
    let (sender, receiver) = mpsc::channel();
    let address = tls_server(1, false, move |stream| {
        for _ in 0..3 {
            sender.send(respond(stream)).expect("a receiver");
        }
    });
    let http = builder()
        .root_certs(AUTHORITY)
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
    let address = tls_server(1, false, |stream| {
        let mut buffer = [0; 16384];
        let first = read(stream, &mut buffer);
        let end = buffer.windows(4).position(|end| end == b"\r\n\r\n");
        let mut left = 3_000_000 - (first - end.expect("a head in one piece") - 4);
        while left > 0 {
            left -= read(stream, &mut buffer);
        }
        stream
            .write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}")
            .expect("to send");
    });
    let http = builder()
        .root_certs(AUTHORITY)
        .build()
        .expect("valid settings");
    let response = in_time(move || http.send(request("POST", &url(address), zeros(3_000_000))));
    assert_eq!(response.expect("a response").status(), 200);
}

#[test]
fn early_response_is_read() {
    let address = tls_server(1, false, |stream| {
        respond(stream);
    });
    let http = builder().root_certs(AUTHORITY).build();
    let http = http.expect("valid settings");
    let response = in_time(move || http.send(request("POST", &url(address), zeros(1 << 26))));
    assert_eq!(response.expect("a response").status(), 200);
}

#[test]
fn client_certificate_is_sent() {
    let address = tls_server(2, true, |stream| {
        respond(stream);
    });
    let builder = builder().root_certs(AUTHORITY);
    let http = builder.clone().build().expect("valid settings");
    error_of(http.send(request("GET", &url(address), Body::Empty)));
    let http = builder.client_cert(CLIENT, CLIENT_KEY).build();
    let response = http
        .expect("valid settings")
        .send(request("GET", &url(address), Body::Empty));
    assert_eq!(response.expect("a response").status(), 200);
}

#[test]
fn invalid_certificates_and_keys_are_errors() {
    for builder in [
        builder().root_certs("not PEM"),
        builder().root_certs(CLIENT_KEY),
        builder().client_cert(CLIENT, SERVER_KEY),
        builder().client_cert(CLIENT, "not PEM"),
        builder().client_cert("", CLIENT_KEY),
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
    let address = server(1, |_, peer| peer.wait_for_close());
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
    let address = tls_server(1, false, |stream| {
        respond(stream);
        read_to_close(stream);
    });
    let http = builder()
        .root_certs(AUTHORITY)
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

/// Reads until the connection is closed.
fn read_to_close(stream: &mut Stream) {
    let _ = std::io::copy(stream, &mut std::io::sink());
}

#[test]
fn nothing_is_sent_to_a_server_without_tls() {
    let address = server(1, |_, peer| {
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
