//! Destination of the output of a run: the streams of the process, or a part of them.

mod block;
mod prefixed;

use std::borrow::Cow;
use std::fmt;
use std::io::{self, BufWriter, Write};
use std::sync::Arc;

pub(crate) use self::block::Block;
pub(crate) use self::prefixed::Prefixed;
use crate::console;
use crate::error::CliError;
use crate::one_line::one_line;
use crate::stdout;

/// Destination of results and diagnostics.
#[derive(Clone, Debug)]
pub(crate) enum Out {
    /// Standard output and standard error.
    Streams,
    /// A block that is written as a whole, or as soon as the previous blocks are complete.
    Block(Arc<Block>),
    /// Lines with the name of their file.
    Prefixed(Arc<Prefixed>),
}

impl Out {
    /// Writes text. On a terminal, invisible characters are escaped.
    pub(crate) fn print(&self, text: &str) -> Result<(), CliError> {
        console::check(self.write(console::clean(text).as_bytes()))
    }

    /// Writes a JSON document, like [`print`](Self::print), with the escapes of JSON.
    pub(crate) fn print_json(&self, text: &str) -> Result<(), CliError> {
        console::check(self.write(console::clean_json(text).as_bytes()))
    }

    /// Writes text piece by piece, because it may be much longer than the response. On a terminal it is
    /// passed to `clean` as a whole.
    pub(crate) fn print_pieces(
        &self,
        write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
        clean: fn(&str) -> Cow<'_, str>,
    ) -> Result<(), CliError> {
        if console::is_stdout_terminal() {
            let mut text = Vec::new();
            console::check(write(&mut text))?;
            let text = String::from_utf8_lossy(&text);
            return console::check(self.write(clean(&text).as_bytes()));
        }
        self.print_escaped(write)
    }

    /// Writes text without invisible characters, piece by piece.
    pub(crate) fn print_escaped(
        &self,
        write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
    ) -> Result<(), CliError> {
        let mut out = BufWriter::with_capacity(stdout::MAX_CHUNK_BYTES, Writer(self));
        console::check(write(&mut out).and_then(|()| out.flush()))
    }

    /// Returns whether output goes to a terminal at once, and not to a block that is printed later.
    #[cfg(unix)]
    pub(crate) fn is_terminal(&self) -> bool {
        matches!(self, Self::Streams) && console::is_stdout_terminal()
    }

    /// Writes an escape sequence.
    pub(crate) fn print_sequence(&self, bytes: &[u8]) -> Result<(), CliError> {
        console::check(self.write(bytes))
    }

    fn write(&self, bytes: &[u8]) -> io::Result<()> {
        match self {
            Self::Streams => console::write(bytes),
            Self::Block(block) => block.write(bytes),
            Self::Prefixed(lines) => lines.write(bytes),
        }
    }

    /// Writes lines to standard error.
    pub(crate) fn eprintln(&self, text: impl fmt::Display) {
        match self {
            Self::Streams => console::eprintln(text),
            Self::Block(block) => block.eprintln(&text.to_string()),
            Self::Prefixed(lines) => lines.eprintln(&text.to_string()),
        }
    }

    /// Writes a warning of one line to standard error.
    pub(crate) fn warn(&self, text: impl fmt::Display) {
        self.eprintln(format_args!("warning: {}", one_line(text)));
    }

    /// Writes a note of one line to standard error.
    pub(crate) fn note(&self, text: impl fmt::Display) {
        self.eprintln(format_args!("note: {}", one_line(text)));
    }
}

struct Writer<'o>(&'o Out);

impl Write for Writer<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write(bytes).map(|()| bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
