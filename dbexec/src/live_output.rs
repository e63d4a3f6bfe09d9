//! Output that is printed while the code runs.

use std::cell::Cell;
use std::rc::Rc;

use crate::error::CliError;
use crate::out::Out;

/// Writer of live output to standard output.
#[derive(Debug)]
pub(crate) struct LiveOutput {
    out: Out,
    is_enabled: bool,
    printed_bytes: usize,
    ends_with_newline: bool,
    is_ended: Rc<Cell<bool>>,
    /// Output of code that has ended. It is written together with its line end, because other processes may
    /// write to the same file or pipe.
    held: String,
    error: Option<CliError>,
}

/// Notification of a [`LiveOutput`] that the code has ended.
#[derive(Clone, Debug)]
pub(crate) struct EndOfCode(Rc<Cell<bool>>);

impl EndOfCode {
    pub(crate) fn set(&self) {
        self.0.set(true);
    }
}

impl LiveOutput {
    /// Creates a writer. If it is disabled, it ignores all output.
    pub(crate) fn new(out: Out, is_enabled: bool) -> Self {
        Self {
            out,
            is_enabled,
            printed_bytes: 0,
            ends_with_newline: false,
            is_ended: Rc::default(),
            held: String::new(),
            error: None,
        }
    }

    /// Returns a notification, which is given before the last piece of output.
    pub(crate) fn end_of_code(&self) -> EndOfCode {
        EndOfCode(Rc::clone(&self.is_ended))
    }

    pub(crate) fn is_enabled(&self) -> bool {
        self.is_enabled
    }

    /// Writes a chunk of output.
    ///
    /// After an error, which [`finish`](Self::finish) returns, nothing more is written. The code
    /// continues to run, because it may have other effects than its output.
    pub(crate) fn print(&mut self, text: &str) {
        if !self.is_enabled || text.is_empty() || self.error.is_some() {
            return;
        }
        self.printed_bytes += text.len();
        self.ends_with_newline = text.ends_with('\n');
        if self.is_ended.get() {
            self.held.push_str(text);
        } else {
            self.error = self.out.print(text).err();
        }
    }

    /// Finishes output of which `text` is the final version.
    ///
    /// Servers remove the newline at the end of the final text, but may have sent it before. It is
    /// then part of a longer text, and the line is complete.
    pub(crate) fn finish_text(mut self, text: &str) -> Result<(), CliError> {
        if self.printed_bytes <= text.len() {
            self.ends_with_newline = false;
        }
        self.finish()
    }

    /// Completes the last line, and returns the first error.
    pub(crate) fn finish(mut self) -> Result<(), CliError> {
        if self.printed_bytes > 0 && !self.ends_with_newline {
            self.held.push('\n');
        }
        match self.error {
            Some(error) => Err(error),
            None if self.held.is_empty() => Ok(()),
            None => self.out.print(&self.held),
        }
    }
}
