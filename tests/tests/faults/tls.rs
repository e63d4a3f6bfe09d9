//! Servers whose certificate is not to be trusted, and ports that speak the other protocol.

use std::io::{self, Read as _, Write as _};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use api_runtime::ErrorKind;
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair, date_time_ymd};
use rustls::pki_types::PrivateKeyDer;
use rustls::{ServerConfig, ServerConnection};

use crate::cell::{Cell, run};
use crate::mock::{Endpoint, Server};
use crate::rig::{Ids, Rig, call, check_quiet_error, check_truth};

const PATIENCE: Duration = Duration::from_secs(60);

/// What is wrong with a certificate.
#[derive(Clone, Copy, Debug)]
enum Certificate {
    UnknownIssuer,
    SelfSigned,
    Expired,
    NotYetValid,
    OtherHost,
}

impl Certificate {
    fn config(self) -> Arc<ServerConfig> {
        let names = match self {
            Self::OtherHost => vec!["other.example".to_owned()],
            _ => vec!["127.0.0.1".to_owned(), "localhost".to_owned()],
        };
        let mut leaf = CertificateParams::new(names).expect("names");
        match self {
            Self::Expired => leaf.not_after = date_time_ymd(2020, 1, 1),
            Self::NotYetValid => leaf.not_before = date_time_ymd(2090, 1, 1),
            _ => {}
        }
        let key = KeyPair::generate().expect("a key");
        let certificate = if let Self::SelfSigned = self {
            leaf.self_signed(&key).expect("a certificate")
        } else {
            let mut issuer = CertificateParams::new(Vec::new()).expect("names");
            issuer.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
            let key_of_issuer = KeyPair::generate().expect("a key");
            let issuer = CertifiedIssuer::self_signed(issuer, key_of_issuer).expect("an issuer");
            leaf.signed_by(&key, &issuer).expect("a certificate")
        };
        let key = PrivateKeyDer::try_from(key.serialize_der()).expect("a key");
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .expect("versions")
            .with_no_client_auth()
            .with_single_cert(vec![certificate.der().clone()], key)
            .expect("a certificate with its key");
        Arc::new(config)
    }
}

/// What a server does with a connection before any HTTP.
#[derive(Clone)]
enum Greeting {
    Tls(Arc<ServerConfig>),
    /// Nothing at all.
    Silence,
    Reset,
    Close,
}

/// A server that keeps what it could read.
struct Port {
    address: SocketAddr,
    read: Arc<Mutex<Vec<u8>>>,
    thread: Option<JoinHandle<()>>,
}

impl Port {
    fn start(greeting: Greeting) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
        let address = listener.local_addr().expect("an address");
        let read = Arc::default();
        let reading = Arc::clone(&read);
        let thread = thread::spawn(move || {
            // Ended by a connection that says nothing.
            for stream in listener.incoming().flatten() {
                if greet(stream, &greeting, &reading).is_ok_and(|silent| silent) {
                    return;
                }
            }
        });
        Self {
            address,
            read,
            thread: Some(thread),
        }
    }
}

impl Drop for Port {
    fn drop(&mut self) {
        drop(TcpStream::connect(self.address));
        if let Some(thread) = self.thread.take() {
            drop(thread.join());
        }
    }
}

/// Tells whether the client said nothing.
fn greet(mut stream: TcpStream, greeting: &Greeting, read: &Mutex<Vec<u8>>) -> io::Result<bool> {
    stream.set_read_timeout(Some(PATIENCE))?;
    if stream.peek(&mut [0])? == 0 {
        return Ok(true);
    }
    match greeting {
        Greeting::Tls(config) => {
            let connection = ServerConnection::new(Arc::clone(config)).map_err(io::Error::other)?;
            let mut tls = rustls::StreamOwned::new(connection, stream);
            let mut block = [0; 4096];
            loop {
                match tls.read(&mut block) {
                    Ok(0) => break,
                    Ok(length) => read.lock().unwrap().extend_from_slice(&block[..length]),
                    Err(_) => {
                        // What it has to say of what it does not understand.
                        while tls.conn.wants_write() {
                            tls.conn.write_tls(&mut tls.sock)?;
                        }
                        tls.sock.flush()?;
                        break;
                    }
                }
            }
            tls.sock.shutdown(Shutdown::Write)?;
            io::copy(&mut tls.sock, &mut io::sink())?;
        }
        Greeting::Silence => drop(io::copy(&mut stream, &mut io::sink())?),
        Greeting::Close => {
            stream.shutdown(Shutdown::Write)?;
            io::copy(&mut stream, &mut io::sink())?;
        }
        // With something unread.
        Greeting::Reset => {}
    }
    Ok(false)
}

