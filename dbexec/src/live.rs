//! Output that is shown as it comes.

use crate::console;
use crate::exit::Failure;

/// What was written to standard output so far.
#[derive(Debug)]
pub(crate) struct Live {
    is_on: bool,
    written: usize,
    ends_line: bool,
    failed: Option<Failure>,
}

impl Live {
    /// Output that is shown as it comes, or not.
    pub(crate) fn new(is_on: bool) -> Self {
        Self {
            is_on,
            written: 0,
            ends_line: false,
            failed: None,
        }
    }

    pub(crate) fn is_on(&self) -> bool {
        self.is_on
    }

    /// Writes another piece. After a failure, which is told in the end, nothing more is written:
    /// the code runs on, as it may do more than print.
    pub(crate) fn print(&mut self, text: &str) {
        if !self.is_on || text.is_empty() || self.failed.is_some() {
            return;
        }
        self.written += text.len();
        self.ends_line = text.ends_with('\n');
        self.failed = console::print(text).err();
    }

    /// Ends the text, all of which was `whole`. Servers leave out the last line end of a text when
    /// it is whole, though perhaps not before.
    pub(crate) fn end_text(mut self, whole: &str) -> Result<(), Failure> {
        if self.written <= whole.len() {
            self.ends_line = false;
        }
        self.end()
    }

    /// Ends the line, if there is one.
    pub(crate) fn end(mut self) -> Result<(), Failure> {
        if self.written > 0 && !self.ends_line {
            self.print("\n");
        }
        self.failed.map_or(Ok(()), Err)
    }
}
