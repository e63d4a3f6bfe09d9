//! Reader of JSON: objects, lists and errors.

#![allow(
    clippy::missing_errors_doc,
    reason = "every method fails if another kind of value follows"
)]

use std::borrow::Cow;
use std::mem;

use super::error::{Kind, Located, Problem, ReadError};
use super::scan;
use super::syntax::Checked;

/// Maximum depth of lists and objects, which is the limit of `serde_json` too.
pub(super) const MAX_DEPTH: u8 = 127;

/// Maximum number of values for which a list allocates space in advance.
const MAX_PREALLOC: usize = 64;

/// Punctuation and names of a kind of container.
struct Container {
    open: u8,
    close: u8,
    /// Name in errors.
    name: &'static str,
    /// Punctuation that may follow a value, in errors.
    separators: &'static str,
}

const OBJECT: Container = Container {
    open: b'{',
    close: b'}',
    name: "an object",
    separators: "`,` or `}`",
};

const LIST: Container = Container {
    open: b'[',
    close: b']',
    name: "a list",
    separators: "`,` or `]`",
};

/// Pull reader of a JSON document.
///
/// Each method reads the value or structure that is next and returns an error if something else
/// is. After an error, the reader must not be used any more. A clone reads on from the same position
/// independently.
#[derive(Clone)]
pub struct Reader<'a> {
    /// The valid UTF-8 at the start of the document. It is sliced at ASCII characters only.
    pub(super) text: &'a str,
    /// Set if invalid UTF-8 follows the text.
    is_invalid_utf8: bool,
    /// Offset of the next byte.
    pub(super) at: usize,
    /// Number of open lists and objects.
    pub(super) depth: u8,
    /// Set if the innermost container was just opened, so that no comma precedes its next value.
    pub(super) is_container_start: bool,
    /// Set if the syntax of the whole document was checked before.
    pub(super) is_checked: bool,
    fields: Fields,
    /// A large value that was checked during the search for a later member.
    pub(super) checked_value: Option<Checked>,
    /// Length of the list that was read last, up to [`MAX_PREALLOC`].
    last_length: usize,
}

/// The fields of the objects of a document.
#[derive(Clone, Copy)]
enum Fields {
    OfResponses,
    /// Those of both directions, in the representation in serde.
    All,
}

impl<'a> Reader<'a> {
    /// Creates a reader at the start of a document.
    pub fn new(bytes: &'a [u8]) -> Self {
        let text = match str::from_utf8(bytes) {
            Ok(text) => text,
            Err(error) => bytes
                .get(..error.valid_up_to())
                .and_then(|valid| str::from_utf8(valid).ok())
                .unwrap_or(""),
        };
        Self {
            is_invalid_utf8: text.len() < bytes.len(),
            ..Self::of_text(text)
        }
    }

    /// Creates a reader at the start of a document whose syntax was checked. Skipped values are not
    /// checked again.
    pub(crate) fn of_checked(text: &'a str) -> Self {
        Self {
            is_checked: true,
            ..Self::of_text(text)
        }
    }

    /// Creates a reader at the start of a document, which is not checked for valid UTF-8 again.
    pub fn of_text(text: &'a str) -> Self {
        Self {
            text,
            is_invalid_utf8: false,
            at: 0,
            depth: 0,
            is_container_start: false,
            is_checked: false,
            fields: Fields::OfResponses,
            checked_value: None,
            last_length: 0,
        }
    }

    /// Returns whether the whole document is valid UTF-8.
    pub(crate) fn is_utf8(&self) -> bool {
        !self.is_invalid_utf8
    }

    /// Begins an object, whose members [`next_field`](Self::next_field) or
    /// [`next_entry`](Self::next_entry) return.
    pub fn begin_object(&mut self) -> Result<(), ReadError> {
        self.enter(&OBJECT)
    }

