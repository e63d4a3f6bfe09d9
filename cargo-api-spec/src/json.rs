//! JSON with objects that preserve the order of their members.

use api_spec::model::Literal;
use serde::ser::{Serialize, Serializer};
use serde_json::Number;

#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) enum Json {
    #[default]
    Null,
    Bool(bool),
    Number(Number),
    Text(String),
    List(Vec<Json>),
    Object(Vec<(String, Json)>),
}

/// Returns an object with these members.
pub(crate) fn object<const N: usize>(members: [(&str, Json); N]) -> Json {
    let owned = members.map(|(key, value)| (key.to_owned(), value));
    Json::Object(owned.into())
}

/// Returns a list of these items.
pub(crate) fn list<T: Into<Json>>(items: impl IntoIterator<Item = T>) -> Json {
    Json::List(items.into_iter().map(Into::into).collect())
}

/// Builder for an object.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Members(Vec<(String, Json)>);

impl Members {
    pub(crate) fn add(&mut self, key: impl Into<String>, value: impl Into<Json>) {
        self.0.push((key.into(), value.into()));
    }

    /// Adds a text unless it is empty.
    pub(crate) fn add_text(&mut self, key: &str, text: &str) {
        if !text.is_empty() {
            self.add(key, text);
        }
    }

    /// Adds a list or an object unless it is empty.
    pub(crate) fn add_non_empty(&mut self, key: &str, value: Json) {
        match &value {
            Json::List(items) if items.is_empty() => {}
            Json::Object(members) if members.is_empty() => {}
            _ => self.add(key, value),
        }
    }

    /// Returns the object with this key, which is added if there is none.
    pub(crate) fn entry(&mut self, key: &str) -> NestedMembers<'_> {
        let at = self.0.iter().position(|(other, _)| other == key);
        let at = at.unwrap_or_else(|| {
            self.add(key, Self::default());
            self.0.len() - 1
        });
        NestedMembers(&mut self.0[at].1)
    }

    pub(crate) fn keys(&self) -> Vec<&str> {
        self.0.iter().map(|(key, _)| key.as_str()).collect()
    }

    pub(crate) fn has(&self, key: &str) -> bool {
        self.0.iter().any(|(other, _)| other == key)
    }

    /// Adds the members of another object whose keys are new.
    pub(crate) fn merge(&mut self, other: Self) {
        for (key, value) in other.0 {
            if !self.has(&key) {
                self.0.push((key, value));
            }
        }
    }
}

/// An object in an object under construction.
pub(crate) struct NestedMembers<'a>(&'a mut Json);

impl NestedMembers<'_> {
    pub(crate) fn add(&mut self, key: &str, value: impl Into<Json>) {
        if let Json::Object(members) = self.0 {
            members.push((key.to_owned(), value.into()));
        }
    }
}

impl From<Members> for Json {
    fn from(members: Members) -> Self {
        Self::Object(members.0)
    }
}

// Getters return nothing if the value has another type.
impl Json {
    pub(crate) fn get(&self, key: &str) -> Option<&Self> {
        let found = self.members().iter().find(|(other, _)| other == key);
        found.map(|(_, value)| value)
    }

    pub(crate) fn members(&self) -> &[(String, Self)] {
        match self {
            Self::Object(members) => members,
            _ => &[],
        }
    }

    pub(crate) fn items(&self) -> &[Self] {
        match self {
            Self::List(items) => items,
            _ => &[],
        }
    }
}

impl Json {
    /// Returns the value as JSON on one line, without a line break at the end.
    pub(crate) fn line(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// Returns the value as pretty-printed JSON, with a line break at the end.
    pub(crate) fn pretty(&self) -> String {
        let mut text = serde_json::to_string_pretty(self).unwrap_or_default();
        text.push('\n');
        text
    }
}

impl From<&str> for Json {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Json {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<bool> for Json {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl From<usize> for Json {
    fn from(value: usize) -> Self {
        Self::Number(value.into())
    }
}

impl From<&Literal> for Json {
    fn from(value: &Literal) -> Self {
        match value {
            Literal::Bool(value) => (*value).into(),
            Literal::Int(value) => Self::Number((*value).into()),
            Literal::Float(value) => Number::from_f64(value.0).map_or(Self::Null, Self::Number),
            Literal::String(text) => text.as_str().into(),
        }
    }
}

impl<T: Into<Json>> From<Option<T>> for Json {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

impl Serialize for Json {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_unit(),
            Self::Bool(value) => serializer.serialize_bool(*value),
            Self::Number(value) => value.serialize(serializer),
            Self::Text(text) => serializer.serialize_str(text),
            Self::List(items) => serializer.collect_seq(items),
            Self::Object(members) => {
                serializer.collect_map(members.iter().map(|(key, value)| (key, value)))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn object_members_keep_their_order() {
        let inner = object([("z", "".into()), ("y", Json::Null)]);
        let json = object([("b", list([1_usize, 2])), ("a", inner)]);
        assert_eq!(json.line(), r#"{"b":[1,2],"a":{"z":"","y":null}}"#);
    }
}
