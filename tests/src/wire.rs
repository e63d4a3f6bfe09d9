//! A server of raw bytes.
//!
//! ```
//! use std::io::{Read as _, Write as _};
//! use tests::wire::{Reply, Server};
//!
//! let server = Server::start([Reply::json(200, r#"{"id": "1"}"#)]);
//! let mut client = std::net::TcpStream::connect(server.address())?;
//! client.write_all(b"GET /x HTTP/1.1\r\nhost: h\r\nconnection: close\r\n\r\n")?;
//! let mut answer = String::new();
//! client.read_to_string(&mut answer)?;
//! assert!(answer.ends_with(r#"{"id": "1"}"#));
//! assert_eq!(server.requests()[0].line, "GET /x HTTP/1.1");
//! # Ok::<(), std::io::Error>(())
//! ```

use std::collections::VecDeque;
use std::io::{self, BufReader, Read, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

/// No test waits this long unless something is broken.
const PATIENCE: Duration = Duration::from_secs(120);

/// Bytes of a body that are kept; of longer ones only blocks that are not all zeros.
const KEPT: u64 = 8 << 20;

const BLOCK: usize = 64 << 10;

/// A request as it came.
#[derive(Clone, Debug)]
pub struct Request {
    /// Which connection it came by, counted from 0.
    pub connection: usize,
    /// The first line, without its end.
    pub line: String,
    /// Names in lower case and values, as they came, in their order.
    pub headers: Vec<(String, String)>,
    /// The body. Of one beyond 8 MiB the blocks that are all zeros are left out.
    pub body: Vec<u8>,
    /// How many bytes the body had.
    pub length: u64,
}

impl Request {
    /// The value of a header, which must be there once at most.
    ///
    /// # Panics
    ///
    /// If it is there twice.
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut values = self.headers.iter().filter(|(known, _)| known == name);
        let value = values.next().map(|(_, value)| &**value);
        assert!(values.next().is_none(), "{name} twice: {:?}", self.headers);
        value
    }

    /// The headers in the order of their names, one a line.
    pub fn head(&self) -> String {
        let mut headers = self.headers.clone();
        headers.sort();
        let lines = headers
            .iter()
            .map(|(name, value)| format!("{name}: {value}\n"));
        lines.collect()
    }

    /// The body as text.
    ///
    /// # Panics
    ///
    /// If it is not UTF-8.
    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.body).expect("a body of text")
    }
}

/// What the server does with a request.
#[derive(Clone, Debug)]
pub enum Reply {
    /// Reads it, and sends these bytes.
    Bytes(Vec<u8>),
    /// Reads it, sends these bytes and closes the connection.
    Last(Vec<u8>),
    /// Sees the whole request and resets the connection (RST).
    Reset,
    /// Answers when the head is read, instead of asking for the body, and closes the connection.
    Early(Vec<u8>),
    /// Reads it and stays silent until the client gives up.
    Silence,
    /// Reads the head and a first block of the body, runs this, and goes on reading to the end.
    Disturb(fn(&std::path::Path), std::path::PathBuf),
}

impl Reply {
    /// An answer with a body of JSON, or of what is no JSON but is called so.
    pub fn json(status: u16, body: impl AsRef<[u8]>) -> Self {
        Self::with(status, &["content-type: application/json"], body)
    }

    /// An answer with these header lines and a `content-length`.
    pub fn with(status: u16, headers: &[&str], body: impl AsRef<[u8]>) -> Self {
        Self::Bytes(answer(status, headers, body.as_ref()))
    }
}

/// The bytes of an answer with these header lines and a `content-length`.
pub fn answer(status: u16, headers: &[&str], body: &[u8]) -> Vec<u8> {
    let mut bytes = format!("HTTP/1.1 {status} Whatever\r\n").into_bytes();
    for header in headers {
        bytes.extend_from_slice(header.as_bytes());
        bytes.extend_from_slice(b"\r\n");
    }
    bytes.extend_from_slice(format!("content-length: {}\r\n\r\n", body.len()).as_bytes());
    bytes.extend_from_slice(body);
    bytes
}

/// A server that answers from a list, and closes connections without a word when it is at its end.
#[derive(Debug)]
pub struct Server {
    address: SocketAddr,
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

#[derive(Debug, Default)]
struct Shared {
    replies: Mutex<VecDeque<Reply>>,
    requests: Mutex<Vec<Request>>,
    connections: Mutex<usize>,
    closed: Mutex<usize>,
    changed: Condvar,
    stopped: AtomicBool,
}

impl Server {
    /// Listens on a free port.
    ///
    /// # Panics
    ///
    /// If there is none.
    pub fn start(replies: impl IntoIterator<Item = Reply>) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
        let address = listener.local_addr().expect("an address");
        let shared = Arc::new(Shared {
            replies: Mutex::new(replies.into_iter().collect()),
            ..Shared::default()
        });
        let serving = Arc::clone(&shared);
        let thread = thread::spawn(move || accept(&listener, &serving));
        Self {
            address,
            shared,
            thread: Some(thread),
        }
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// `http://127.0.0.1:PORT`
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// What came so far.
    pub fn requests(&self) -> Vec<Request> {
        lock(&self.shared.requests).clone()
    }

    /// The only request that came.
    ///
    /// # Panics
    ///
    /// If there was none, or more than one.
    pub fn request(&self) -> Request {
        let mut requests = self.requests();
        assert_eq!(requests.len(), 1, "{requests:?}");
        requests.remove(0)
    }

