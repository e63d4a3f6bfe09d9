//! Output to standard output and standard error. Unlike `println!`, it never panics.

use std::fmt;
use std::io::{self, ErrorKind, Write as _};

use crate::error::CliError;

/// Writes text to standard output. A closed pipe is not an error, for example after `head` exits.
pub(crate) fn print(text: &str) -> Result<(), CliError> {
    print_bytes(text.as_bytes())
}

/// Writes bytes to standard output, like [`print()`].
pub(crate) fn print_bytes(bytes: &[u8]) -> Result<(), CliError> {
    let mut out = io::stdout().lock();
    match out.write_all(bytes).and_then(|()| out.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(CliError::service(format!(
            "cannot write to standard output: {error}"
        ))),
        _ => Ok(()),
    }
}

/// Writes a line to standard error.
pub(crate) fn eprintln(text: impl fmt::Display) {
    // An error of standard error cannot be reported.
    let _ = writeln!(io::stderr().lock(), "{text}");
}
