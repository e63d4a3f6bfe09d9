//! Errors of file operations.

use std::fmt;
use std::io;

use crate::limits;

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

/// Formats the messages of errors for files that exist and that do not exist as Databricks does.
impl fmt::Display for DbfsError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let block_mib = limits::DBFS_BLOCK_BYTES >> 20;
        match self {
            Self::Invalid(message) => formatter.write_str(message),
            Self::DoesNotExist(path) => {
                write!(formatter, "No file or directory exists on path {path}.")
            }
            Self::AlreadyExists(path) => write!(
                formatter,
                "A file or directory already exists at the input path {path}."
            ),
            Self::IsFolder(path) => write!(formatter, "{path} is a directory, not a file"),
            Self::NotEmpty(path) => write!(
                formatter,
                "{path} is a non-empty directory; set recursive to delete it"
            ),
            Self::BlockTooLarge => write!(formatter, "The data exceeds {block_mib} MiB"),
            Self::ReadTooLarge => write!(formatter, "length exceeds {block_mib} MiB"),
            Self::FileTooLarge => {
                write!(
                    formatter,
                    "The file exceeds {} GiB",
                    limits::DBFS_FILE_BYTES >> 30
                )
            }
            Self::NoSuchHandle(handle) => write!(
                formatter,
                "No stream exists with the handle {handle}; it expires after 10 minutes"
            ),
            Self::TooManyUploads => write!(
                formatter,
                "The limit of {} open handles is reached",
                limits::DBFS_UPLOADS
            ),
            Self::NoRandomBytes(reason) => write!(formatter, "cannot generate a handle: {reason}"),
            Self::Root(reason) => write!(formatter, "cannot open the folder of DBFS: {reason}"),
            Self::Io { path, source } => write!(formatter, "{path}: {source}"),
        }
    }
}
