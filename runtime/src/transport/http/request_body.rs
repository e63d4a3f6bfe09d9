//! Request bodies that are read while they are sent.

use std::error::Error as StdError;
use std::fmt;
use std::io::{self, Read};

use super::call_state;

/// A request body of known length. If it is shorter, reading fails; `ureq` would wait for the
/// missing bytes forever.
pub(super) struct SizedBody<R> {
    reader: R,
    left: u64,
}

impl<R: Read> SizedBody<R> {
    pub(super) fn new(reader: R, length: u64) -> Self {
        Self {
            reader,
            left: length,
        }
    }

    fn read_some(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if call_state::with(|call| call.write_failed) {
            // The server no longer reads, but has sent a response. `ureq` reads it only after the
            // body: so the body is used up without reading it. None of it is sent.
            return Ok(buffer.len());
        }
        loop {
            match self.reader.read(buffer) {
                Ok(0) => return Err(io::Error::other(TooShort)),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                result => return result,
            }
        }
    }
}

impl<R: Read> Read for SizedBody<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = usize::try_from(self.left).map_or(buffer.len(), |left| left.min(buffer.len()));
        if length == 0 {
            return Ok(0);
        }
        // The wrapper distinguishes errors of the body from errors of the connection.
        let read = self
            .read_some(&mut buffer[..length])
            .map_err(|error| io::Error::other(UnreadableBody(error)))?;
        self.left -= read as u64;
        Ok(read)
    }
}

/// Error of reading the request body.
#[derive(Debug)]
pub(super) struct UnreadableBody(pub(super) io::Error);

impl fmt::Display for UnreadableBody {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl StdError for UnreadableBody {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        Some(&self.0)
    }
}

#[derive(Debug)]
struct TooShort;

impl fmt::Display for TooShort {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the body is shorter than its declared length")
    }
}

impl StdError for TooShort {}
