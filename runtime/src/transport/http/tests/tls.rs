//! Certificates.

use std::io::{ErrorKind, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener};
use std::sync::{Arc, mpsc};
use std::thread;
use std::time::{Duration, Instant};

use rustls::crypto::ring;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig, ServerConnection, StreamOwned};

use super::super::Timeouts;
use super::{Body, LONG, builder, failure, next, request, server, soon, with, zeros};
use crate::delivery::Delivery;
use crate::error;
use crate::transport::{Deadline, Fault, Transport as _};

const AUTHORITY: &[u8] = include_bytes!("pem/authority.pem");
const SERVER: &[u8] = include_bytes!("pem/server.pem");
const SERVER_KEY: &[u8] = include_bytes!("pem/server.key.pem");
const CLIENT: &[u8] = include_bytes!("pem/client.pem");
const CLIENT_KEY: &[u8] = include_bytes!("pem/client.key.pem");

type Stream = StreamOwned<ServerConnection, std::net::TcpStream>;

fn settings(with_clients: bool) -> ServerConfig {
    let provider = Arc::new(ring::default_provider());
    let mut roots = RootCertStore::empty();
    roots
        .add(CertificateDer::from_pem_slice(AUTHORITY).expect("PEM"))
        .expect("an authority");
    let settings = ServerConfig::builder_with_provider(provider.clone())
        .with_safe_default_protocol_versions()
        .expect("versions");
    let settings = if with_clients {
        let verifier = WebPkiClientVerifier::builder_with_provider(roots.into(), provider);
        settings.with_client_cert_verifier(verifier.build().expect("a verifier"))
    } else {
        settings.with_no_client_auth()
    };
    let chain = vec![CertificateDer::from_pem_slice(SERVER).expect("PEM")];
    let key = PrivateKeyDer::from_pem_slice(SERVER_KEY).expect("PEM");
    settings
        .with_single_cert(chain, key)
        .expect("a key that fits")
}

fn secure(
    connections: usize,
    with_clients: bool,
    mut serve: impl FnMut(&mut Stream) + Send + 'static,
) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = listener.local_addr().expect("an address");
    let settings = Arc::new(settings(with_clients));
    thread::spawn(move || {
        for _ in 0..connections {
            let (stream, _) = listener.accept().expect("a connection");
            stream.set_read_timeout(Some(LONG)).expect("a timeout");
            // Tickets go first; what waited for their receipt would be lost in a reset.
            stream.set_nodelay(true).expect("an option");
            let tls = ServerConnection::new(Arc::clone(&settings)).expect("a server");
            serve(&mut StreamOwned::new(tls, stream));
        }
    });
    address
}

/// Reads something; also where rustls would rather be asked again, after it wrote.
fn read(stream: &mut Stream, buffer: &mut [u8]) -> usize {
    loop {
        match stream.read(buffer) {
            Err(error) if error.kind() == ErrorKind::WouldBlock => {}
            other => return other.unwrap_or(0),
        }
    }
}

