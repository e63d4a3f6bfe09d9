//! The two streams. Neither panics when nobody listens any more, and colours go to terminals only.

use std::fmt;
use std::io::{self, ErrorKind, Write as _};

use crate::exit::Failure;

/// Writes a result to standard output. That the reader has left, as `head` does, is no failure.
pub(crate) fn print(text: &str) -> Result<(), Failure> {
    let mut out = anstream::AutoStream::auto(io::stdout()).lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            let words = format!("the result cannot be written: {error}");
            Err(Failure::usage(words))
        }
        _ => Ok(()),
    }
}

/// Tells standard error something.
pub(crate) fn say(text: impl fmt::Display) {
    let mut out = anstream::AutoStream::auto(io::stderr()).lock();
    // There is no place left to complain in.
    let _ = writeln!(out, "{text}");
}
