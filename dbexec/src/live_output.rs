//! Output that is printed while the code runs.

use crate::error::CliError;
use crate::out::Out;

/// Writer of live output to standard output.
#[derive(Debug)]
pub(crate) struct LiveOutput {
    out: Out,
    is_enabled: bool,
    written_bytes: usize,
    ends_with_newline: bool,
    error: Option<CliError>,
}

impl LiveOutput {
    /// Creates a writer. If it is disabled, it ignores all output.
    pub(crate) fn new(out: Out, is_enabled: bool) -> Self {
        Self {
            out,
            is_enabled,
            written_bytes: 0,
            ends_with_newline: false,
            error: None,
        }
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
        self.written_bytes += text.len();
        self.ends_with_newline = text.ends_with('\n');
        self.error = self.out.print(text).err();
    }

    /// Finishes output of which `text` is the final version.
    ///
    /// Servers remove the newline at the end of the final text, but may have sent it before. It is
    /// then part of a longer text, and the line is complete.
    pub(crate) fn finish_text(mut self, text: &str) -> Result<(), CliError> {
        if self.written_bytes <= text.len() {
            self.ends_with_newline = false;
        }
        self.finish()
    }

    /// Completes the last line, and returns the first error.
    pub(crate) fn finish(mut self) -> Result<(), CliError> {
        if self.written_bytes > 0 && !self.ends_with_newline {
            self.print("\n");
        }
        self.error.map_or(Ok(()), Err)
    }
}
