//! One accepted connection.

use std::io::{self, Read, Write as _};
use std::net::{Shutdown, TcpStream};
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use crate::deadline::DEADLINE;
use crate::message::{CONTINUE, Request, response};
use crate::state::{Registration, State};
use crate::stream::Stream;

/// Maximum size of a request head.
const MAX_HEAD: usize = 1 << 20;

const END_OF_HEAD: &[u8] = b"\r\n\r\n";

/// Size of one read, and of the blocks of zeros that are omitted from large bodies.
const BLOCK: usize = 64 << 10;

/// Size up to which a body is stored in full.
const MAX_STORED_BODY: u64 = 8 << 20;

/// An accepted connection. Closed on drop.
///
/// [`Read`] reads bytes as the client sent them, decrypted after `into_tls`.
#[derive(Debug)]
pub struct Connection {
    stream: Stream,
    /// Bytes received but not consumed.
    received: Vec<u8>,
    /// Target of single reads, allocated once.
    block: Vec<u8>,
    // Dropped after the stream.
    registration: Registration,
}

impl Connection {
    pub(crate) fn new(socket: TcpStream, state: &Arc<State>) -> io::Result<Self> {
        socket.set_read_timeout(Some(DEADLINE))?;
        socket.set_write_timeout(Some(DEADLINE))?;
        // Disables buffering in the kernel, so that the client receives the pieces that a test sends.
        socket.set_nodelay(true)?;
        let registration = Registration::new(state, &socket)?;
        Ok(Self {
            stream: Stream::Plain(socket),
            received: Vec::new(),
            block: vec![0; BLOCK],
            registration,
        })
    }

    /// Returns the index of the connection, from 0 in the order of acceptance.
    pub fn index(&self) -> usize {
        self.registration.index
    }

    /// Performs a TLS handshake and encrypts the connection.
    ///
    /// # Errors
    ///
    /// If the handshake fails. The client has received the alert and closed the connection then.
    #[cfg(feature = "tls")]
    pub fn into_tls(self, config: &Arc<rustls::ServerConfig>) -> io::Result<Self> {
        Ok(Self {
            stream: self.stream.into_tls(Arc::clone(config), &self.received)?,
            received: Vec::new(),
            ..self
        })
    }

    /// Waits for data. Returns `false` if the client has closed the connection.
    ///
    /// # Errors
    ///
    /// If the read fails or times out.
    pub fn has_data(&mut self) -> io::Result<bool> {
        Ok(!self.received.is_empty() || self.receive()? > 0)
    }

    /// Returns the bytes of a single read from the socket.
    ///
    /// # Errors
    ///
    /// If the read fails or times out.
    pub fn read_chunk(&mut self) -> io::Result<Vec<u8>> {
        self.has_data()?;
        Ok(std::mem::take(&mut self.received))
    }

    /// Returns this many bytes.
    ///
    /// # Errors
    ///
    /// If a read fails or times out, or if the client closes the connection before.
    pub fn read_bytes(&mut self, count: usize) -> io::Result<Vec<u8>> {
        let mut bytes = vec![0; count];
        self.read_exact(&mut bytes)?;
        Ok(bytes)
    }

    /// Waits for a whole request head and returns it, including the empty line at its end, without
    /// consuming it.
    ///
    /// # Errors
    ///
    /// - [`InvalidData`](io::ErrorKind::InvalidData) if the bytes are not an HTTP request.
    /// - [`UnexpectedEof`](io::ErrorKind::UnexpectedEof) if the client closes the connection before.
    /// - If a read fails or times out.
    pub fn peek_head(&mut self) -> io::Result<&str> {
        let invalid = |reason| io::Error::new(io::ErrorKind::InvalidData, reason);
        let mut searched = 0;
        let end = loop {
            let found = find(&self.received[searched..], END_OF_HEAD);
            if let Some(at) = found {
                break searched + at + END_OF_HEAD.len();
            }
            // For example a TLS handshake, in which no end of a head would ever arrive.
            if self
                .received
                .first()
                .is_some_and(|byte| !byte.is_ascii_uppercase())
            {
                return Err(invalid("not an HTTP request"));
            }
            // The end may be split between two reads.
            searched = self.received.len().saturating_sub(END_OF_HEAD.len() - 1);
            if self.received.len() > MAX_HEAD {
                return Err(invalid("the request head is too large"));
            }
            if self.receive()? == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
        };
        std::str::from_utf8(&self.received[..end]).map_err(|_| invalid("not UTF-8"))
    }

    /// Reads a request head, including the empty line at its end.
    ///
    /// # Errors
    ///
    /// As [`peek_head`](Self::peek_head).
    pub fn read_head(&mut self) -> io::Result<String> {
        let head = self.peek_head()?.to_owned();
        self.received.drain(..head.len());
        Ok(head)
    }

