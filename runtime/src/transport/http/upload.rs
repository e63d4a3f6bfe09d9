//! Bodies that are read while they are sent.

use std::error::Error as StdError;
use std::fmt;
use std::io::{self, Read};

use super::call;

/// A body of known length. `ureq` would wait for missing bytes for ever.
pub(super) struct Measured<R> {
    reader: R,
    left: u64,
}

impl<R: Read> Measured<R> {
    pub(super) fn new(reader: R, length: u64) -> Self {
        Self {
            reader,
            left: length,
        }
    }

    fn fill(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if call::with(|call| call.refused) {
            // None of this is sent: it only brings the call to where it reads the answer.
            return Ok(buffer.len());
        }
        loop {
            match self.reader.read(buffer) {
                Ok(0) => return Err(io::Error::other(Short)),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                other => return other,
            }
        }
    }
}

impl<R: Read> Read for Measured<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let room = usize::try_from(self.left).map_or(buffer.len(), |left| left.min(buffer.len()));
        if room == 0 {
            return Ok(0);
        }
        // Marked, lest it be taken for a failure of the connection.
        let read = self
            .fill(&mut buffer[..room])
            .map_err(|error| io::Error::other(Unreadable(error)))?;
        self.left -= read as u64;
        Ok(read)
    }
}

/// The body could not be read.
#[derive(Debug)]
pub(super) struct Unreadable(pub(super) io::Error);

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl StdError for Unreadable {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        Some(&self.0)
    }
}

#[derive(Debug)]
struct Short;

impl fmt::Display for Short {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the body is shorter than was said")
    }
}

impl StdError for Short {}
