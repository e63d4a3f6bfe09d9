//! The reader: what comes next in an answer.

#![allow(
    clippy::missing_errors_doc,
    reason = "each tells what it reads: all else is an error"
)]

use std::borrow::Cow;
use std::mem;

use super::error::{Fault, Kind, Problem, ReadError};
use super::number::{self, Number};
use super::scan;

/// How many lists and objects may be open at once: what `serde_json` allows.
const DEPTH: u8 = 127;

/// What is allocated ahead for a list is no more values than that.
const LIKELY: usize = 64;

/// Either of the values that hold others.
struct Container {
    /// Its first byte.
    open: u8,
    /// Its last byte.
    close: u8,
    /// What it is called.
    name: &'static str,
    /// What may follow one of its values.
    next: &'static str,
}

/// `{"key": value}`
const OBJECT: Container = Container {
    open: b'{',
    close: b'}',
    name: "an object",
    next: "`,` or `}`",
};

/// `[value]`
const LIST: Container = Container {
    open: b'[',
    close: b']',
    name: "a list",
    next: "`,` or `]`",
};

/// Reads an answer value by value, from its start to its end.
///
/// Each method reads what is next and is refused if that is something else. Once a method has
/// failed, the reader is of no further use. A clone goes on from the same place on its own.
#[derive(Clone)]
pub struct Reader<'a> {
    /// The answer, as far as it is UTF-8. White space, punctuation and so on end at bytes below
    /// 128: it is sliced at nothing else.
    pub(super) text: &'a str,
    /// Whether something that is not UTF-8 follows.
    broken: bool,
    /// The offset of what is next.
    pub(super) at: usize,
    /// How many lists and objects are open.
    depth: u8,
    /// Whether the innermost of them was only just opened, so that no comma precedes its next
    /// value.
    fresh: bool,
    /// How many values the list had that was left last, up to [`LIKELY`].
    length: usize,
}

impl<'a> Reader<'a> {
    /// Starts to read an answer.
    pub fn new(bytes: &'a [u8]) -> Self {
        let text = match str::from_utf8(bytes) {
            Ok(text) => text,
            Err(error) => bytes
                .get(..error.valid_up_to())
                .and_then(|valid| str::from_utf8(valid).ok())
                .unwrap_or(""),
        };
        Self {
            text,
            broken: text.len() < bytes.len(),
            at: 0,
            depth: 0,
            fresh: false,
            length: 0,
        }
    }

    /// Enters an object: [`next_field`](Self::next_field) or [`next_entry`](Self::next_entry) tell what it holds.
    pub fn begin_object(&mut self) -> Result<(), ReadError> {
        self.enter(&OBJECT)
    }

