//! Bodies of requests.

use std::fmt;
use std::io::Read;

/// Body of a request.
pub enum Body<'a> {
    /// No body. `content-length: 0` is sent if the method usually has a body.
    Empty,
    /// A body in memory.
    Bytes(Vec<u8>),
    /// A body that is read while it is sent.
    Stream {
        /// Number of bytes that `reader` provides.
        length: u64,
        /// Further bytes are not sent. The request fails if there are fewer.
        reader: Box<dyn Read + 'a>,
    },
}

impl Body<'_> {
    /// Returns the length in bytes.
    pub fn length(&self) -> u64 {
        match self {
            Self::Empty => 0,
            Self::Bytes(bytes) => bytes.len() as u64,
            Self::Stream { length, .. } => *length,
        }
    }
}

impl fmt::Debug for Body<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("Empty"),
            Self::Bytes(bytes) => write!(f, "Bytes({})", bytes.len()),
            Self::Stream { length, .. } => write!(f, "Stream({length})"),
        }
    }
}
