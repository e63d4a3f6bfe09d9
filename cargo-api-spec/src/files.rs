//! Files that are written.

use std::fs::{self, File};
use std::io::{ErrorKind, Write as _};
use std::path::Path;

use crate::console;
use crate::exit::Failure;

/// Writes a file that is not there yet, unless it may be overwritten.
pub(crate) fn write_new(path: &Path, text: &str, overwrite: bool) -> Result<(), Failure> {
    let shown = path.display();
    let written = if overwrite {
        fs::write(path, text)
    } else {
        File::create_new(path).and_then(|mut file| file.write_all(text.as_bytes()))
    };
    written.map_err(|error| match error.kind() {
        ErrorKind::AlreadyExists => Failure::usage(format!("{shown} is there already")),
        _ => Failure::usage(format!("{shown} cannot be written: {error}")),
    })?;
    console::say(format!("wrote {shown}"));
    Ok(())
}
