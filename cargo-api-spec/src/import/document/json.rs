//! JSON as nodes.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::Number;

use super::node::{Node, Text, Value};
use super::texts::Texts;

/// Parses a JSON document.
pub(in crate::import) fn parse(text: &str) -> Result<Node, String> {
    let mut reader = Reader {
        lines: Lines::new(text),
        texts: Texts::default(),
    };
    let mut json = serde_json::Deserializer::from_str(text);
    let root = reader.deserialize(&mut json);
    let root = root.and_then(|root| json.end().map(|()| root));
    root.map_err(|error| error.to_string())
}

/// Lines of the strings of a text, in the order of the text.
struct Lines<'t> {
    text: &'t str,
    /// Offset and line of the last position.
    offset: usize,
    line: u32,
}

impl<'t> Lines<'t> {
    const fn new(text: &'t str) -> Self {
        Self {
            text,
            offset: 0,
            line: 1,
        }
    }

    /// Moves to a string that is part of the text. The parser has no positions of values, but the
    /// strings without escapes that it returns are slices of the text.
    fn move_to(&mut self, string: &str) {
        let start = self.text.as_ptr().addr();
        let offset = string.as_ptr().addr().wrapping_sub(start);
        if let Some(passed) = self.text.get(self.offset..offset) {
            let breaks = passed.matches('\n').count();
            self.line = self.line.saturating_add(u32::try_from(breaks).unwrap_or(0));
            self.offset = offset;
        }
    }

    /// Returns the line of the bracket before the current position, which is that of the first key
    /// of an object.
    fn line_of_opening(&self) -> u32 {
        let before = &self.text.as_bytes()[..self.offset];
        // The quote is between the two.
        let spaces = before.split_last().map_or(before, |(_, spaces)| spaces);
        let spaces = spaces
            .iter()
            .rev()
            .take_while(|it| it.is_ascii_whitespace());
        let breaks = spaces.filter(|&&byte| byte == b'\n').count();
        self.line.saturating_sub(u32::try_from(breaks).unwrap_or(0))
    }
}

struct Reader<'t> {
    lines: Lines<'t>,
    texts: Texts,
}

impl<'de> DeserializeSeed<'de> for &mut Reader<'_> {
    type Value = Node;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Node, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for &mut Reader<'_> {
    type Value = Node;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any JSON value")
    }

    fn visit_unit<E>(self) -> Result<Node, E> {
        Ok(Value::Null.into())
    }

    fn visit_bool<E>(self, value: bool) -> Result<Node, E> {
        Ok(Value::Bool(value).into())
    }

    fn visit_i64<E>(self, value: i64) -> Result<Node, E> {
        Ok(Value::Number(value.into()).into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Node, E> {
        Ok(Value::Number(value.into()).into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Node, E> {
        let number = Number::from_f64(value);
        Ok(number.map_or(Value::Null, Value::Number).into())
    }

    fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Node, E> {
        self.lines.move_to(text);
        self.visit_str(text)
    }

    fn visit_str<E>(self, text: &str) -> Result<Node, E> {
        let text = Value::Text(self.texts.get(text));
        Ok(Node::at(self.lines.line, text))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Node, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element_seed(&mut *self)? {
            list.push(item);
        }
        list.shrink_to_fit();
        Ok(Value::List(list).into())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Node, A::Error> {
        let mut object = Vec::new();
        let mut start = 0;
        while let Some(key) = members.next_key_seed(KeyReader(&mut *self))? {
            if object.is_empty() {
                start = self.lines.line_of_opening();
            }
            let line = self.lines.line;
            let mut value = members.next_value_seed(&mut *self)?;
            value.move_to(line);
            object.push((key, value));
        }
        object.shrink_to_fit();
        Ok(Node::at(start, Value::Object(object)))
    }
}

/// Reads the key of a member.
struct KeyReader<'r, 't>(&'r mut Reader<'t>);

impl<'de> DeserializeSeed<'de> for KeyReader<'_, '_> {
    type Value = Text;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Text, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'de> Visitor<'de> for KeyReader<'_, '_> {
    type Value = Text;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_borrowed_str<E: Error>(self, key: &'de str) -> Result<Text, E> {
        self.0.lines.move_to(key);
        self.visit_str(key)
    }

    fn visit_str<E>(self, key: &str) -> Result<Text, E> {
        Ok(self.0.texts.get(key))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_have_the_line_of_their_key_or_of_their_start() {
        let text = "{\n\"a\": [\n  {\n \"b\":\n1},\n\"c\"\n],\n\n\"\\u0064\": 2,\n\"e\": 3}";
        let root = parse(text).unwrap();
        assert_eq!(root.line(), 1);
        let list = root.peek("a").unwrap();
        assert_eq!(list.line(), 2);
        let [object, string] = list.items() else {
            panic!("{list:?}");
        };
        assert_eq!(object.line(), 3);
        assert_eq!(object.peek("b").unwrap().line(), 4);
        assert_eq!(string.line(), 6);
        // The line of a key with escapes is that of the string before.
        assert_eq!(root.peek("d").unwrap().line(), 6);
        assert_eq!(root.peek("e").unwrap().line(), 10);
    }
}