    /// Reads a request head as a [`Request`] without body.
    ///
    /// # Errors
    ///
    /// As [`peek_head`](Self::peek_head), and if the head cannot be parsed.
    pub fn read_request_head(&mut self) -> io::Result<Request> {
        Request::parse(&self.read_head()?, self.index())
    }

    /// Reads the rest of the request body. Does not send [`CONTINUE`].
    ///
    /// # Errors
    ///
    /// If a read fails or times out, or if the client closes the connection before.
    pub fn read_body(&mut self, request: &mut Request) -> io::Result<()> {
        self.read_body_until(request, u64::MAX)
    }

    /// Reads the request body until at least `len` bytes of it or the whole body are received.
    ///
    /// # Errors
    ///
    /// If a read fails or times out, or if the client closes the connection before.
    pub fn read_body_until(&mut self, request: &mut Request, len: u64) -> io::Result<()> {
        let content_length = request.content_length()?;
        let end = content_length.min(len);
        let mut block = vec![0; BLOCK];
        while request.body_len < end {
            let rest = content_length - request.body_len;
            let most = usize::try_from(rest).map_or(BLOCK, |rest| rest.min(BLOCK));
            let count = self.read(&mut block[..most])?;
            if count == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            let received = &block[..count];
            request.body_len += count as u64;
            if content_length <= MAX_STORED_BODY || received.iter().any(|byte| *byte != 0) {
                request.body.extend_from_slice(received);
            }
        }
        Ok(())
    }

    /// Reads a whole request, with [`CONTINUE`] if the client expects it, and records it in
    /// [`Server::requests`](crate::Server::requests). A request whose body is not complete is
    /// recorded too.
    ///
    /// # Errors
    ///
    /// As [`read_request_head`](Self::read_request_head) and [`read_body`](Self::read_body).
    pub fn read_request(&mut self) -> io::Result<Request> {
        let mut request = self.read_request_head()?;
        if request.expects_continue() {
            self.send(CONTINUE)?;
        }
        let result = self.read_body(&mut request);
        self.record(&request);
        result.map(|()| request)
    }

    /// Adds a request to [`Server::requests`](crate::Server::requests).
    pub fn record(&self, request: &Request) {
        self.registration.state.record(request.clone());
    }

    /// Sends these bytes.
    ///
    /// # Errors
    ///
    /// If the write fails or times out.
    pub fn send(&mut self, bytes: impl AsRef<[u8]>) -> io::Result<()> {
        self.stream.write_all(bytes.as_ref())?;
        self.stream.flush()
    }

    /// Sends a [`response`].
    ///
    /// # Errors
    ///
    /// If the write fails or times out.
    pub fn respond(
        &mut self,
        status: u16,
        headers: &[&str],
        body: impl AsRef<[u8]>,
    ) -> io::Result<()> {
        self.send(response(status, headers, body))
    }

    /// Sends these bytes one by one, with a pause after each.
    ///
    /// # Errors
    ///
    /// If a write fails or times out.
    pub fn send_slowly<'a>(
        &mut self,
        bytes: impl IntoIterator<Item = &'a u8>,
        pause: Duration,
    ) -> io::Result<()> {
        for byte in bytes {
            self.send([*byte])?;
            if pause.is_zero() {
                thread::yield_now();
            } else {
                thread::sleep(pause);
            }
        }
        Ok(())
    }

    /// Reads and discards data until the client closes the connection.
    ///
    /// # Errors
    ///
    /// If a read fails or times out.
    pub fn wait_for_close(&mut self) -> io::Result<()> {
        io::copy(self, &mut io::sink()).map(drop)
    }

    /// Neither reads nor sends anything until the server is dropped.
    pub fn hang(&self) {
        self.registration.state.wait_for_stop();
    }

    /// Closes the sending side (FIN). The client can still send data.
    ///
    /// # Errors
    ///
    /// If the client has reset the connection.
    pub fn shut_down_write(&mut self) -> io::Result<()> {
        self.stream.socket().shutdown(Shutdown::Write)
    }

    /// Closes the connection with a reset (RST) instead of a regular end (FIN).
    ///
    /// # Errors
    ///
    /// If the socket option cannot be set.
    pub fn reset(self) -> io::Result<()> {
        // A lingering time of zero discards unsent data and sends RST.
        socket2::SockRef::from(self.stream.socket()).set_linger(Some(Duration::ZERO))
    }

    /// Appends the bytes of one read to `received`.
    fn receive(&mut self) -> io::Result<usize> {
        let count = self.stream.read(&mut self.block)?;
        self.received.extend_from_slice(&self.block[..count]);
        Ok(count)
    }
}

impl Read for Connection {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.received.is_empty() {
            return self.stream.read(buffer);
        }
        let count = self.received.len().min(buffer.len());
        buffer[..count].copy_from_slice(&self.received[..count]);
        self.received.drain(..count);
        Ok(count)
    }
}

fn find(bytes: &[u8], part: &[u8]) -> Option<usize> {
    bytes.windows(part.len()).position(|window| window == part)
}
