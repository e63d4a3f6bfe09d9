//! Values of a document that record whether the import has read them.

use std::cell::Cell;
use std::rc::Rc;

use serde_json::Number;

/// A value of the document.
///
/// The getters mark the value that they return as read. A value that is still unread at the end of
/// the import is reported, so a part of a document cannot be lost silently. The functions that
/// start with `peek` do not mark it: they decide between constructs without importing anything.
#[derive(Clone, Debug, Default)]
pub(in crate::import) struct Node {
    value: Value,
    /// Line in the file, starting at 1. 0 if it is that of the value around this one.
    line: u32,
    state: Cell<State>,
    has_notes: Cell<bool>,
}

/// A key or a text. Equal ones share their memory.
pub(in crate::import) type Text = Rc<str>;

#[derive(Clone, Debug, Default)]
pub(in crate::import) enum Value {
    #[default]
    Null,
    Bool(bool),
    Number(Number),
    Text(Text),
    List(Vec<Node>),
    Object(Vec<(Text, Node)>),
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::import) enum State {
    #[default]
    Unread,
    Read,
    /// Reported with everything that it contains.
    Reported,
}

impl From<Value> for Node {
    fn from(value: Value) -> Self {
        Self::at(0, value)
    }
}

// Getters return nothing if the value has another type. Such a value stays unread.
impl Node {
    pub(in crate::import) fn get(&self, key: &str) -> Option<&Self> {
        self.peek(key).map(Self::read)
    }

    pub(in crate::import) fn text(&self, key: &str) -> Option<&str> {
        let found = self.peek(key)?;
        let text = found.as_text()?;
        found.read();
        Some(text)
    }

    pub(in crate::import) fn bool(&self, key: &str) -> Option<bool> {
        let found = self.peek(key)?;
        let value = found.as_bool()?;
        found.read();
        Some(value)
    }

    /// Returns whether the value at a key is `true`.
    pub(in crate::import) fn is_true(&self, key: &str) -> bool {
        self.bool(key) == Some(true)
    }

    /// Returns the list at a key. Its items are unread.
    pub(in crate::import) fn list(&self, key: &str) -> &[Self] {
        let found = self
            .peek(key)
            .filter(|it| matches!(it.value, Value::List(_)));
        found.map_or(&[], |it| it.read().items())
    }

    /// Returns the members of the object at a key. Their values are unread.
    pub(in crate::import) fn object(&self, key: &str) -> &[(Text, Self)] {
        let found = self.peek(key).filter(|it| it.is_object());
        found.map_or(&[], |it| it.read().members())
    }

    /// Marks the value as read.
    pub(in crate::import) fn read(&self) -> &Self {
        if self.state.get() == State::Unread {
            self.state.set(State::Read);
        }
        self
    }

    /// Marks the value and everything that it contains as reported.
    pub(in crate::import) fn mark_reported(&self) {
        self.state.set(State::Reported);
    }

    /// Marks the value as one with a note in the report.
    pub(in crate::import) fn mark_noted(&self) {
        self.has_notes.set(true);
    }
}

impl Node {
    /// Creates a value in a line.
    pub(super) const fn at(line: u32, value: Value) -> Self {
        Self {
            value,
            line,
            state: Cell::new(State::Unread),
            has_notes: Cell::new(false),
        }
    }

    pub(super) const fn move_to(&mut self, line: u32) {
        self.line = line;
    }

    /// Returns the line in the file, starting at 1, or 0 if it is that of the value around this one.
    pub(in crate::import) const fn line(&self) -> u32 {
        self.line
    }

    pub(in crate::import) const fn has_notes(&self) -> bool {
        self.has_notes.get()
    }

    pub(in crate::import) fn peek(&self, key: &str) -> Option<&Self> {
        let found = self.members().iter().find(|(other, _)| **other == *key);
        found.map(|(_, value)| value)
    }

    pub(in crate::import) fn peek_text(&self, key: &str) -> Option<&str> {
        self.peek(key)?.as_text()
    }

    pub(in crate::import) fn peek_list(&self, key: &str) -> &[Self] {
        self.peek(key).map_or(&[], Self::items)
    }

    pub(in crate::import) fn peek_object(&self, key: &str) -> &[(Text, Self)] {
        self.peek(key).map_or(&[], Self::members)
    }

    pub(in crate::import) const fn value(&self) -> &Value {
        &self.value
    }

    pub(in crate::import) const fn value_mut(&mut self) -> &mut Value {
        &mut self.value
    }

    pub(in crate::import) const fn state(&self) -> State {
        self.state.get()
    }

    pub(in crate::import) fn members(&self) -> &[(Text, Self)] {
        match &self.value {
            Value::Object(members) => members,
            _ => &[],
        }
    }

    pub(in crate::import) fn items(&self) -> &[Self] {
        match &self.value {
            Value::List(items) => items,
            _ => &[],
        }
    }

    pub(in crate::import) fn as_text(&self) -> Option<&str> {
        match &self.value {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    pub(in crate::import) const fn as_bool(&self) -> Option<bool> {
        match self.value {
            Value::Bool(value) => Some(value),
            _ => None,
        }
    }

    pub(in crate::import) const fn as_number(&self) -> Option<&Number> {
        match &self.value {
            Value::Number(number) => Some(number),
            _ => None,
        }
    }

    pub(in crate::import) const fn is_null(&self) -> bool {
        matches!(self.value, Value::Null)
    }

    pub(in crate::import) const fn is_object(&self) -> bool {
        matches!(self.value, Value::Object(_))
    }

    /// Identifies the value among all values of a document.
    pub(in crate::import) fn address(&self) -> usize {
        std::ptr::from_ref(self).addr()
    }

    /// Returns a scalar for a message, in the syntax of JSON.
    pub(in crate::import) fn scalar(&self) -> String {
        match &self.value {
            Value::Null => "null".to_owned(),
            Value::Bool(value) => value.to_string(),
            Value::Number(number) => number.to_string(),
            Value::Text(text) => format!("{text:?}"),
            Value::List(_) => "a list".to_owned(),
            Value::Object(_) => "an object".to_owned(),
        }
    }
}

/// Equality of the values. Whether they have been read makes no difference.
impl PartialEq for Node {
    fn eq(&self, other: &Self) -> bool {
        match (&self.value, &other.value) {
            (Value::Null, Value::Null) => true,
            (Value::Bool(a), Value::Bool(b)) => a == b,
            (Value::Number(a), Value::Number(b)) => a == b,
            (Value::Text(a), Value::Text(b)) => a == b,
            (Value::List(a), Value::List(b)) => a == b,
            (Value::Object(a), Value::Object(b)) => a == b,
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::json;

    #[test]
    fn getters_mark_only_the_values_that_they_return() {
        let node = json::parse(r#"{ "a": "x", "b": 1, "c": [1, 2], "d": true }"#).unwrap();
        assert_eq!(node.text("a"), Some("x"));
        assert_eq!(node.text("b"), None);
        assert_eq!(node.list("c").len(), 2);
        assert!(!node.is_true("b"));
        assert_eq!(node.peek_text("a"), Some("x"));
        let unread: Vec<&str> = node
            .members()
            .iter()
            .filter(|(_, it)| it.state() == super::State::Unread)
            .map(|(key, _)| &**key)
            .collect();
        assert_eq!(unread, ["b", "d"]);
    }
}
