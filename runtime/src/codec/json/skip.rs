//! Skipping of values whose content is not needed.

#![allow(
    clippy::missing_errors_doc,
    reason = "every method fails if another kind of value follows"
)]

use super::error::ReadError;
use super::reader::{MAX_DEPTH, Reader};
use super::scan;
use super::syntax::{self, Checked};

impl Reader<'_> {
    /// Skips any value. Its syntax is checked in full, unless it was checked before.
    pub fn skip(&mut self) -> Result<(), ReadError> {
        self.peek();
        if self.is_checked {
            self.at = scan::find_value_end(self.text.as_bytes(), self.at);
            return Ok(());
        }
        let Some(value) = self.check_value() else {
            return self.skip_by_parts();
        };
        self.at = value.end;
        Ok(())
    }

    /// Skips the list that is next, and returns the number of its items.
    pub fn count_items(&mut self) -> Result<usize, ReadError> {
        self.begin_list()?;
        let mut count = 0;
        while self.next_item()? {
            self.skip()?;
            count += 1;
        }
        Ok(count)
    }

    /// Checks the value that is next without reading it.
    pub(super) fn check_value(&self) -> Option<Checked> {
        match self.checked_value {
            Some(value) if value.start == self.at => Some(value),
            _ => syntax::check(self.text.as_bytes(), self.at, MAX_DEPTH - self.depth),
        }
    }

    /// Skips a value whose syntax is invalid up to the error.
    #[cold]
    fn skip_by_parts(&mut self) -> Result<(), ReadError> {
        match self.peek() {
            Some(b'"') => self.string_from(self.at + 1, None),
            Some(b'-' | b'0'..=b'9') => self.skip_number(),
            Some(b'[') => self.skip_list(),
            Some(b'{') => self.skip_object(),
            Some(b't' | b'f') => self.boolean().map(drop),
            Some(b'n') => self.keyword("null"),
            _ => Err(self.expected("a value")),
        }
    }

    fn skip_number(&mut self) -> Result<(), ReadError> {
        if self.short_integer().is_some() {
            return Ok(());
        }
        self.at = self.number("a number")?.end;
        Ok(())
    }

    fn skip_list(&mut self) -> Result<(), ReadError> {
        self.begin_list()?;
        while self.next_item()? {
            self.skip_by_parts()?;
        }
        Ok(())
    }

    fn skip_object(&mut self) -> Result<(), ReadError> {
        self.begin_object()?;
        while self.next_entry()?.is_some() {
            self.skip_by_parts()?;
        }
        Ok(())
    }
}
