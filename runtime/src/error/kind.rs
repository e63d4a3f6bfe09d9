//! Kinds of errors.

/// Kind of an [`Error`](crate::Error).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// An argument is invalid: a base URL, a token, a file. Nothing was sent, unless a file has changed
    /// while it was sent.
    InvalidInput,
    /// No connection could be established, including connect timeouts. Nothing was sent.
    Connect,
    /// The connection failed while the request was sent or the response was received.
    Disconnected,
    /// The request timed out after a connection was established, or its deadline passed before it was
    /// sent.
    Timeout,
    /// The server responded with an error; see [`Error::status`](crate::Error::status) and [`Error::code`](crate::Error::code).
    Status,
    /// The response is invalid: a redirect, a login page, or JSON that does not match the spec.
    InvalidResponse,
    /// The response could not be written to the caller's writer.
    Output,
    /// A wait ended because the awaited operation failed.
    WaitFailed,
    /// A wait timed out before the awaited operation completed.
    WaitTimeout,
    /// A call or a wait was canceled by an [`Interrupt`](crate::Interrupt).
    Interrupted,
}
