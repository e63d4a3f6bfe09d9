//! Standard output and standard error. Colors are written to terminals only.

use std::fmt;
use std::io::{self, ErrorKind, Write as _};

use crate::error::CliError;

/// Writes a result to standard output.
///
/// A closed pipe is not an error: `head` closes it after the lines that it needs.
pub(crate) fn print(text: &str) -> Result<(), CliError> {
    // Without escape sequences, there is nothing to remove from the text.
    let written = if text.contains('\u{1b}') {
        write(anstream::AutoStream::auto(io::stdout()).lock(), text)
    } else {
        write(io::stdout().lock(), text)
    };
    match written {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            let message = format!("cannot write to standard output: {error}");
            Err(CliError::usage(message))
        }
        _ => Ok(()),
    }
}

fn write(mut out: impl io::Write, text: &str) -> io::Result<()> {
    out.write_all(text.as_bytes())?;
    out.flush()
}

/// Writes a line to standard error.
pub(crate) fn note(text: impl fmt::Display) {
    let mut out = anstream::AutoStream::auto(io::stderr()).lock();
    // An error could only be reported to the stream that failed.
    let _ = writeln!(out, "{text}");
}

/// Returns a number and its noun, e.g. `2 errors`.
pub(crate) fn count(number: usize, noun: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {noun}{plural}")
}
