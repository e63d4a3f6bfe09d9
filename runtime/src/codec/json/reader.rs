//! Reader of JSON: structure, scalars and errors.

#![allow(
    clippy::missing_errors_doc,
    reason = "every method fails if another kind of value follows"
)]

use std::borrow::Cow;
use std::mem;

use super::error::{Kind, Located, Problem, ReadError};
use super::number::{self, Number};
use super::scan;
use super::syntax::{self, Checked};

/// Maximum depth of lists and objects, which is the limit of `serde_json` too.
const MAX_DEPTH: u8 = 127;

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
    /// Set for the representation in serde, which has the fields of both directions.
    reads_all_fields: bool,
    /// A large value that was checked during the search for a later member.
    pub(super) checked_value: Option<Checked>,
    /// Length of the list that was read last, up to [`MAX_PREALLOC`].
    last_length: usize,
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
            reads_all_fields: false,
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
        self.reads_all_fields = true;
    }

    /// Returns whether a value has the fields of both directions.
    pub const fn reads_all_fields(&self) -> bool {
        self.reads_all_fields
    }

    /// Reads `null` if it is next, and returns whether it was.
    #[inline]
    pub fn try_null(&mut self) -> Result<bool, ReadError> {
        let is_null = self.peek() == Some(b'n');
        if is_null {
            self.keyword("null")?;
        }
        Ok(is_null)
    }

    /// Reads a boolean.
    pub fn boolean(&mut self) -> Result<bool, ReadError> {
        match self.peek() {
            Some(b't') => self.keyword("true").map(|()| true),
            Some(b'f') => self.keyword("false").map(|()| false),
            _ => Err(self.expected("a boolean")),
        }
    }

    /// Reads a signed integer: a number without fraction and exponent.
    pub fn integer(&mut self) -> Result<i64, ReadError> {
        self.peek();
        if let Some(integer) = self.short_integer() {
            return Ok(integer);
        }
        let number = self.integral_number("an integer")?;
        let integer = number
            .signed(self.text)
            .ok_or_else(|| self.error(Problem::Range("a 64-bit integer")))?;
        self.at = number.end;
        Ok(integer)
    }

    /// Reads an unsigned integer: a number without sign, fraction and exponent.
    pub fn unsigned(&mut self) -> Result<u64, ReadError> {
        let number = self.integral_number("an integer")?;
        let unsigned = number.literal(self.text).parse();
        let unsigned =
            unsigned.map_err(|_| self.error(Problem::Range("an unsigned 64-bit integer")))?;
        self.at = number.end;
        Ok(unsigned)
    }

    /// Reads a number as the nearest `f64`.
    pub fn float(&mut self) -> Result<f64, ReadError> {
        let number = self.number("a number")?;
        let float = self.nearest_float(&number)?;
        self.at = number.end;
        Ok(float)
    }

    /// Reads a string.
    pub fn string(&mut self) -> Result<String, ReadError> {
        match self.plain_string()? {
            Some(text) => Ok(text.to_owned()),
            None => self.escaped_string(),
        }
    }

    /// Reads a string, without a copy if it has no escapes.
    #[inline]
    pub fn text(&mut self) -> Result<Cow<'a, str>, ReadError> {
        match self.plain_string()? {
            Some(text) => Ok(Cow::Borrowed(text)),
            None => self.escaped_string().map(Cow::Owned),
        }
    }

    /// Reads an identifier: a string, or an integer whose digits are returned unchanged.
    pub fn id(&mut self) -> Result<String, ReadError> {
        if self.peek() == Some(b'"') {
            return self.string();
        }
        let number = self.integral_number("a string or an integer")?;
        self.at = number.end;
        Ok(number.literal(self.text).to_owned())
    }

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
    fn error(&self, problem: Problem) -> ReadError {
        self.locate(problem.at(self.at))
    }

    /// Returns an error at a location. At the end of the text, invalid UTF-8 is the actual problem.
    #[cold]
    fn locate(&self, error: Located) -> ReadError {
        let problem = if self.is_invalid_utf8 && error.offset >= self.text.len() {
            Problem::Utf8
        } else {
            error.problem
        };
        Located { problem, ..error }.into()
    }

    #[inline]
    fn byte(&self, at: usize) -> Option<u8> {
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

    /// Reads `null`, `true` or `false`.
    fn keyword(&mut self, keyword: &'static str) -> Result<(), ReadError> {
        let end = self.at + keyword.len();
        if self.text.as_bytes().get(self.at..end) != Some(keyword.as_bytes()) {
            return Err(self.error(Problem::Syntax("`null`, `true` or `false`")));
        }
        self.at = end;
        Ok(())
    }

    /// Reads the string that is next if it has no escapes, or returns `None`.
    #[inline]
    fn plain_string(&mut self) -> Result<Option<&'a str>, ReadError> {
        if self.peek() != Some(b'"') {
            return Err(self.expected("a string"));
        }
        Ok(self.quoted())
    }

    /// Reads the string whose opening quote is the next byte if it has no escapes, or returns `None`.
    #[inline]
    fn quoted(&mut self) -> Option<&'a str> {
        let start = self.at + 1;
        let end = scan::find_special(self.text.as_bytes(), start);
        if self.byte(end) != Some(b'"') {
            return None;
        }
        self.at = end + 1;
        Some(self.slice(start, end))
    }

    /// Reads the string that is next and has escapes.
    fn escaped_string(&mut self) -> Result<String, ReadError> {
        let start = self.at + 1;
        let end = scan::find_closing_quote(self.text.as_bytes(), start);
        let mut text = String::with_capacity(end.saturating_sub(start));
        self.string_from(start, Some(&mut text))?;
        Ok(text)
    }

    /// Reads the rest of a string from `start` on and appends its characters to `text`.
    fn string_from(
        &mut self,
        mut start: usize,
        mut text: Option<&mut String>,
    ) -> Result<(), ReadError> {
        let bytes = self.text.as_bytes();
        loop {
            let end = scan::find_special(bytes, start);
            if let Some(text) = &mut text {
                text.push_str(self.slice(start, end));
            }
            let problem = match bytes.get(end) {
                Some(b'"') => {
                    self.at = end + 1;
                    return Ok(());
                }
                Some(b'\\') => {
                    let (character, next) =
                        scan::unescape(bytes, end).map_err(|error| self.locate(error))?;
                    if let Some(text) = &mut text {
                        text.push(character);
                    }
                    start = next;
                    continue;
                }
                Some(_) => Problem::Control,
                None => Problem::End("a string"),
            };
            return Err(self.locate(problem.at(end)));
        }
    }

    /// Reads the number that is next if it is an integer of up to 18 digits, as most numbers are.
    #[inline]
    pub fn short_integer(&mut self) -> Option<i64> {
        let (integer, end) = number::short_integer(self.text.as_bytes(), self.at)?;
        self.at = end;
        Some(integer)
    }

    /// Parses the number that is next without reading it, so that errors are located at its start.
    #[inline]
    pub(super) fn number(&mut self, expected: &'static str) -> Result<Number, ReadError> {
        let Some(b'-' | b'0'..=b'9') = self.peek() else {
            return Err(self.expected(expected));
        };
        let number = number::parse(self.text.as_bytes(), self.at);
        number.map_err(|error| self.locate(error))
    }

    /// Returns the nearest `f64` of the number that is next.
    #[inline]
    pub(super) fn nearest_float(&self, number: &Number) -> Result<f64, ReadError> {
        number
            .float(self.text)
            .ok_or_else(|| self.error(Problem::Range("a 64-bit float")))
    }

    /// Parses the number that is next like [`number`](Self::number), which must be an integer.
    #[inline]
    fn integral_number(&mut self, expected: &'static str) -> Result<Number, ReadError> {
        let number = self.number(expected)?;
        if !number.is_integral {
            return Err(self.error(Problem::Expected(expected, Kind::Fraction)));
        }
        Ok(number)
    }
}
