//! Against servers of raw bytes.

mod answers;
mod pieces;
mod pool;
mod proxies;
mod sent;
mod time;
#[cfg(feature = "_tls")]
mod tls;

use std::io::{BufRead as _, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::Duration;

use ureq::http::{Request, Response};

use super::{Http, HttpBuilder, Proxy};
use crate::transport::{Body, TransportError};

/// Longer than anything here takes; only what is broken waits for it.
const LONG: Duration = Duration::from_secs(20);

/// A transport that does not depend on the environment.
fn builder() -> HttpBuilder {
    Http::builder().proxy(Proxy::None)
}

fn http() -> Http {
    builder().build().expect("good settings")
}

/// Listens, and shows the n-th connection to `serve`, one after the other.
fn server(
    connections: usize,
    mut serve: impl FnMut(usize, &mut Peer) + Send + 'static,
) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = listener.local_addr().expect("an address");
    thread::spawn(move || {
        for n in 0..connections {
            let (stream, _) = listener.accept().expect("a connection");
            stream.set_read_timeout(Some(LONG)).expect("a timeout");
            serve(n, &mut Peer(BufReader::new(stream)));
        }
    });
    address
}

/// The other end of a connection.
struct Peer(BufReader<TcpStream>);

impl Peer {
    /// Reads a head, with the empty line at its end.
    fn head(&mut self) -> String {
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            if self.0.read_line(&mut head).expect("a line") == 0 {
                break;
            }
        }
        head
    }

    /// Reads a whole request.
    fn request(&mut self) -> (String, Vec<u8>) {
        let head = self.head();
        let length = head
            .lines()
            .find_map(|line| line.strip_prefix("content-length: ")?.parse().ok());
        let mut body = vec![0; length.unwrap_or(0)];
        self.0.read_exact(&mut body).expect("a body");
        (head, body)
    }

    /// What one system call brings.
    fn piece(&mut self) -> String {
        let mut buffer = [0; 8192];
        let read = self.0.get_mut().read(&mut buffer).expect("a piece");
        String::from_utf8_lossy(&buffer[..read]).into_owned()
    }

    fn say(&mut self, text: impl AsRef<[u8]>) {
        self.0.get_mut().write_all(text.as_ref()).expect("to send");
    }

    fn answer(&mut self, status: u16, body: &str) {
        let length = body.len();
        self.say(format!(
            "HTTP/1.1 {status} Status\r\ncontent-length: {length}\r\n\r\n{body}"
        ));
    }

    /// Waits until the other end is gone.
    fn wait_for_end(&mut self) {
        let _ = std::io::copy(&mut self.0, &mut std::io::sink());
    }
}

fn get(address: SocketAddr) -> Request<Body<'static>> {
    request("GET", &format!("http://{address}/"), Body::Empty)
}

fn post(address: SocketAddr, body: Body<'_>) -> Request<Body<'_>> {
    request("POST", &format!("http://{address}/"), body)
}

fn request<'a>(method: &str, url: &str, body: Body<'a>) -> Request<Body<'a>> {
    Request::builder()
        .method(method)
        .uri(url)
        .body(body)
        .expect("a request")
}

/// As many zeros.
fn zeros(length: u64) -> Body<'static> {
    let reader = Box::new(std::io::repeat(0));
    Body::Stream { length, reader }
}

fn with<T: Clone + Send + Sync + 'static>(
    mut request: Request<Body<'_>>,
    wish: T,
) -> Request<Body<'_>> {
    request.extensions_mut().insert(wish);
    request
}

/// The outcome of `work`, within a time that nothing here comes near to.
fn soon<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || sender.send(work()));
    receiver.recv_timeout(LONG).expect("an end in time")
}

fn next<T>(receiver: &Receiver<T>) -> T {
    receiver.recv_timeout(LONG).expect("news in time")
}

fn failure(outcome: Result<Response<Vec<u8>>, TransportError>) -> TransportError {
    outcome.expect_err("no complete answer")
}
