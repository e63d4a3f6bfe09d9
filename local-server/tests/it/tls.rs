//! Encrypted connections.

use std::io::{Read, Write};
use std::net::{IpAddr, Ipv4Addr, TcpStream};
use std::sync::Arc;

use local_server::{Options, Server};
use rustls::crypto::ring;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};

use crate::harness::{connect, request};

type TlsClient = StreamOwned<ClientConnection, TcpStream>;

fn client(server: &Server, name: &str) -> TlsClient {
    let pem = server.ca_certificate().unwrap();
    let mut roots = RootCertStore::empty();
    roots
        .add(CertificateDer::from_pem_slice(pem.as_bytes()).unwrap())
        .unwrap();
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let name = ServerName::try_from(name.to_owned()).unwrap();
    let connection = ClientConnection::new(Arc::new(config), name).unwrap();
    StreamOwned::new(connection, connect(server.address()))
}

fn get(stream: &mut TlsClient, connection: &str) {
    write!(
        stream,
        "GET /nope HTTP/1.1\r\nHost: localhost\r\nConnection: {connection}\r\n\r\n"
    )
    .unwrap();
}

#[test]
fn certificate_is_valid_for_the_names_of_this_machine() {
    let server = Server::start(Options::new().tls(true)).unwrap();
    assert!(server.url().starts_with("https://127.0.0.1:"), "{server:?}");
    for name in ["localhost", "127.0.0.1", "::1"] {
        let mut stream = client(&server, name);
        get(&mut stream, "close");
        let mut response = String::new();
        stream.read_to_string(&mut response).unwrap();
        assert!(response.starts_with("HTTP/1.1 404 "), "{name}: {response}");
    }
    let mut stream = client(&server, "example.com");
    let error = write!(stream, "GET / HTTP/1.1\r\n\r\n").unwrap_err();
    assert!(error.to_string().contains("not valid for name"), "{error}");
}

#[test]
fn certificate_does_not_contain_a_key() {
    let server = Server::start(Options::new().tls(true)).unwrap();
    let pem = server.ca_certificate().unwrap();
    assert_eq!(pem.matches("-----BEGIN").count(), 1, "{pem}");
    assert!(pem.starts_with("-----BEGIN CERTIFICATE-----"), "{pem}");
}

#[test]
fn connection_is_reused() {
    let server = Server::start(Options::new().tls(true)).unwrap();
    let mut stream = client(&server, "localhost");
    for _ in 0..3 {
        get(&mut stream, "keep-alive");
        let mut head = [0; 12];
        stream.read_exact(&mut head).unwrap();
        assert_eq!(&head, b"HTTP/1.1 404");
        let mut text = String::new();
        while !text.ends_with('}') {
            let mut byte = [0];
            stream.read_exact(&mut byte).unwrap();
            text.push(byte[0].into());
        }
    }
}

#[test]
fn unencrypted_request_gets_no_response_and_harms_no_other_connection() {
    let server = Server::start(Options::new().tls(true)).unwrap();
    // It never sends its handshake, and must not keep others from theirs.
    let idle = connect(server.address());
    let mut plain = connect(server.address());
    plain.write_all(b"GET / HTTP/1.1\r\n\r\n").unwrap();
    let mut received = Vec::new();
    let _ = plain.read_to_end(&mut received);
    assert!(!received.starts_with(b"HTTP"), "{received:?}");
    let mut stream = client(&server, "localhost");
    get(&mut stream, "close");
    let mut response = String::new();
    stream.read_to_string(&mut response).unwrap();
    assert!(response.starts_with("HTTP/1.1 404 "), "{response}");
    drop(idle);
}

#[test]
fn other_addresses_require_credentials() {
    let everywhere = || Options::new().address(Ipv4Addr::UNSPECIFIED);
    let error = Server::start(everywhere()).unwrap_err();
    assert_eq!(
        error.to_string(),
        "a server that listens on 0.0.0.0 requires a token, as other machines could run code"
    );
    assert!(!error.is_port_in_use());

    let server = Server::start(everywhere().token("secret")).unwrap();
    assert_eq!(server.address().ip(), IpAddr::from(Ipv4Addr::UNSPECIFIED));
    assert!(server.url().starts_with("http://127.0.0.1:"), "{server:?}");
    let address = (Ipv4Addr::LOCALHOST, server.address().port()).into();
    let target = "/api/1.2/contexts/status?clusterId=a&contextId=b";
    assert_eq!(request(address, "GET", target, &[], b"").status, 401);
}
