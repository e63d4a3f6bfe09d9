//! Errors of writing a table.

use std::fmt;
use std::io;

use api_runtime::codec::ReadError;

/// Error of the output. Errors of the JSON of cells do not occur, because it was checked.
#[derive(Debug)]
pub(super) struct WriteError(io::Error);

impl From<io::Error> for WriteError {
    fn from(error: io::Error) -> Self {
        Self(error)
    }
}

impl From<ReadError> for WriteError {
    fn from(error: ReadError) -> Self {
        Self(io::Error::new(io::ErrorKind::InvalidData, error))
    }
}

impl From<fmt::Error> for WriteError {
    fn from(error: fmt::Error) -> Self {
        Self(io::Error::other(error))
    }
}

impl From<WriteError> for io::Error {
    fn from(error: WriteError) -> Self {
        error.0
    }
}

impl From<WriteError> for fmt::Error {
    fn from(_: WriteError) -> Self {
        Self
    }
}