    /// How many connections there were.
    pub fn connections(&self) -> usize {
        *lock(&self.shared.connections)
    }

    /// Returns when the server has closed this many connections.
    ///
    /// # Panics
    ///
    /// If that takes minutes.
    pub fn wait_until_closed(&self, count: usize) {
        let closed = lock(&self.shared.closed);
        let (closed, _) = self
            .shared
            .changed
            .wait_timeout_while(closed, PATIENCE, |closed| *closed < count)
            .unwrap_or_else(PoisonError::into_inner);
        assert!(*closed >= count, "{closed} of {count} connections closed");
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.shared.stopped.store(true, Ordering::SeqCst);
        // Wakes the thread that accepts.
        drop(TcpStream::connect(self.address));
        if let Some(thread) = self.thread.take() {
            drop(thread.join());
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn accept(listener: &TcpListener, shared: &Arc<Shared>) {
    for stream in listener.incoming() {
        if shared.stopped.load(Ordering::SeqCst) {
            return;
        }
        let Ok(stream) = stream else { continue };
        let shared = Arc::clone(shared);
        let connection = {
            let mut connections = lock(&shared.connections);
            *connections += 1;
            *connections - 1
        };
        // Ends when the client closes, or is broken.
        thread::spawn(move || {
            drop(converse(&stream, connection, &shared));
            drop(stream);
            *lock(&shared.closed) += 1;
            shared.changed.notify_all();
        });
    }
}

fn converse(stream: &TcpStream, connection: usize, shared: &Shared) -> io::Result<()> {
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    stream.set_nodelay(true)?;
    let mut writer = stream;
    loop {
        // A client may send nothing more: then the connection has ended well.
        if stream.peek(&mut [0])? == 0 {
            return Ok(());
        }
        let Some(reply) = lock(&shared.replies).pop_front() else {
            return Ok(());
        };
        if let Reply::Reset = reply {
            let request = peek_request(stream, connection)?;
            lock(&shared.requests).push(request);
            // What is left unread makes the system answer with a reset.
            return Ok(());
        }
        // Without read-ahead beyond this request: there is none, as clients do not pipeline.
        let mut reader = BufReader::with_capacity(BLOCK, stream);
        let mut request = read_head(&mut reader, connection)?;
        if let Reply::Early(bytes) = reply {
            lock(&shared.requests).push(request);
            return writer.write_all(&bytes);
        }
        if request.header("expect") == Some("100-continue") {
            writer.write_all(b"HTTP/1.1 100 Continue\r\n\r\n")?;
        }
        let closes = request.header("connection") == Some("close");
        let ended = read_body(&mut reader, &mut request, &reply);
        lock(&shared.requests).push(request);
        ended?;
        match reply {
            Reply::Bytes(bytes) if closes => return writer.write_all(&bytes),
            Reply::Bytes(bytes) => writer.write_all(&bytes)?,
            Reply::Last(bytes) => return writer.write_all(&bytes),
            Reply::Silence => return stream.peek(&mut [0]).map(drop),
            Reply::Reset | Reply::Early(_) | Reply::Disturb(..) => return Ok(()),
        }
    }
}

fn read_head(reader: &mut impl io::BufRead, connection: usize) -> io::Result<Request> {
    let mut next = || {
        let mut line = String::new();
        reader.read_line(&mut line)?;
        match line.strip_suffix("\r\n") {
            Some(line) => Ok(line.to_owned()),
            None => Err(io::Error::new(io::ErrorKind::InvalidData, line)),
        }
    };
    let line = next()?;
    let mut headers = Vec::new();
    loop {
        let header = next()?;
        let Some((name, value)) = header.split_once(": ") else {
            break;
        };
        headers.push((name.to_ascii_lowercase(), value.to_owned()));
    }
    Ok(Request {
        connection,
        line,
        headers,
        body: Vec::new(),
        length: 0,
    })
}

/// Reads as much as was announced. Chunks are not understood: a client must know what it sends.
fn read_body(reader: &mut impl Read, request: &mut Request, reply: &Reply) -> io::Result<()> {
    assert_eq!(request.header("transfer-encoding"), None);
    let announced = request.header("content-length").unwrap_or("0");
    let announced: u64 = announced.parse().map_err(io::Error::other)?;
    let mut block = vec![0; BLOCK];
    let zeros = vec![0; BLOCK];
    let mut disturbed = false;
    while request.length < announced {
        let most = usize::try_from(announced - request.length).unwrap_or(BLOCK);
        let read = reader.read(&mut block[..most.min(BLOCK)])?;
        if read == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        request.length += read as u64;
        let block = &block[..read];
        if announced <= KEPT || *block != zeros[..read] {
            request.body.extend_from_slice(block);
        }
        if let (Reply::Disturb(act, path), false) = (reply, disturbed) {
            act(path);
            disturbed = true;
        }
    }
    Ok(())
}

/// The whole of a small request, which stays in the socket.
fn peek_request(stream: &TcpStream, connection: usize) -> io::Result<Request> {
    let mut bytes = vec![0; BLOCK];
    loop {
        let seen = stream.peek(&mut bytes)?;
        let mut reader = &bytes[..seen];
        if let Ok(mut request) = read_head(&mut reader, connection)
            && read_body(&mut reader, &mut request, &Reply::Reset).is_ok()
        {
            return Ok(request);
        }
        // `peek` gives what is there without waiting for more.
        thread::yield_now();
    }
}