/// What a client makes of a connection that came to nothing.
fn unreached(name: &str, greeting: Greeting, passes: bool, endpoint: Endpoint) -> Cell {
    let name = format!("{name} / {}", endpoint.name());
    Cell::new(name, move |findings| {
        let port = Port::start(greeting.clone());
        let url = format!("https://{}", port.address);
        let rig = if let Greeting::Silence = greeting {
            Rig::impatient(&url)
        } else {
            Rig::new(&url)
        };
        let error = call(&rig.client, endpoint, &Ids::any()).expect_err("no trust");
        findings.equal("the kind", &error.kind(), &ErrorKind::Connect);
        findings.equal("processed", &error.may_have_been_processed(), &false);
        findings.equal("is_transient", &error.is_transient(), &passes);
        let tries = if passes { 5 } else { 1 };
        findings.equal("the tries", &error.attempts(), &tries);
        if findings.count() > 0 {
            findings.add(format!("in {error:?}"));
        }
        let read = port.read.lock().unwrap();
        findings.check(read.is_empty(), "something was sent to a stranger");
        check_quiet_error(findings, &error);
        rig.check_quiet(findings);
    })
}

fn https_to_plain_http(endpoint: Endpoint) -> Cell {
    let name = format!("https to a port of http / {}", endpoint.name());
    Cell::new(name, move |findings| {
        let server = Server::start(|_, _| None);
        let rig = Rig::new(&server.url().replace("http://", "https://"));
        let ended = call(&rig.client, endpoint, &Ids::any());
        check_truth(findings, &server, endpoint, &ended);
        findings.equal("the requests", &server.requests(endpoint), &0);
        let seen = ended.err().map(|error| {
            let processed = error.may_have_been_processed();
            (
                error.kind(),
                processed,
                error.is_transient(),
                error.attempts(),
            )
        });
        findings.equal(
            "the end",
            &seen,
            &Some((ErrorKind::Connect, false, false, 1)),
        );
        rig.check_quiet(findings);
    })
}

fn plain_http_to_https(endpoint: Endpoint) -> Cell {
    let name = format!("http to a port of https / {}", endpoint.name());
    Cell::new(name, move |findings| {
        let port = Port::start(Greeting::Tls(Certificate::UnknownIssuer.config()));
        let rig = Rig::new(&format!("http://{}", port.address));
        let error = call(&rig.client, endpoint, &Ids::any()).expect_err("no HTTP");
        findings.equal("the kind", &error.kind(), &ErrorKind::InvalidResponse);
        // The bytes went out, and what read them may be anything.
        findings.equal("processed", &error.may_have_been_processed(), &true);
        findings.equal("is_transient", &error.is_transient(), &false);
        check_quiet_error(findings, &error);
        rig.check_quiet(findings);
    })
}

#[test]
fn strangers() {
    run("tls", cells());
}

fn cells() -> Vec<Cell> {
    let certificates = [
        Certificate::UnknownIssuer,
        Certificate::SelfSigned,
        Certificate::Expired,
        Certificate::NotYetValid,
        Certificate::OtherHost,
    ];
    let greetings = certificates
        .map(|certificate| {
            let greeting = Greeting::Tls(certificate.config());
            (format!("a certificate: {certificate:?}"), greeting, false)
        })
        .into_iter()
        .chain([
            (
                "a handshake without answer".to_owned(),
                Greeting::Silence,
                true,
            ),
            (
                "a handshake that is reset".to_owned(),
                Greeting::Reset,
                true,
            ),
            (
                "a handshake that is closed".to_owned(),
                Greeting::Close,
                true,
            ),
        ]);
    let mut cells = Vec::new();
    for (name, greeting, passes) in greetings {
        for endpoint in Endpoint::ALL {
            cells.push(unreached(&name, greeting.clone(), passes, endpoint));
        }
    }
    for endpoint in Endpoint::ALL {
        cells.push(https_to_plain_http(endpoint));
        cells.push(plain_http_to_https(endpoint));
    }
    cells
}
