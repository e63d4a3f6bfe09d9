//! The way requests go out.
//!
//! [`Http`] sends them over the network; [`Scripted`] answers from memory, for tests without a
//! server. A transport of one's own implements [`Transport`].

mod http;
mod scripted;

use std::error::Error as StdError;
use std::fmt;
use std::io::{self, Read, Write};

use ::ureq::http as vocabulary;

pub use self::http::{Http, Timeouts};
pub use self::scripted::{Recorded, Scripted};

/// Sends one request and brings its answer, whatever its status.
///
/// An implementation sends a request at most once, follows no redirects, and gives an error only
/// where there is no complete answer.
pub trait Transport: fmt::Debug + Send + Sync {
    /// Sends `request`, and reads the whole body of the answer.
    ///
    /// # Errors
    ///
    /// When no complete answer came; [`TransportError::sent`] tells how far the request got.
    fn send(
        &self,
        request: vocabulary::Request<Body<'_>>,
    ) -> Result<vocabulary::Response<Vec<u8>>, TransportError>;

    /// Sends `request`, and writes the body of a good answer (2xx) to `into` while it comes: the
    /// answer that is given back has none. Other answers are brought as by [`send`](Self::send).
    ///
    /// Without an implementation of its own the body is read into memory first.
    ///
    /// # Errors
    ///
    /// Those of [`send`](Self::send), and [`Fault::Output`] if `into` fails.
    fn send_into(
        &self,
        request: vocabulary::Request<Body<'_>>,
        into: &mut dyn Write,
    ) -> Result<vocabulary::Response<Vec<u8>>, TransportError> {
        let mut response = self.send(request)?;
        if response.status().is_success() {
            let body = std::mem::take(response.body_mut());
            into.write_all(&body).map_err(not_taken)?;
        }
        Ok(response)
    }
}

/// What takes the answer failed.
pub(crate) fn not_taken(error: io::Error) -> TransportError {
    TransportError {
        sent: Sent::Maybe,
        fault: Fault::Output,
        passes: false,
        message: format!("the answer could not be written: {error}"),
        source: Some(error.into()),
    }
}

/// The body of a request.
pub enum Body<'a> {
    /// None; `content-length: 0` where the method calls for it.
    Empty,
    /// In memory.
    Bytes(Vec<u8>),
    /// Read while it is sent.
    Stream {
        /// How many bytes `reader` gives.
        length: u64,
        /// Ends with an error if it cannot give that many.
        reader: Box<dyn Read + 'a>,
    },
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

/// Why no complete answer came.
#[derive(Debug)]
pub struct TransportError {
    /// How far the request got.
    pub sent: Sent,
    /// What failed.
    pub fault: Fault,
    /// Whether it may go better another time: not with an unknown host or a bad certificate.
    pub passes: bool,
    /// The words for it, without secrets, in lower case and without a full stop.
    pub message: String,
    /// What lies below.
    pub source: Option<Box<dyn StdError + Send + Sync>>,
}

/// How far a request got that brought no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sent {
    /// Not one byte of it left.
    No,
    /// Some or all of it may have arrived.
    Maybe,
}

/// What failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fault {
    /// The request cannot be sent as it is: a URL or header that HTTP does not allow, a file that
    /// became shorter while it was read.
    Request,
    /// There is no connection: an unknown host, a refused port, a certificate not to be trusted.
    Connect,
    /// The connection failed.
    Connection,
    /// It took too long.
    Timeout,
    /// What came is not HTTP, or too large.
    Answer,
    /// The answer could not be written where it was wanted.
    Output,
}

impl fmt::Display for TransportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl StdError for TransportError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.source.as_deref().map(|source| source as _)
    }
}
