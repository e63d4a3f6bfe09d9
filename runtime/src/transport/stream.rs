//! Bodies of responses that are read while they arrive.

use std::fmt;
use std::io::Read as _;

use super::error::TransportError;

/// Body of a response that is read while it arrives.
///
/// Dropping it closes the connection, unless the body was read to its end.
pub trait BodyStream: fmt::Debug + Send {
    /// Waits for bytes and reads them. Zero is the end of the body.
    ///
    /// # Errors
    ///
    /// Returns an error if the body is incomplete, if no byte arrived within the idle timeout, and
    /// after the deadline or the interrupt of the call.
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize, TransportError>;

    /// Reads the rest of the body into memory.
    ///
    /// # Errors
    ///
    /// Returns the errors of [`read`](Self::read), and an error if the body is larger than the limit of
    /// the transport.
    fn into_bytes(self: Box<Self>) -> Result<Vec<u8>, TransportError>;

    /// Closes the body, of which nothing else is expected. The connection can be used again if the end
    /// of the body arrives at once.
    fn finish(self: Box<Self>) {}
}

/// Body in memory.
pub(super) struct ReceivedBody {
    bytes: Vec<u8>,
    read: usize,
}

impl ReceivedBody {
    pub(super) fn new(bytes: Vec<u8>) -> Self {
        Self { bytes, read: 0 }
    }
}

impl BodyStream for ReceivedBody {
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize, TransportError> {
        // Reading from a slice cannot fail.
        let length = (&self.bytes[self.read..]).read(buffer).unwrap_or(0);
        self.read += length;
        Ok(length)
    }

    fn into_bytes(mut self: Box<Self>) -> Result<Vec<u8>, TransportError> {
        self.bytes.drain(..self.read);
        Ok(self.bytes)
    }
}

impl fmt::Debug for ReceivedBody {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ReceivedBody({})", self.bytes.len())
    }
}
