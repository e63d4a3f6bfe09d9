//! Errors of transports.

use std::error::Error as StdError;
use std::fmt;
use std::io;

use crate::delivery::Delivery;
use crate::error::{Error, ErrorKind};

/// Error of a request without a complete response.
#[derive(Debug)]
pub struct TransportError {
    /// [`Delivery::NotProcessed`] only if no byte of the request was written.
    pub delivery: Delivery,
    /// Kind of the error.
    pub kind: TransportErrorKind,
    /// `true` if a retry may succeed: not after an unknown host or an invalid certificate.
    pub transient: bool,
    /// Message without secrets, in lower case and without a full stop.
    pub message: String,
    /// The underlying error.
    pub source: Option<Box<dyn StdError + Send + Sync>>,
}

/// Kind of a [`TransportError`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TransportErrorKind {
    /// The request cannot be sent: HTTP does not allow its URL or a header, or its body cannot be
    /// read or is shorter than its length.
    InvalidRequest,
    /// No connection could be established: the host is unknown, or the port or the proxy refused the
    /// connection.
    Connect,
    /// The certificate of the server is not trusted, has expired, or is for another host.
    Certificate,
    /// The connection failed.
    Connection,
    /// A timeout or the deadline expired.
    Timeout,
    /// The request was canceled by an [`Interrupt`](crate::Interrupt).
    Interrupted,
    /// The response is not valid HTTP, or too large.
    InvalidResponse,
    /// The response body could not be written to the sink.
    Output,
}

impl TransportError {
    /// Creates the error of a failed write to the sink.
    pub(crate) fn output(error: io::Error) -> Self {
        Self {
            delivery: Delivery::Unknown,
            kind: TransportErrorKind::Output,
            transient: false,
            message: format!("the response could not be written: {error}"),
            source: Some(error.into()),
        }
    }
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

impl From<TransportError> for Error {
    fn from(error: TransportError) -> Self {
        use TransportErrorKind as Kind;

        let TransportError {
            delivery,
            kind,
            transient,
            message,
            source,
        } = error;
        let (error_kind, prefix) = match (kind, delivery) {
            (Kind::InvalidRequest, _) => (ErrorKind::InvalidInput, "cannot be sent: "),
            // A timeout before anything was sent is a connect timeout.
            (Kind::Connect | Kind::Certificate | Kind::Timeout, Delivery::NotProcessed) => {
                (ErrorKind::Connect, "the server cannot be reached: ")
            }
            (Kind::Connect | Kind::Certificate | Kind::Connection, _) => {
                (ErrorKind::Disconnected, "the connection failed: ")
            }
            (Kind::Timeout, _) => (ErrorKind::Timeout, ""),
            (Kind::Interrupted, _) => (ErrorKind::Interrupted, ""),
            (Kind::InvalidResponse, _) => (ErrorKind::InvalidResponse, ""),
            (Kind::Output, _) => (ErrorKind::Output, ""),
        };
        let error = Self::new(error_kind, delivery, format!("{prefix}{message}"))
            .with_transient(transient)
            .with_timed_out(kind == Kind::Timeout)
            .with_untrusted_certificate(kind == Kind::Certificate);
        match source {
            Some(source) => error.with_source(source),
            None => error,
        }
    }
}