    /// Goes to the next member of the object that has one of the `names`, of which it gives the
    /// index, or leaves the object. Other members are skipped.
    pub fn next_field(
        &mut self,
        names: &'static [&'static str],
    ) -> Result<Option<usize>, ReadError> {
        while let Some(key) = self.key()? {
            if let Some(index) = names.iter().position(|name| *name == key) {
                return Ok(Some(index));
            }
            self.skip()?;
        }
        Ok(None)
    }

    /// Goes to the next member of the object, of which it gives the key, or leaves the object.
    pub fn next_entry(&mut self) -> Result<Option<String>, ReadError> {
        Ok(self.key()?.map(Cow::into_owned))
    }

    /// [`next_entry`](Self::next_entry), borrowed if the key has no escapes.
    pub(super) fn key(&mut self) -> Result<Option<Cow<'a, str>>, ReadError> {
        if !self.advance(&OBJECT)? {
            return Ok(None);
        }
        let key = match self.peek() {
            Some(b'"') => self.text()?,
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

    /// Enters a list: [`next_item`](Self::next_item) tells whether it holds more.
    pub fn begin_list(&mut self) -> Result<(), ReadError> {
        self.enter(&LIST)
    }

    /// Goes to the next value of the list, or leaves the list and returns `false`.
    pub fn next_item(&mut self) -> Result<bool, ReadError> {
        self.advance(&LIST)
    }

    /// How many values the list that was just entered is likely to have, if it has any: as many as
    /// the list that was left last, for that is what the rows of a table do. A small number.
    pub(crate) fn likely_length(&self) -> usize {
        self.length
    }

    /// Tells how many values the list had that was just left, for
    /// [`likely_length`](Self::likely_length).
    pub(crate) fn had_length(&mut self, length: usize) {
        self.length = length.min(LIKELY);
    }

    /// Reads `null` if it is next.
    pub fn try_null(&mut self) -> Result<bool, ReadError> {
        let null = self.peek() == Some(b'n');
        if null {
            self.word("null")?;
        }
        Ok(null)
    }

    /// Reads a boolean.
    pub fn boolean(&mut self) -> Result<bool, ReadError> {
        match self.peek() {
            Some(b't') => self.word("true").map(|()| true),
            Some(b'f') => self.word("false").map(|()| false),
            _ => Err(self.expected("a boolean")),
        }
    }

    /// Reads an integer: a number without a fraction and an exponent.
    pub fn integer(&mut self) -> Result<i64, ReadError> {
        self.peek();
        if let Some(integer) = self.short() {
            return Ok(integer);
        }
        let number = self.integral("an integer")?;
        let integer = number
            .signed(self.text)
            .ok_or_else(|| self.error(Problem::Range("64-bit integers")))?;
        self.at = number.end;
        Ok(integer)
    }

    /// Reads an integer without a sign.
    pub fn unsigned(&mut self) -> Result<u64, ReadError> {
        let number = self.integral("an integer")?;
        let unsigned = number.literal(self.text).parse();
        let unsigned =
            unsigned.map_err(|_| self.error(Problem::Range("unsigned 64-bit integers")))?;
        self.at = number.end;
        Ok(unsigned)
    }

    /// Reads any number, as the nearest `f64`.
    pub fn float(&mut self) -> Result<f64, ReadError> {
        let number = self.number("a number")?;
        let float = self.nearest(&number)?;
        self.at = number.end;
        Ok(float)
    }

    /// Reads a string.
    pub fn string(&mut self) -> Result<String, ReadError> {
        match self.plain()? {
            Some(text) => Ok(text.to_owned()),
            None => self.unescaped(),
        }
    }

    /// Reads a string, which is borrowed from the answer if it has no escapes.
    pub fn text(&mut self) -> Result<Cow<'a, str>, ReadError> {
        match self.plain()? {
            Some(text) => Ok(Cow::Borrowed(text)),
            None => self.unescaped().map(Cow::Owned),
        }
    }

    /// Reads an identifier: a string, or an integer, which is taken as it is written.
    pub fn id(&mut self) -> Result<String, ReadError> {
        if self.peek() == Some(b'"') {
            return self.string();
        }
        let number = self.integral("a string or an integer")?;
        self.at = number.end;
        Ok(number.literal(self.text).to_owned())
    }

    /// Reads any value and forgets it. It is checked as if it was read.
    pub fn skip(&mut self) -> Result<(), ReadError> {
        match self.peek() {
            Some(b'"') => self.string_from(self.at + 1, None),
            Some(b'-' | b'0'..=b'9') => self.skip_number(),
            Some(b'[') => self.skip_list(),
            Some(b'{') => self.skip_object(),
            Some(b't' | b'f') => self.boolean().map(drop),
            Some(b'n') => self.word("null"),
            _ => Err(self.expected("a value")),
        }
    }

    /// [`skip`](Self::skip) for a number.
    #[inline]
    fn skip_number(&mut self) -> Result<(), ReadError> {
        if self.short().is_some() {
            return Ok(());
        }
        self.at = self.number("a number")?.end;
        Ok(())
    }

    /// [`skip`](Self::skip) for a list.
    fn skip_list(&mut self) -> Result<(), ReadError> {
        self.begin_list()?;
        while self.next_item()? {
            self.skip()?;
        }
        Ok(())
    }

    /// [`skip`](Self::skip) for an object.
    fn skip_object(&mut self) -> Result<(), ReadError> {
        self.begin_object()?;
        while self.key()?.is_some() {
            self.skip()?;
        }
        Ok(())
    }

    /// Looks ahead into the object that is next, without reading it: the string that its first
    /// member of this name has. `None` if it has no such member, or if that is no string.
    ///
    /// What precedes that member is not checked in full: that is left to when it is read.
    pub fn peek_tag(&self, key: &str) -> Result<Option<Cow<'a, str>>, ReadError> {
        self.ahead(|reader| reader.find(key))
    }

    /// Looks ahead into the object that is next, without reading it: the smallest number of those
    /// that its members have among the `keys`. A member that is null counts only where that is a
    /// value, which the third says.
    ///
    /// What precedes the last member that was looked at is not checked in full, as for a tag.
    pub fn peek_variant(&self, keys: &[(&str, usize, bool)]) -> Result<Option<usize>, ReadError> {
        self.ahead(|reader| reader.find_any(keys))
    }

    /// Reads with a reader of its own. An error is to tell what is wrong in what was taken for
    /// balanced.
    fn ahead<T>(
        &self,
        find: impl FnOnce(&mut Self) -> Result<T, ReadError>,
    ) -> Result<T, ReadError> {
        find(&mut self.clone()).map_err(|error| self.clone().skip().err().unwrap_or(error))
    }

    /// [`peek_variant`](Self::peek_variant), but the reader is of no further use.
    fn find_any(&mut self, keys: &[(&str, usize, bool)]) -> Result<Option<usize>, ReadError> {
        let mut least = None;
        self.begin_object()?;
        while let Some(found) = self.key()? {
            let null = self.peek() == Some(b'n');
            let known = keys.iter().find(|(key, ..)| *key == found);
            if let Some((_, index, _)) = known.filter(|(.., nullable)| *nullable || !null) {
                least = Some(least.map_or(*index, |least: usize| least.min(*index)));
                // None is less.
                if least == Some(0) {
                    break;
                }
            }
            self.leap()?;
        }
        Ok(least)
    }

    /// [`peek_tag`](Self::peek_tag), but the reader is of no further use.
    fn find(&mut self, key: &str) -> Result<Option<Cow<'a, str>>, ReadError> {
        self.begin_object()?;
        while let Some(found) = self.key()? {
            let next = self.peek();
            if found == key {
                return if next == Some(b'"') {
                    self.text().map(Some)
                } else {
                    Ok(None)
                };
            }
            self.leap()?;
        }
        Ok(None)
    }

    /// Goes past any value. A list or an object is taken for balanced, and not checked.
    fn leap(&mut self) -> Result<(), ReadError> {
        if let Some(b'[' | b'{') = self.peek() {
            self.at = scan::leap(self.text.as_bytes(), self.at + 1);
            return Ok(());
        }
        self.skip()
    }

    /// What the next value is, which is not read.
    fn kind(&mut self) -> Kind {
        Kind::of(self.peek())
    }

    /// Checks that the answer ends here.
    pub fn finish(&mut self) -> Result<(), ReadError> {
        match self.peek() {
            None if !self.broken => Ok(()),
            _ => Err(self.error(Problem::Trailing)),
        }
    }

    /// The object that was just left has no field of this name.
    #[cold]
    pub fn missing(&self, name: &'static str) -> ReadError {
        self.just_read(Problem::Missing(name))
    }

    /// The value that was just read, though of the right kind, is not what it should be, such as
    /// `"a date"`.
    #[cold]
    pub fn invalid(&self, what: &'static str) -> ReadError {
        self.just_read(Problem::Invalid(what))
    }

    /// The next value is not what it should be, such as `"a string or a list"`. The error tells
    /// what it is instead.
    #[cold]
    pub fn expected(&mut self, what: &'static str) -> ReadError {
        let found = self.kind();
        self.error(Problem::Expected(what, found))
    }

    /// A problem with the value whose last byte was the last that was read.
    fn just_read(&self, problem: Problem) -> ReadError {
        problem.at(self.at.saturating_sub(1)).into()
    }

    /// A problem with what is next.
    #[cold]
    fn error(&self, problem: Problem) -> ReadError {
        self.fault(problem.at(self.at))
    }

    /// A problem, unless it is that the UTF-8 ended.
    #[cold]
    fn fault(&self, fault: Fault) -> ReadError {
        let problem = if self.broken && fault.offset >= self.text.len() {
            Problem::Utf8
        } else {
            fault.problem
        };
        Fault { problem, ..fault }.into()
    }

    /// The byte at an offset.
    #[inline]
    fn byte(&self, at: usize) -> Option<u8> {
        self.text.as_bytes().get(at).copied()
    }

    /// What is between two offsets.
    #[inline]
    fn slice(&self, start: usize, end: usize) -> &'a str {
        self.text.get(start..end).unwrap_or_default()
    }

    /// Goes past white space and gives the byte that is next.
    #[inline]
    pub(super) fn peek(&mut self) -> Option<u8> {
        self.at = scan::space(self.text.as_bytes(), self.at);
        self.byte(self.at)
    }

    /// Goes past the first byte of a container.
    fn enter(&mut self, container: &Container) -> Result<(), ReadError> {
        if self.peek() != Some(container.open) {
            return Err(self.expected(container.name));
        }
        if self.depth >= DEPTH {
            return Err(self.error(Problem::Depth));
        }
        self.at += 1;
        self.depth += 1;
        self.fresh = true;
        Ok(())
    }

    /// Goes to the next value or key of a container, past a comma, or past the last byte of it.
    #[inline]
    fn advance(&mut self, container: &Container) -> Result<bool, ReadError> {
        let fresh = mem::replace(&mut self.fresh, false);
        match self.peek() {
            Some(b',') if !fresh => {
                self.at += 1;
                Ok(true)
            }
            Some(byte) if byte == container.close => {
                self.at += 1;
                self.depth = self.depth.saturating_sub(1);
                Ok(false)
            }
            Some(_) if fresh => Ok(true),
            Some(_) => Err(self.error(Problem::Syntax(container.next))),
            None => Err(self.error(Problem::End(container.name))),
        }
    }

    /// Reads a word that stands for a value.
    fn word(&mut self, word: &'static str) -> Result<(), ReadError> {
        let end = self.at + word.len();
        if self.text.as_bytes().get(self.at..end) != Some(word.as_bytes()) {
            return Err(self.error(Problem::Syntax("`null`, `true` or `false`")));
        }
        self.at = end;
        Ok(())
    }

    /// Reads the string that is next, if it has no escapes.
    #[inline]
    fn plain(&mut self) -> Result<Option<&'a str>, ReadError> {
        if self.peek() != Some(b'"') {
            return Err(self.expected("a string"));
        }
        let start = self.at + 1;
        let end = scan::plain(self.text.as_bytes(), start);
        if self.byte(end) != Some(b'"') {
            return Ok(None);
        }
        self.at = end + 1;
        Ok(Some(self.slice(start, end)))
    }

    /// Reads the string that is next, which has escapes.
    fn unescaped(&mut self) -> Result<String, ReadError> {
        let start = self.at + 1;
        let end = scan::quoted(self.text.as_bytes(), start);
        let mut text = String::with_capacity(end.saturating_sub(start));
        self.string_from(start, Some(&mut text))?;
        Ok(text)
    }

    /// Reads the rest of a string, from `start` on, of which the characters go to the end of
    /// `text`.
    fn string_from(
        &mut self,
        mut start: usize,
        mut text: Option<&mut String>,
    ) -> Result<(), ReadError> {
        let bytes = self.text.as_bytes();
        loop {
            let end = scan::plain(bytes, start);
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
                        scan::escape(bytes, end).map_err(|fault| self.fault(fault))?;
                    if let Some(text) = &mut text {
                        text.push(character);
                    }
                    start = next;
                    continue;
                }
                Some(_) => Problem::Control,
                None => Problem::End("a string"),
            };
            return Err(self.fault(problem.at(end)));
        }
    }

    /// Reads the integer that is next, if it is a short one.
    #[inline]
    pub(super) fn short(&mut self) -> Option<i64> {
        let (integer, end) = number::short(self.text.as_bytes(), self.at)?;
        self.at = end;
        Some(integer)
    }

    /// The number that is next. It is not yet read: an error about it is to point at it.
    #[inline]
    pub(super) fn number(&mut self, expected: &'static str) -> Result<Number, ReadError> {
        let Some(b'-' | b'0'..=b'9') = self.peek() else {
            return Err(self.expected(expected));
        };
        let number = number::number(self.text.as_bytes(), self.at);
        number.map_err(|fault| self.fault(fault))
    }

    /// The nearest `f64` of the number that is next.
    #[inline]
    pub(super) fn nearest(&self, number: &Number) -> Result<f64, ReadError> {
        number
            .float(self.text)
            .ok_or_else(|| self.error(Problem::Range("64-bit floats")))
    }

    /// [`number`](Self::number), but an integer.
    #[inline]
    fn integral(&mut self, expected: &'static str) -> Result<Number, ReadError> {
        let number = self.number(expected)?;
        if !number.integral {
            return Err(self.error(Problem::Expected(expected, Kind::Fraction)));
        }
        Ok(number)
    }
}
