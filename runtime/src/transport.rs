//! The way requests go out.
//!
//! [`Http`] sends them over the network; [`Scripted`] answers from memory, for tests without a
//! server. A transport of one's own implements [`Transport`].

mod http;
mod scripted;

use std::error::Error as StdError;
use std::fmt;
use std::io::{self, Read, Write};
use std::time::Instant;

use ::ureq::http as vocabulary;

use crate::clock::Interrupt;
use crate::delivery::Delivery;
use crate::error::{Error, ErrorKind};

#[cfg(feature = "_tls")]
pub use self::http::Tls;
pub use self::http::{Http, HttpBuilder, Proxy, Timeouts};
pub use self::scripted::{Recorded, Scripted};

/// Sends one request and brings its answer, whatever its status.
///
/// An implementation sends a request at most once, follows no redirects, and gives an error only
/// where there is no complete answer. A refusal (4xx) counts as one even if its body was cut.
///
/// A request may carry [`Limits`] in its [extensions](vocabulary::Request::extensions), each by
/// itself:
///
/// - [`Deadline`]: when the call must be over, whatever its phase;
/// - [`Interrupt`]: ends the call soon after it is raised, and before it begins if it is raised
///   already;
/// - [`FreshConnection`]: a failure must not come from the age of the connection;
/// - [`Timeouts`]: what its phases may take, instead of what the transport was told.
///
/// An implementation that has no use for them may ignore them.
pub trait Transport: fmt::Debug + Send + Sync {
    /// Sends `request`, and reads the whole body of the answer.
    ///
    /// # Errors
    ///
    /// When there is no complete response; see [`TransportError::delivery`].
    fn send(
        &self,
        request: vocabulary::Request<Body<'_>>,
    ) -> Result<vocabulary::Response<Vec<u8>>, TransportError>;

    /// Sends `request` within `limits`, as [`send`](Self::send) does when it finds them in the
    /// extensions of the request; it is given this way, too, as extensions are not free: the
    /// smallest calls take a twentieth more instructions with them.
    ///
    /// # Errors
    ///
    /// As for [`send`](Self::send).
    fn send_within(
        &self,
        mut request: vocabulary::Request<Body<'_>>,
        limits: Limits,
    ) -> Result<vocabulary::Response<Vec<u8>>, TransportError> {
        limits.put_into(request.extensions_mut());
        self.send(request)
    }

    /// Sends `request` within `limits`, and writes the body of a good answer (2xx) to `into` while
    /// it comes: the answer that is given back has none. Other answers are brought as by
    /// [`send`](Self::send).
    ///
    /// Without an implementation of its own the body is read into memory first.
    ///
    /// # Errors
    ///
    /// Those of [`send`](Self::send), and [`Fault::Output`] if `into` fails.
    fn send_into(
        &self,
        request: vocabulary::Request<Body<'_>>,
        limits: Limits,
        into: &mut dyn Write,
    ) -> Result<vocabulary::Response<Vec<u8>>, TransportError> {
        let mut response = self.send_within(request, limits)?;
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
        delivery: Delivery::Unknown,
        fault: Fault::Output,
        transient: false,
        message: format!("the answer could not be written: {error}"),
        source: Some(error.into()),
    }
}

/// What bounds a call.
///
/// # Example
///
/// ```
/// use std::time::{Duration, Instant};
/// use api_runtime::transport::Limits;
///
/// let mut limits = Limits::default();
/// limits.deadline = Some(Instant::now() + Duration::from_secs(30));
/// # let _ = limits;
/// ```
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Limits {
    /// See [`Deadline`].
    pub deadline: Option<Instant>,
    /// Ends the call soon after it is raised.
    pub interrupt: Option<Interrupt>,
    /// See [`FreshConnection`].
    pub fresh_connection: bool,
    /// What its phases may take, if not what the transport was told.
    pub timeouts: Option<Timeouts>,
}

impl Limits {
    fn put_into(self, extensions: &mut vocabulary::Extensions) {
        if let Some(deadline) = self.deadline {
            extensions.insert(Deadline(deadline));
        }
        if let Some(interrupt) = self.interrupt {
            extensions.insert(interrupt);
        }
        if self.fresh_connection {
            extensions.insert(FreshConnection);
        }
        if let Some(timeouts) = self.timeouts {
            extensions.insert(timeouts);
        }
    }

    fn take_from(extensions: &mut vocabulary::Extensions) -> Self {
        Self {
            deadline: extensions.remove().map(|Deadline(at)| at),
            interrupt: extensions.remove(),
            fresh_connection: extensions.remove::<FreshConnection>().is_some(),
            timeouts: extensions.remove(),
        }
    }
}

/// When a call must be over, in the extensions of its request.
///
/// The timeouts of the phases still hold; the deadline cuts short what is left of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Deadline(pub Instant);

/// In the extensions of a request: a failure of its connection must not come from the connection's
/// age.
///
/// Servers close connections that are idle for long, and a request that meets such a close halfway
/// fails without telling whether it was processed. That hurts where a request must not be sent
/// twice. Such a request goes over no connection that was idle for a second or more; any other is
/// still reused, as connections are costly, and servers do not close so early.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FreshConnection;

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
        /// What it gives beyond is not sent; if it gives fewer, the request fails.
        reader: Box<dyn Read + 'a>,
    },
}

impl Body<'_> {
    /// How many bytes it has.
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

/// Error of a request without a complete response.
#[derive(Debug)]
pub struct TransportError {
    /// [`Delivery::NotProcessed`] only if no byte of the request was written.
    pub delivery: Delivery,
    /// What failed.
    pub fault: Fault,
    /// Whether a retry may succeed: not after an unknown host or an invalid certificate.
    pub transient: bool,
    /// Message without secrets, in lower case and without a full stop.
    pub message: String,
    /// The underlying error.
    pub source: Option<Box<dyn StdError + Send + Sync>>,
}

impl From<TransportError> for Error {
    fn from(error: TransportError) -> Self {
        let TransportError {
            delivery,
            fault,
            transient,
            message,
            source,
        } = error;
        let (kind, message) = match (fault, delivery) {
            (Fault::Request, _) => (
                ErrorKind::InvalidInput,
                format!("cannot be sent: {message}"),
            ),
            (Fault::Connect | Fault::Timeout, Delivery::NotProcessed) => {
                let message = format!("the server cannot be reached: {message}");
                (ErrorKind::Connect, message)
            }
            (Fault::Connect | Fault::Connection, _) => {
                let message = format!("the connection failed: {message}");
                (ErrorKind::Disconnected, message)
            }
            (Fault::Timeout, _) => (ErrorKind::Timeout, message),
            (Fault::Interrupted, _) => (ErrorKind::Interrupted, message),
            (Fault::Answer, _) => (ErrorKind::InvalidResponse, message),
            (Fault::Output, _) => (ErrorKind::Output, message),
        };
        let error = Self::new(kind, delivery, message)
            .with_transient(transient)
            .with_timed_out(fault == Fault::Timeout);
        match source {
            Some(source) => error.with_source(source),
            None => error,
        }
    }
}

/// What failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fault {
    /// The request cannot be sent as it is: a URL or header that HTTP does not allow, a body that
    /// cannot be read, or became shorter meanwhile.
    Request,
    /// There is no connection: an unknown host, a refused port, a proxy that does not let through,
    /// a certificate not to be trusted.
    Connect,
    /// The connection failed, or was ended by an [`Interrupt`].
    Connection,
    /// It took too long.
    Timeout,
    /// An [`Interrupt`] ended it.
    Interrupted,
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
