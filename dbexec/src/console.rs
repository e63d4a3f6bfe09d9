//! The two streams. Neither panics when nobody listens any more.

use std::fmt;
use std::io::{self, ErrorKind, Write as _};

use crate::exit::Failure;

/// Writes a result to standard output. That the reader has left, as `head` does, is no failure.
pub(crate) fn print(text: &str) -> Result<(), Failure> {
    print_bytes(text.as_bytes())
}

/// Writes a result that is bytes, as [`print()`] does.
pub(crate) fn print_bytes(bytes: &[u8]) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    match out.write_all(bytes).and_then(|()| out.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(Failure::unserved(format!(
            "the result cannot be written: {error}"
        ))),
        _ => Ok(()),
    }
}

/// Tells standard error something.
pub(crate) fn say(text: impl fmt::Display) {
    // There is no place left to complain in.
    let _ = writeln!(io::stderr().lock(), "{text}");
}
