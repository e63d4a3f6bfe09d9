//! Tests against servers that work on bytes.

mod cancellation;
#[cfg(feature = "gzip")]
mod content_encoding;
mod delivery;
mod packets;
mod pool;
mod proxies;
mod responses;
#[cfg(feature = "_tls")]
mod tls;

use std::net::SocketAddr;
use std::sync::Mutex;
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::{Duration, Instant};

use test_server::{Connection, Server};
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
fn server(mut serve: impl FnMut(usize, &mut Peer) + Send + 'static) -> SocketAddr {
    start(move |connection| serve(connection.index(), &mut Peer(connection)))
}

/// Starts a server and returns its address. It runs until the process exits, because some handlers
/// block until their test has ended.
fn start(serve: impl FnMut(Connection) + Send + 'static) -> SocketAddr {
    let serve = Mutex::new(serve);
    let server = Server::start(move |connection| {
        // A poisoned lock belongs to a handler that has failed its test.
        (serve.lock().expect("no handler should panic"))(connection);
        Ok(())
    });
    let address = server.address();
    std::mem::forget(server);
    address
}

/// Server side of a connection.
struct Peer(Connection);

impl Peer {
    /// Reads the head of a request, including the empty line. Returns an empty string if the client
    /// closes the connection.
    fn read_head(&mut self) -> String {
        self.0.read_head().unwrap_or_default()
    }

    /// Reads a request without sending `100 Continue`.
    fn read_request(&mut self) -> (String, Vec<u8>) {
        let head = self.read_head();
        let mut request = test_server::Request::parse(&head, 0).expect("a request");
        self.0.read_body(&mut request).expect("a body");
        (head, request.body)
    }

    /// Returns the result of one read.
    fn read_packet(&mut self) -> String {
        let packet = self.0.read_chunk().expect("a packet");
        String::from_utf8_lossy(&packet).into_owned()
    }

    fn send(&mut self, text: impl AsRef<[u8]>) {
        self.0.send(text).expect("an open connection");
    }

    fn respond(&mut self, status: u16, body: &str) {
        let sent = self.0.respond(status, &[], body);
        sent.expect("an open connection");
    }

    /// Waits until the client closes the connection.
    fn wait_for_close(&mut self) {
        // A reset is an end as well.
        let _ = self.0.wait_for_close();
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
