//! Tests against servers that work on bytes.

mod cancellation;
mod delivery;
mod packets;
mod pool;
mod proxies;
mod responses;
#[cfg(feature = "_tls")]
mod tls;

use std::io::{BufRead as _, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::{Duration, Instant};

use ureq::http::{Request, Response};

use crate::clock::Interrupt;
use crate::transport::{Body, Call, Http, HttpBuilder, Limits, Proxy, TransportError};

/// Upper bound of all waits. Only failing tests take this long.
const LONG: Duration = Duration::from_secs(20);

/// Creates a builder that does not depend on the environment.
fn builder() -> HttpBuilder {
    Http::builder().proxy(Proxy::None)
}

fn http() -> Http {
    builder().build().expect("valid settings")
}

/// Starts a server that passes its connections to `serve`, one after the other.
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

/// Server side of a connection.
struct Peer(BufReader<TcpStream>);

impl Peer {
    /// Reads the head of a request, including the empty line.
    fn read_head(&mut self) -> String {
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            if self.0.read_line(&mut head).expect("a line") == 0 {
                break;
            }
        }
        head
    }

    /// Reads a request.
    fn read_request(&mut self) -> (String, Vec<u8>) {
        let head = self.read_head();
        let length = head
            .lines()
            .find_map(|line| line.strip_prefix("content-length: ")?.parse().ok());
        let mut body = vec![0; length.unwrap_or(0)];
        self.0.read_exact(&mut body).expect("a body");
        (head, body)
    }

    /// Returns the result of one read.
    fn read_packet(&mut self) -> String {
        let mut buffer = [0; 8192];
        let read = self.0.get_mut().read(&mut buffer).expect("a packet");
        String::from_utf8_lossy(&buffer[..read]).into_owned()
    }

    fn send(&mut self, text: impl AsRef<[u8]>) {
        self.0.get_mut().write_all(text.as_ref()).expect("to send");
    }

    fn respond(&mut self, status: u16, body: &str) {
        let length = body.len();
        self.send(format!(
            "HTTP/1.1 {status} Status\r\ncontent-length: {length}\r\n\r\n{body}"
        ));
    }

    /// Waits until the client closes the connection.
    fn wait_for_close(&mut self) {
        let _ = std::io::copy(&mut self.0, &mut std::io::sink());
    }
}

fn get(address: SocketAddr) -> Call<'static> {
    request("GET", &format!("http://{address}/"), Body::Empty)
}

fn post(address: SocketAddr, body: Body<'_>) -> Call<'_> {
    request("POST", &format!("http://{address}/"), body)
}

fn request<'a>(method: &str, url: &str, body: Body<'a>) -> Call<'a> {
    let request = Request::builder().method(method).uri(url).body(body);
    Call::new(request.expect("a request"))
}

/// Creates a streamed body of zeros.
fn zeros(length: u64) -> Body<'static> {
    let reader = Box::new(std::io::repeat(0));
    Body::Stream { length, reader }
}

fn with(mut call: Call<'_>, limits: Limits) -> Call<'_> {
    call.limits = limits;
    call
}

fn deadline(after: Duration) -> Limits {
    Limits {
        deadline: Some(Instant::now() + after),
        ..Limits::default()
    }
}

fn interruptible(interrupt: Interrupt) -> Limits {
    Limits {
        interrupt: Some(interrupt),
        ..Limits::default()
    }
}

/// Runs `work` in a thread and panics if it does not return in time.
fn in_time<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || sender.send(work()));
    receiver.recv_timeout(LONG).expect("a result in time")
}

fn next<T>(receiver: &Receiver<T>) -> T {
    receiver.recv_timeout(LONG).expect("a message in time")
}

fn error_of(result: Result<Response<Vec<u8>>, TransportError>) -> TransportError {
    result.expect_err("an error")
}
