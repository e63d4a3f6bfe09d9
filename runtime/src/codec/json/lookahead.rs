//! Search for members of the object that is next, without reading it.

#![allow(
    clippy::missing_errors_doc,
    reason = "every method fails if no object follows"
)]

use std::borrow::Cow;

use super::error::ReadError;
use super::reader::Reader;
use super::scan;

impl<'a> Reader<'a> {
    /// Returns the string value of a member of the object that is next, or `None` if the object has
    /// no such member or its value is not a string.
    ///
    /// The object is not read. Its syntax in front of the member is not checked in full either; the
    /// check takes place when the object is read.
    pub fn peek_tag(&mut self, key: &str) -> Result<Option<Cow<'a, str>>, ReadError> {
        let mut checked = None;
        let tag = self.look_ahead(|reader| {
            let tag = reader.find_tag(key);
            checked = reader.checked_value;
            tag
        });
        self.checked_value = checked;
        tag
    }

    /// Returns the smallest index among the `keys` that the object that is next has, or `None` if it
    /// has none of them.
    ///
    /// The third element of a key is whether a member counts although it is null. As with
    /// [`peek_tag`](Self::peek_tag), the object is neither read nor checked in full.
    pub fn peek_variant(&self, keys: &[(&str, usize, bool)]) -> Result<Option<usize>, ReadError> {
        self.look_ahead(|reader| reader.find_smallest(keys))
    }

    /// Searches with a clone of the reader.
    fn look_ahead<T>(
        &self,
        find: impl FnOnce(&mut Self) -> Result<T, ReadError>,
    ) -> Result<T, ReadError> {
        find(&mut self.clone()).map_err(|error| {
            // The search jumps over containers without checking them, so that the first error in
            // the document may be in front of the error that it found.
            self.clone().skip().err().unwrap_or(error)
        })
    }

    fn find_tag(&mut self, key: &str) -> Result<Option<Cow<'a, str>>, ReadError> {
        self.begin_object()?;
        while let Some(found) = self.next_entry()? {
            let next = self.peek();
            if found == key {
                return if next == Some(b'"') {
                    self.text().map(Some)
                } else {
                    Ok(None)
                };
            }
            self.jump_over_value()?;
        }
        Ok(None)
    }

    fn find_smallest(&mut self, keys: &[(&str, usize, bool)]) -> Result<Option<usize>, ReadError> {
        let mut smallest = None;
        self.begin_object()?;
        while let Some(found) = self.next_entry()? {
            let is_null = self.peek() == Some(b'n');
            let known = keys.iter().find(|(key, ..)| *key == found);
            if let Some((_, index, _)) = known.filter(|(.., nullable)| *nullable || !is_null) {
                smallest = Some(smallest.map_or(*index, |other: usize| other.min(*index)));
                if smallest == Some(0) {
                    break;
                }
            }
            self.jump_over_value()?;
        }
        Ok(smallest)
    }

    /// Moves behind a value. In a list or object, brackets are counted and nothing else is checked.
    fn jump_over_value(&mut self) -> Result<(), ReadError> {
        let is_container = matches!(self.peek(), Some(b'[' | b'{'));
        if !is_container || self.is_checked {
            return self.skip();
        }
        // The member that is searched for often follows a large one, which is read next. Its check is
        // not repeated.
        if let Some(value) = self.check_value() {
            self.at = value.end;
            if value.len() >= self.checked_value.map_or(0, |known| known.len()) {
                self.checked_value = Some(value);
            }
            return Ok(());
        }
        self.at = scan::find_container_end(self.text.as_bytes(), self.at + 1);
        Ok(())
    }
}
