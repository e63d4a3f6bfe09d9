//! Code of a command.

use std::borrow::Cow;
use std::fs::File;
use std::io::Read as _;
use std::path::PathBuf;

use api_runtime::Error;

use crate::api::commands;
use crate::magic;

/// Code of a command.
pub(crate) enum Code<'a> {
    Text(Cow<'a, str>),
    File(PathBuf),
}

impl Code<'_> {
    /// Returns the name of the endpoint that runs the code.
    pub(crate) fn operation(&self) -> &'static str {
        match self {
            Self::Text(_) => commands::Execute::OPERATION.name,
            Self::File(_) => commands::ExecuteFile::OPERATION.name,
        }
    }

    /// Checks that the code contains nothing that the API does not support.
    pub(crate) fn check(&self) -> Result<(), Error> {
        let path = match self {
            Self::Text(code) => return magic::check_code(code.as_bytes()),
            Self::File(path) => path,
        };
        let mut start = Vec::new();
        let limit = magic::START_BYTES as u64;
        let read = File::open(path).and_then(|file| file.take(limit).read_to_end(&mut start));
        // The request reports a file that cannot be read.
        read.map_or(Ok(()), |_| magic::check_code(&start))
    }
}
