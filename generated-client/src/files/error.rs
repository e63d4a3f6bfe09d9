//! Errors of transfers.

use std::io;

use api_runtime::{Error, ErrorKind};

/// Error code of paths and handles that do not exist.
pub(super) const DOES_NOT_EXIST: &str = "RESOURCE_DOES_NOT_EXIST";

/// Error code of paths that exist.
pub(super) const ALREADY_EXISTS: &str = "RESOURCE_ALREADY_EXISTS";

/// Converts an error of a source. That of a request for a [`FileReader`](super::FileReader) is unchanged.
pub(super) fn unreadable(error: io::Error) -> Error {
    error.downcast::<Error>().unwrap_or_else(|error| {
        let message = format!("cannot read the file: {error}");
        Error::before_sending(ErrorKind::InvalidInput, message)
    })
}

#[expect(clippy::needless_pass_by_value, reason = "the signature of `map_err`")]
pub(super) fn unwritable(error: io::Error) -> Error {
    let message = format!("cannot write the file: {error}");
    Error::after_sending(ErrorKind::Output, message)
}

pub(super) fn differs(expected: u64, found: u64) -> Error {
    let message = format!("expected a file of {expected} bytes, found {found} bytes");
    Error::after_sending(ErrorKind::InvalidResponse, message)
}