    /// Skips to the next member with one of the `names` and returns the index of its name, or ends
    /// the object and returns `None`.
    pub fn next_field(
        &mut self,
        names: &'static [&'static str],
    ) -> Result<Option<usize>, ReadError> {
        while let Some(key) = self.next_entry()? {
            if let Some(index) = names.iter().position(|name| *name == key) {
                return Ok(Some(index));
            }
            self.skip()?;
        }
        Ok(None)
    }

    /// Reads the key of the next member, without a copy if it has no escapes, or ends the object and
    /// returns `None`.
    pub fn next_entry(&mut self) -> Result<Option<Cow<'a, str>>, ReadError> {
        if !self.advance(&OBJECT)? {
            return Ok(None);
        }
        let key = match self.peek() {
            Some(b'"') => match self.quoted() {
                Some(key) => Cow::Borrowed(key),
                None => Cow::Owned(self.escaped_string()?),
            },
            Some(_) => return Err(self.error(Problem::Syntax("a key in quotes"))),
            None => return Err(self.error(Problem::End(OBJECT.name))),
        };
        match self.peek() {
            Some(b':') => self.at += 1,
            Some(_) => return Err(self.error(Problem::Syntax("`:`"))),
            None => return Err(self.error(Problem::End(OBJECT.name))),
        }
        Ok(Some(key))
    }

    /// Begins a list, whose items follow each [`next_item`](Self::next_item) that returns `true`.
    pub fn begin_list(&mut self) -> Result<(), ReadError> {
        self.enter(&LIST)
    }

    /// Returns whether the list has another item, and ends the list if it has none.
    #[inline]
    pub fn next_item(&mut self) -> Result<bool, ReadError> {
        self.advance(&LIST)
    }

    /// Returns the expected number of items of a list that is not empty: the length of the previous
    /// list, because the rows of a table have the same length.
    pub(crate) fn expected_length(&self) -> usize {
        self.last_length
    }

    /// Records the length of a list for [`expected_length`](Self::expected_length).
    pub(crate) fn record_length(&mut self, length: usize) {
        self.last_length = length.min(MAX_PREALLOC);
    }

    /// Reads the representation in serde, which has the fields of both directions.
    pub(crate) const fn read_all_fields(&mut self) {
        self.fields = Fields::All;
    }

    /// Returns whether a value has the fields of both directions.
    pub const fn reads_all_fields(&self) -> bool {
        matches!(self.fields, Fields::All)
    }

    /// Checks that the document ends here.
    pub fn finish(&mut self) -> Result<(), ReadError> {
        match self.peek() {
            None if !self.is_invalid_utf8 => Ok(()),
            _ => Err(self.error(Problem::Trailing)),
        }
    }

    /// Returns the error of an object that was just read and lacks a field.
    #[cold]
    pub fn missing(&self, name: &'static str) -> ReadError {
        self.error_in_last_value(Problem::Missing(name))
    }

    /// Returns the error of a value that was just read and has the right kind but is invalid.
    /// `expected` is for example `"a date"`.
    #[cold]
    pub fn invalid(&self, expected: &'static str) -> ReadError {
        self.error_in_last_value(Problem::Invalid(expected))
    }

    /// Returns the error of a value that is next and has the wrong kind. `expected` is for example
    /// `"a string or a list"`.
    #[cold]
    pub fn expected(&mut self, expected: &'static str) -> ReadError {
        let found = Kind::of(self.peek());
        self.error(Problem::Expected(expected, found))
    }

    /// Returns an error located at the last byte that was read.
    fn error_in_last_value(&self, problem: Problem) -> ReadError {
        problem.at(self.at.saturating_sub(1)).into()
    }

    /// Returns an error located at the next byte.
    #[cold]
    pub(super) fn error(&self, problem: Problem) -> ReadError {
        self.locate(problem.at(self.at))
    }

    /// Returns an error at a location. At the end of the text, invalid UTF-8 is the actual problem.
    #[cold]
    pub(super) fn locate(&self, error: Located) -> ReadError {
        let problem = if self.is_invalid_utf8 && error.offset >= self.text.len() {
            Problem::Utf8
        } else {
            error.problem
        };
        Located { problem, ..error }.into()
    }

    #[inline]
    pub(super) fn byte(&self, at: usize) -> Option<u8> {
        self.text.as_bytes().get(at).copied()
    }

    #[inline]
    pub(super) fn slice(&self, start: usize, end: usize) -> &'a str {
        self.text.get(start..end).unwrap_or_default()
    }

    /// Skips white space and returns the next byte without reading it. The first byte of a value
    /// determines its kind.
    #[inline]
    pub fn peek(&mut self) -> Option<u8> {
        self.at = scan::skip_whitespace(self.text.as_bytes(), self.at);
        self.byte(self.at)
    }

    /// Reads the opening byte of a container.
    fn enter(&mut self, container: &Container) -> Result<(), ReadError> {
        if self.peek() != Some(container.open) {
            return Err(self.expected(container.name));
        }
        if self.depth >= MAX_DEPTH {
            return Err(self.error(Problem::Depth));
        }
        self.at += 1;
        self.depth += 1;
        self.is_container_start = true;
        Ok(())
    }

    /// Reads the comma in front of the next value or key and returns `true`, or reads the closing
    /// byte of the container and returns `false`.
    #[inline]
    fn advance(&mut self, container: &Container) -> Result<bool, ReadError> {
        let is_start = mem::replace(&mut self.is_container_start, false);
        match self.peek() {
            Some(b',') if !is_start => {
                self.at += 1;
                Ok(true)
            }
            Some(byte) if byte == container.close => {
                self.at += 1;
                self.depth = self.depth.saturating_sub(1);
                Ok(false)
            }
            Some(_) if is_start => Ok(true),
            Some(_) => Err(self.error(Problem::Syntax(container.separators))),
            None => Err(self.error(Problem::End(container.name))),
        }
    }
}
