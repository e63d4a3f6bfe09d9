//! Errors of file operations.

use std::io;

/// Error of a file operation. `http` maps it to a response.
#[derive(Debug)]
pub(crate) enum DbfsError {
    /// Invalid parameter, with the message.
    Invalid(String),
    DoesNotExist(String),
    AlreadyExists(String),
    IsFolder(String),
    NotEmpty(String),
    BlockTooLarge,
    ReadTooLarge,
    FileTooLarge,
    NoSuchHandle(i64),
    TooManyUploads,
    NoRandomBytes(getrandom::Error),
    /// The root folder cannot be opened.
    Root(io::Error),
    Io {
        path: String,
        source: io::Error,
    },
}