fn answer(stream: &mut Stream) -> String {
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
fn who_is_not_trusted_gets_nothing() {
    let address = secure(1, false, |stream| {
        answer(stream);
    });
    let http = builder().build().expect("good settings");
    let error = failure(http.send(request("GET", &url(address), Body::Empty)));
    assert_eq!(
        (error.delivery, error.fault),
        (Delivery::NotProcessed, Fault::Connect)
    );
    assert!(error.message.contains("certificate"), "{}", error.message);
}

#[test]
fn an_authority_of_ones_own_is_trusted() {
    let (sender, receiver) = mpsc::channel();
    let address = secure(1, false, move |stream| {
        for _ in 0..3 {
            sender.send(answer(stream)).expect("a test");
        }
    });
    let http = builder()
        .authorities(AUTHORITY)
        .build()
        .expect("good settings");
    for _ in 0..3 {
        let body = Body::Bytes(b"{}".to_vec());
        let answer = http.send(request("POST", &url(address), body));
        assert_eq!(answer.expect("an answer").body(), b"{}");
        assert!(next(&receiver).starts_with("POST / HTTP/1.1\r\n"));
    }
}

#[test]
fn a_large_body_arrives_whole() {
    let address = secure(1, false, |stream| {
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
        .authorities(AUTHORITY)
        .build()
        .expect("good settings");
    let answer = soon(move || http.send(request("POST", &url(address), zeros(3_000_000))));
    assert_eq!(answer.expect("an answer").status(), 200);
}

#[test]
fn an_early_answer_is_heard() {
    let address = secure(1, false, |stream| {
        answer(stream);
    });
    let http = builder().authorities(AUTHORITY).build();
    let http = http.expect("good settings");
    let answer = soon(move || http.send(request("POST", &url(address), zeros(1 << 26))));
    assert_eq!(answer.expect("an answer").status(), 200);
}

#[test]
fn a_server_may_ask_who_calls() {
    let address = secure(2, true, |stream| {
        answer(stream);
    });
    let builder = builder().authorities(AUTHORITY);
    let http = builder.clone().build().expect("good settings");
    failure(http.send(request("GET", &url(address), Body::Empty)));
    let http = builder.identity(CLIENT, CLIENT_KEY).build();
    let answer = http
        .expect("good settings")
        .send(request("GET", &url(address), Body::Empty));
    assert_eq!(answer.expect("an answer").status(), 200);
}

#[test]
fn what_cannot_be_used_is_told_at_once() {
    for builder in [
        builder().authorities("not PEM"),
        builder().authorities(CLIENT_KEY),
        builder().identity(CLIENT, SERVER_KEY),
        builder().identity(CLIENT, "not PEM"),
        builder().identity("", CLIENT_KEY),
    ] {
        let error = builder.build().expect_err("nothing to use");
        assert_eq!(error.kind(), error::ErrorKind::InvalidInput, "{error}");
    }
}

#[test]
fn a_handshake_has_the_time_of_a_connection() {
    let timeouts = Timeouts {
        connect: Some(Duration::from_millis(50)),
        ..Timeouts::default()
    };
    let address = server(1, |_, peer| peer.wait_for_end());
    let http = builder().timeouts(timeouts).build().expect("good settings");
    let error = soon(move || failure(http.send(request("GET", &url(address), Body::Empty))));
    assert_eq!(
        (error.delivery, error.fault),
        (Delivery::NotProcessed, Fault::Timeout)
    );
    assert_eq!(error.message, "no connection in time");
}

#[test]
fn a_deadline_ends_a_silence() {
    let address = secure(1, false, |stream| {
        answer(stream);
        answer_late(stream);
    });
    let http = builder()
        .authorities(AUTHORITY)
        .build()
        .expect("good settings");
    let error = soon(move || {
        let get = || request("GET", &url(address), Body::Empty);
        // Its handshake may take long.
        http.send(get()).expect("an answer");
        let deadline = Deadline(Instant::now() + Duration::from_millis(500));
        failure(http.send(with(get(), deadline)))
    });
    assert_eq!(
        (error.delivery, error.fault),
        (Delivery::Unknown, Fault::Timeout)
    );
    assert_eq!(
        error.message,
        "the deadline passed while the answer was waited for"
    );
}

/// Reads until the other end is gone.
fn answer_late(stream: &mut Stream) {
    let _ = std::io::copy(stream, &mut std::io::sink());
}

#[test]
fn no_tls_at_the_other_end_sends_nothing() {
    let address = server(1, |_, peer| {
        peer.piece();
        peer.say("HTTP/1.1 400 Bad Request\r\n\r\n");
    });
    let http = builder().build().expect("good settings");
    let error = failure(http.send(request("GET", &url(address), Body::Empty)));
    assert_eq!(
        (error.delivery, error.fault),
        (Delivery::NotProcessed, Fault::Connect)
    );
}
