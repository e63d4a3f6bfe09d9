//! Reading of scalars: booleans, numbers and strings.

#![allow(
    clippy::missing_errors_doc,
    reason = "every method fails if another kind of value follows"
)]

use std::borrow::Cow;

use super::error::{Kind, Problem, ReadError};
use super::number::{self, Number};
use super::reader::Reader;
use super::scan;

impl<'a> Reader<'a> {
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

    /// Reads `null`, `true` or `false`.
    pub(super) fn keyword(&mut self, keyword: &'static str) -> Result<(), ReadError> {
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
    pub(super) fn quoted(&mut self) -> Option<&'a str> {
        let start = self.at + 1;
        let end = scan::find_special(self.text.as_bytes(), start);
        if self.byte(end) != Some(b'"') {
            return None;
        }
        self.at = end + 1;
        Some(self.slice(start, end))
    }

    /// Reads the string that is next and has escapes.
    pub(super) fn escaped_string(&mut self) -> Result<String, ReadError> {
        let start = self.at + 1;
        let end = scan::find_closing_quote(self.text.as_bytes(), start);
        let mut text = String::with_capacity(end.saturating_sub(start));
        self.string_from(start, Some(&mut text))?;
        Ok(text)
    }

    /// Reads the rest of a string from `start` on and appends its characters to `text`.
    pub(super) fn string_from(
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
