//! Sources and targets of copies.

use std::ffi::OsStr;
use std::fmt;
use std::path::PathBuf;

use super::path::{DbfsPath, PREFIX};
use crate::error::CliError;

/// Source or target of a copy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Location {
    Dbfs(DbfsPath),
    /// Path of this machine.
    Local(PathBuf),
    /// Standard input or output.
    Stream,
}

impl Location {
    pub(super) fn parse(text: &OsStr) -> Result<Self, CliError> {
        if text == "-" {
            return Ok(Self::Stream);
        }
        match text.to_str() {
            Some(path) if path.starts_with(PREFIX) => match path.parse() {
                Ok(path) => Ok(Self::Dbfs(path)),
                Err(error) => Err(CliError::usage(format!("`{path}`: {error}"))),
            },
            _ => Ok(Self::Local(text.into())),
        }
    }
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Dbfs(path) => path.fmt(f),
            Self::Local(path) => path.display().fmt(f),
            Self::Stream => f.write_str("-"),
        }
    }
}
