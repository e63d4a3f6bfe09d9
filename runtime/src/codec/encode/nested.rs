//! Values that are spread over several fields, and values as JSON text.

use std::fmt::Write as _;
use std::mem;

use serde_json::Value;

use super::encoder::{Encode, Encoder, Shape};
use super::nested_name::NestedName;
use super::syntax::{Nested, Syntax};
use crate::codec::json::{ReadError, Reader};
use crate::operation::{FieldStyle, is_json};

impl Encoder {
    /// Writes a value as one field per text in it.
    pub(super) fn nested(&mut self, name: &str, value: &dyn Encode, style: FieldStyle<'static>) {
        let base = mem::replace(&mut self.syntax, Syntax::Json);
        let name = NestedName::new(name, style);
        self.syntax = Syntax::Nested(Box::new(Nested { base, name }));
        value.encode(self);
        if let Syntax::Nested(nested) = mem::replace(&mut self.syntax, Syntax::Json) {
            self.syntax = nested.base;
        }
    }

    /// Returns whether the value is spread over several fields.
    pub(super) fn is_nested(&self) -> bool {
        matches!(self.syntax, Syntax::Nested(_))
    }

    /// Writes a member of an object that is spread over several fields.
    pub(super) fn nested_member(&mut self, key: &str, value: &dyn Encode) {
        let Syntax::Nested(nested) = &mut self.syntax else {
            return;
        };
        let begun = nested.name.begin_member(key);
        self.check(begun);
        value.encode(self);
        if let Syntax::Nested(nested) = &mut self.syntax {
            nested.name.end_member();
        }
    }

    /// Writes the field of a text.
    pub(super) fn nested_text(&mut self, text: &str) {
        let Syntax::Nested(mut nested) = mem::replace(&mut self.syntax, Syntax::Json) else {
            return;
        };
        mem::swap(&mut self.syntax, &mut nested.base);
        match nested.name.of_value() {
            Ok(name) => self.present(name, &text, Shape::Value),
            Err(error) => self.fail(error),
        }
        mem::swap(&mut self.syntax, &mut nested.base);
        self.syntax = Syntax::Nested(nested);
    }

    /// Writes a value as one text, which is JSON.
    pub(super) fn json_text(&mut self, value: &dyn Encode) {
        if matches!(self.syntax, Syntax::Json | Syntax::JsonValue) {
            return value.encode(self);
        }
        let syntax = mem::replace(&mut self.syntax, Syntax::Json);
        let text = mem::take(&mut self.text);
        value.encode(self);
        let json = mem::replace(&mut self.text, text);
        self.syntax = syntax;
        let mut json = String::from_utf8_lossy(&json).into_owned();
        if matches!(self.syntax, Syntax::Headers(_)) {
            json = to_ascii(&json);
        }
        self.string(&json);
    }

    /// Writes a value as it is in a body of this media type.
    pub(super) fn content(&mut self, value: &dyn Encode, media_type: &str) {
        if is_json(media_type) {
            self.json_text(value);
        } else {
            value.encode(self);
        }
    }

    /// Writes JSON text, which is valid.
    pub(crate) fn raw_json(&mut self, json: &str) {
        if !self.is_nested() {
            return self.literal(json);
        }
        if let Err(error) = self.nested_json(&mut Reader::new(json.as_bytes())) {
            self.fail(error.to_string());
        }
    }

    /// Writes the texts and numbers in JSON as they are written there.
    fn nested_json(&mut self, reader: &mut Reader<'_>) -> Result<(), ReadError> {
        match reader.peek() {
            Some(b'{') => {
                reader.begin_object()?;
                while let Some(key) = reader.next_entry()? {
                    self.field(&key, &JsonText(reader.raw()?));
                }
            }
            Some(b'[') => {
                self.begin_list();
                reader.begin_list()?;
                while reader.next_item()? {
                    self.begin_item();
                    self.raw_json(reader.raw()?);
                }
                self.end_list();
            }
            Some(b'"') => self.string(&reader.string()?),
            Some(b'n') => self.null(),
            _ => self.literal(reader.raw()?),
        }
        Ok(())
    }

    /// Writes a JSON value.
    pub(super) fn json_value(&mut self, value: &Value) {
        match value {
            Value::Null => self.null(),
            Value::String(text) => self.string(text),
            Value::Array(items) if self.is_nested() => items.encode(self),
            Value::Object(members) if self.is_nested() => {
                for (key, member) in members {
                    self.field(key, member);
                }
            }
            other => self.literal(&other.to_string()),
        }
    }
}

/// A JSON value as text.
struct JsonText<'a>(&'a str);

impl Encode for JsonText<'_> {
    fn encode(&self, encoder: &mut Encoder) {
        encoder.raw_json(self.0);
    }
}

/// Escapes the characters of JSON that are not ASCII. Servers read other characters in headers in
/// different encodings.
fn to_ascii(json: &str) -> String {
    let mut ascii = String::with_capacity(json.len());
    let mut units = [0; 2];
    for c in json.chars() {
        if c.is_ascii() {
            ascii.push(c);
        } else {
            for unit in c.encode_utf16(&mut units) {
                let _ = write!(ascii, "\\u{unit:04x}");
            }
        }
    }
    ascii
}
