//! A server that tells everyone who reaches it that it is noon.

use std::io::{self, Read as _, Write as _};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use rustls::crypto::ring;
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig, ServerConnection, StreamOwned};

use crate::certificates::{Authority, Certificate};

/// Only what is broken waits for it.
const PATIENCE: Duration = Duration::from_secs(20);

/// What a server does with a connection.
#[derive(Clone)]
pub(crate) enum Greeting {
    /// A handshake, and answers.
    Tls(Arc<ServerConfig>),
    /// A refusal without TLS.
    Plain,
    /// Nothing.
    Silence,
    /// A long message of a handshake, byte by byte.
    Drip,
    /// A reset.
    Reset,
    /// No more than an end.
    Close,
}

/// Runs until the process ends.
pub(crate) struct Server {
    address: SocketAddr,
    connections: Arc<AtomicUsize>,
    requests: Arc<AtomicUsize>,
}

impl Server {
    pub(crate) fn start(greeting: Greeting) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
        let address = listener.local_addr().expect("an address");
        let (connections, requests) = <(Arc<AtomicUsize>, Arc<AtomicUsize>)>::default();
        let (connected, asked) = (Arc::clone(&connections), Arc::clone(&requests));
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                connected.fetch_add(1, Ordering::Relaxed);
                let (greeting, asked) = (greeting.clone(), Arc::clone(&asked));
                thread::spawn(move || greet(stream, greeting, &asked));
            }
        });
        Self {
            address,
            connections,
            requests,
        }
    }

    /// One with this certificate.
    pub(crate) fn with(certificate: &Certificate) -> Self {
        Self::start(Greeting::Tls(config(certificate, None)))
    }

    /// One that wants to see a certificate of this authority.
    pub(crate) fn with_clients_of(authority: &Authority, certificate: &Certificate) -> Self {
        Self::start(Greeting::Tls(config(certificate, Some(authority))))
    }

    pub(crate) fn url(&self) -> String {
        format!("https://{}", self.address)
    }

    pub(crate) fn connections(&self) -> usize {
        self.connections.load(Ordering::Relaxed)
    }

    pub(crate) fn requests(&self) -> usize {
        self.requests.load(Ordering::Relaxed)
    }
}

fn config(certificate: &Certificate, clients: Option<&Authority>) -> Arc<ServerConfig> {
    let provider = Arc::new(ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider.clone())
        .with_safe_default_protocol_versions()
        .expect("versions");
    let config = match clients {
        None => config.with_no_client_auth(),
        Some(authority) => {
            let mut roots = RootCertStore::empty();
            roots.add(authority.der()).expect("an authority");
            let verifier = WebPkiClientVerifier::builder_with_provider(roots.into(), provider);
            config.with_client_cert_verifier(verifier.build().expect("a verifier"))
        }
    };
    let chain = vec![certificate.der()];
    let config = config.with_single_cert(chain, certificate.key_der());
    Arc::new(config.expect("a certificate and its key"))
}

fn greet(mut stream: TcpStream, greeting: Greeting, requests: &AtomicUsize) -> io::Result<()> {
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_nodelay(true)?;
    // Something must be there that is not read, for a reset.
    stream.peek(&mut [0])?;
    match greeting {
        Greeting::Tls(config) => {
            let connection = ServerConnection::new(config).map_err(io::Error::other)?;
            talk(&mut StreamOwned::new(connection, stream), requests)
        }
        Greeting::Plain => {
            stream.write_all(b"HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n")?;
            wait_for_end(&mut stream)
        }
        Greeting::Silence => wait_for_end(&mut stream),
        Greeting::Drip => drip(&mut stream),
        Greeting::Reset => Ok(()),
        Greeting::Close => {
            stream.shutdown(Shutdown::Write)?;
            wait_for_end(&mut stream)
        }
    }
}

fn talk(
    stream: &mut StreamOwned<ServerConnection, TcpStream>,
    requests: &AtomicUsize,
) -> io::Result<()> {
    const ANSWER: &[u8] = b"HTTP/1.1 200 OK\r\ncontent-length: 16\r\n\r\n{\"now\": \"12:00\"}";
    let mut head = Vec::new();
    let mut block = [0; 4096];
    loop {
        match stream.read(&mut block) {
            Ok(0) => return Ok(()),
            Ok(length) => head.extend_from_slice(&block[..length]),
            // It wrote, and would rather be asked again.
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
            Err(error) => {
                // An alert may wait to be sent.
                stream.flush()?;
                return Err(error);
            }
        }
        if head.ends_with(b"\r\n\r\n") {
            requests.fetch_add(1, Ordering::Relaxed);
            stream.write_all(ANSWER)?;
            stream.flush()?;
            head.clear();
        }
    }
}

fn drip(stream: &mut TcpStream) -> io::Result<()> {
    stream.write_all(&[22, 3, 3, 64, 0])?;
    loop {
        stream.write_all(&[0])?;
        thread::sleep(Duration::from_millis(5));
    }
}

fn wait_for_end(stream: &mut TcpStream) -> io::Result<()> {
    io::copy(stream, &mut io::sink()).map(drop)
}
