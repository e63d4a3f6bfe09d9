//! Positions in a document.

#![allow(
    clippy::missing_errors_doc,
    reason = "the method fails if no value follows"
)]

use super::error::ReadError;
use super::reader::Reader;

/// Position of a value, returned by [`Reader::position`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Position {
    /// Offset of the first byte.
    at: usize,
    /// Number of open lists and objects.
    depth: u8,
}

impl Reader<'_> {
    /// Returns the position of the value that is next.
    #[inline]
    pub fn position(&mut self) -> Position {
        self.peek();
        Position {
            at: self.at,
            depth: self.depth,
        }
    }

    /// Moves behind the value at `start`, even if it was read in part only.
    ///
    /// Nothing else than this value may have been read since [`position`](Self::position) was called.
    /// Unlike after other methods, the reader can be used again after an error in the value.
    #[inline]
    pub fn leave_value(&mut self, start: Position) -> Result<(), ReadError> {
        let is_complete = self.at > start.at && self.depth == start.depth;
        if is_complete {
            return Ok(());
        }
        self.skip_from(start)
    }

    /// Moves back to the value at `start`, like [`leave_value`](Self::leave_value) moves behind it.
    pub fn return_to(&mut self, start: Position) {
        self.at = start.at;
        self.depth = start.depth;
        self.is_container_start = false;
    }

    #[cold]
    fn skip_from(&mut self, start: Position) -> Result<(), ReadError> {
        self.return_to(start);
        self.skip()
    }
}
