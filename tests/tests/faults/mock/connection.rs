//! One connection: requests are read so that the last byte stays in the socket as long as
//! possible, because closing a socket with something unread in it is a reset.

use std::io::{self, ErrorKind, Read as _, Write as _};
use std::net::{Shutdown, TcpStream};
use std::thread;
use std::time::Duration;

use super::http::Head;

/// No test waits this long unless something is broken.
const PATIENCE: Duration = Duration::from_secs(60);

/// More than any head has.
const BLOCK: usize = 16 << 10;

const END_OF_HEAD: &[u8] = b"\r\n\r\n";

pub(super) struct Connection {
    stream: TcpStream,
    /// The last byte of what was read is still in the socket.
    owed: bool,
}

/// What is there of a request without anything having been read.
pub(super) enum Arrival {
    /// The client has closed the connection.
    Closed,
    /// A head, and how long it is.
    Head(Head, usize),
    /// Not HTTP.
    Foreign,
}

impl Connection {
    pub(super) fn new(stream: TcpStream) -> io::Result<Self> {
        stream.set_read_timeout(Some(PATIENCE))?;
        stream.set_write_timeout(Some(PATIENCE))?;
        stream.set_nodelay(true)?;
        Ok(Self {
            stream,
            owed: false,
        })
    }

    /// Waits for the next request.
    pub(super) fn arrival(&mut self) -> io::Result<Arrival> {
        self.settle()?;
        let mut block = vec![0; BLOCK];
        loop {
            let there = self.stream.peek(&mut block)?;
            if there == 0 {
                return Ok(Arrival::Closed);
            }
            if !block[0].is_ascii_uppercase() {
                return Ok(Arrival::Foreign);
            }
            let end = block[..there].windows(4).position(|w| w == END_OF_HEAD);
            if let Some(end) = end {
                let length = end + END_OF_HEAD.len();
                let head = Head::parse(&block[..length]);
                return Ok(head.map_or(Arrival::Foreign, |head| Arrival::Head(head, length)));
            }
            // `peek` gives what is there without waiting for more.
            thread::yield_now();
        }
    }

    /// Reads this many bytes, and leaves the last one.
    pub(super) fn take(&mut self, length: usize) -> io::Result<Vec<u8>> {
        if length == 0 {
            return Ok(Vec::new());
        }
        self.settle()?;
        let mut bytes = vec![0; length];
        self.stream.read_exact(&mut bytes[..length - 1])?;
        if self.stream.peek(&mut bytes[length - 1..])? == 0 {
            return Err(ErrorKind::UnexpectedEof.into());
        }
        self.owed = true;
        Ok(bytes)
    }

    pub(super) fn send(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.stream.write_all(bytes)
    }

    pub(super) fn drip(&mut self, bytes: &[u8], pause: Duration) -> io::Result<()> {
        for byte in bytes {
            self.stream.write_all(&[*byte])?;
            if pause.is_zero() {
                thread::yield_now();
            } else {
                thread::sleep(pause);
            }
        }
        Ok(())
    }

    /// Reads until the client has closed.
    pub(super) fn drain(&mut self) -> io::Result<()> {
        self.owed = false;
        let mut block = [0; 4096];
        while self.stream.read(&mut block)? > 0 {}
        Ok(())
    }

    /// Ends what the server says.
    pub(super) fn fin(&mut self) -> io::Result<()> {
        self.stream.shutdown(Shutdown::Write)
    }

    /// Makes sure that something is unread, so that closing is a reset.
    pub(super) fn prepare_reset(&mut self) -> io::Result<()> {
        self.stream.peek(&mut [0]).map(drop)
    }

    fn settle(&mut self) -> io::Result<()> {
        if self.owed {
            self.owed = false;
            self.stream.read_exact(&mut [0])?;
        }
        Ok(())
    }
}
