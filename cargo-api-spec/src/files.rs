//! Output files.

use std::fs::{self, File};
use std::io::{ErrorKind, Write as _};
use std::path::Path;

use crate::console;
use crate::error::CliError;

/// Creates a file, or overwrites one if `overwrite` is set.
pub(crate) fn write_new(path: &Path, text: &str, overwrite: bool) -> Result<(), CliError> {
    if overwrite {
        return write(path, text);
    }
    let written = File::create_new(path).and_then(|mut file| file.write_all(text.as_bytes()));
    report(path, written)
}

/// Creates or overwrites a file.
pub(crate) fn write(path: &Path, text: &str) -> Result<(), CliError> {
    report(path, fs::write(path, text))
}

fn report(path: &Path, written: std::io::Result<()>) -> Result<(), CliError> {
    let path = path.display();
    written.map_err(|error| match error.kind() {
        ErrorKind::AlreadyExists => CliError::usage(format!("{path} already exists")),
        _ => CliError::usage(format!("cannot write {path}: {error}")),
    })?;
    console::note(format!("wrote {path}"));
    Ok(())
}
