//! Values of any kind.

#![allow(
    clippy::missing_errors_doc,
    reason = "the method fails if no value follows"
)]

use std::borrow::Cow;

use serde_json::{Map, Number, Value};

use super::error::ReadError;
use super::reader::Reader;
use super::scan;
use super::syntax::TableSize;

/// Parses a document from a server. Invalid UTF-8 becomes U+FFFD.
pub(crate) fn parse(bytes: &[u8]) -> Result<Value, ReadError> {
    let text = String::from_utf8_lossy(bytes);
    let mut reader = Reader::new(text.as_bytes());
    let value = reader.json()?;
    reader.finish().map(|()| value)
}

impl<'a> Reader<'a> {
    /// Reads any value.
    ///
    /// The result is that of [`serde_json::from_slice`], except for unpaired surrogates: integers in
    /// the range of `u64` or `i64` stay integers, other numbers become `f64`, and of several members
    /// with one key the last is kept.
    pub fn json(&mut self) -> Result<Value, ReadError> {
        match self.peek() {
            Some(b'"') => self.string().map(Value::String),
            Some(b'-' | b'0'..=b'9') => self.json_number().map(Value::Number),
            Some(b'[') => self.json_list(),
            Some(b'{') => self.json_object(),
            Some(b't' | b'f') => self.boolean().map(Value::Bool),
            Some(b'n') => self.try_null().map(|_| Value::Null),
            _ => Err(self.expected("a value")),
        }
    }

    /// Reads any value as the text that represents it in the document. Its syntax is checked in full.
    pub fn raw(&mut self) -> Result<&'a str, ReadError> {
        self.peek();
        let start = self.at;
        self.skip()?;
        Ok(self.slice(start, self.at))
    }

    /// Reads any value like [`raw`](Self::raw), with `\ufffd` instead of unpaired surrogates, which
    /// other parsers reject.
    ///
    /// If the value is a list of lists, its size is returned too.
    pub(crate) fn paired_raw(&mut self) -> Result<(Cow<'a, str>, Option<TableSize>), ReadError> {
        self.peek();
        let Some(value) = self.check_value() else {
            // The value is invalid.
            return self.raw().map(|text| (text.into(), None));
        };
        self.at = value.end;
        let text = self.slice(value.start, value.end);
        let text = if value.has_replacement {
            scan::replace_unpaired(text).into()
        } else {
            text.into()
        };
        Ok((text, value.table_size))
    }

    /// Reads a number of any kind, like [`json`](Self::json).
    pub fn json_number(&mut self) -> Result<Number, ReadError> {
        self.peek();
        if let Some(integer) = self.short_integer() {
            return Ok(Number::from(integer));
        }
        let number = self.number("a number")?;
        let text = self.text;
        let value = if let Some(integer) = number.unsigned(text) {
            Number::from(integer)
        } else if let Some(integer) = number.signed(text).filter(|&integer| integer != 0) {
            Number::from(integer)
        } else {
            // Includes `-0`, whose sign an integer does not represent.
            let float = self.nearest_float(&number)?;
            Number::from_f64(float).ok_or_else(|| self.expected("a finite number"))?
        };
        self.at = number.end;
        Ok(value)
    }

    fn json_list(&mut self) -> Result<Value, ReadError> {
        let mut list = Vec::new();
        self.begin_list()?;
        while self.next_item()? {
            if list.is_empty() {
                list.reserve_exact(self.expected_length());
            }
            list.push(self.json()?);
        }
        self.record_length(list.len());
        Ok(Value::Array(list))
    }

    fn json_object(&mut self) -> Result<Value, ReadError> {
        let mut object = Map::new();
        self.begin_object()?;
        while let Some(key) = self.next_entry()? {
            object.insert(key.into_owned(), self.json()?);
        }
        Ok(Value::Object(object))
    }
}
