//! A spec as written: values with their positions.
//!
//! Keys and the kinds of values have been checked against the [tables](crate::language), names and
//! types have not been interpreted yet.

use std::sync::Arc;

use crate::diagnostics::Reported;
use crate::language::Table as Keys;
use crate::model::Literal;
use crate::source::Span;
use crate::source::text::Text;

/// The files of a spec: the main file, then the included ones.
#[derive(Debug)]
pub(crate) struct Spec {
    pub(crate) main: Table,
    pub(crate) included: Vec<Table>,
}

impl Spec {
    /// Returns the entries of a top-level table of all files.
    pub(crate) fn entries(&self, name: &'static str) -> impl Iterator<Item = &Entry> {
        let files = std::iter::once(&self.main).chain(&self.included);
        files.flat_map(move |file| file.map(name))
    }

    /// Returns the endpoints of all files, with their groups.
    pub(crate) fn endpoints(&self) -> impl Iterator<Item = (&Text, &Entry)> {
        self.entries("endpoints").flat_map(|group| {
            let endpoints = group.table().map_or(&[][..], |table| &table.entries);
            endpoints.iter().map(|endpoint| (&group.key, endpoint))
        })
    }

    /// Returns the table `[api]`.
    pub(crate) fn api(&self) -> Option<&Table> {
        self.main.table("api")
    }
}

/// A table of the file.
#[derive(Debug)]
pub(crate) struct Table {
    /// The keys that the language allows, unless the keys are arbitrary.
    pub(crate) keys: Option<&'static Keys>,
    /// The entries in the order of the file.
    pub(crate) entries: Vec<Entry>,
    /// The errors of the table itself: unknown or missing keys.
    pub(crate) status: Result<(), Reported>,
    /// The error of an unknown key whose value may be a part of the item.
    pub(crate) lost: Result<(), Reported>,
}

/// A key and its value.
#[derive(Debug)]
pub(crate) struct Entry {
    pub(crate) key: Text,
    /// The value, unless it has the wrong kind.
    pub(crate) value: Option<Value>,
    /// The span of the value.
    pub(crate) span: Span,
    /// The errors of the key and of everything in the value.
    pub(crate) status: Result<(), Reported>,
}

#[derive(Debug)]
pub(crate) enum Value {
    String(Text),
    /// A list of strings. In a list of the kind [`StatusList`](crate::language::Kind::StatusList),
    /// a text without quotes is a boolean.
    StringList(Vec<Text>),
    /// A value of the kinds [`Scalar`](crate::language::Kind::Scalar),
    /// [`Number`](crate::language::Kind::Number) and [`Bool`](crate::language::Kind::Bool).
    Literal(Literal),
    /// A list of values of the same kind. Their keys are that of the list, at the positions of the
    /// values.
    List(Vec<Entry>),
    Table(Table),
}

impl Table {
    /// Returns the entry of a key of the language.
    pub(crate) fn entry(&self, name: &str) -> Option<&Entry> {
        debug_assert!(
            self.keys.is_none_or(|keys| keys.key(name).is_some()),
            "no row for the key `{name}`"
        );
        self.entries.iter().find(|entry| entry.key.as_str() == name)
    }

    pub(crate) fn string(&self, name: &str) -> Option<&Text> {
        self.entry(name)?.string()
    }

    pub(crate) fn string_list(&self, name: &str) -> Option<&[Text]> {
        match self.entry(name)?.value.as_ref()? {
            Value::StringList(list) => Some(list),
            _ => None,
        }
    }

    /// Returns a literal and its span.
    pub(crate) fn literal(&self, name: &str) -> Option<(&Literal, Span)> {
        let entry = self.entry(name)?;
        Some((entry.literal()?, entry.span))
    }

    /// Returns whether a key of the kind `Bool` is `true`.
    pub(crate) fn flag(&self, name: &str) -> bool {
        matches!(self.literal(name), Some((Literal::Bool(true), _)))
    }

    pub(crate) fn table(&self, name: &str) -> Option<&Self> {
        self.entry(name)?.table()
    }

    /// Returns the entries of a table with arbitrary keys.
    pub(crate) fn map(&self, name: &str) -> &[Entry] {
        self.table(name).map_or(&[], |table| &table.entries)
    }

    /// Returns the documentation, or an empty string.
    pub(crate) fn doc(&self) -> String {
        self.string("doc")
            .map_or_else(String::new, |doc| doc.as_str().to_owned())
    }

    /// Like [`doc`](Self::doc), but shares the text with those that are equal.
    pub(crate) fn shared_doc(&self) -> Arc<str> {
        self.string("doc")
            .map_or_else(Arc::default, |doc| doc.value.clone())
    }

    /// Returns the error of a part with unknown contents: the value of an unknown key, or a value of
    /// the wrong kind of one of the given keys.
    pub(crate) fn complete(&self, keys: &[&str]) -> Result<(), Reported> {
        self.lost?;
        let is_named = |entry: &&Entry| keys.contains(&entry.key.as_str());
        let mut entries = self.entries.iter().filter(is_named);
        entries.try_for_each(|entry| match &entry.value {
            None => entry.status,
            Some(Value::Table(table)) => table.lost,
            Some(_) => Ok(()),
        })
    }

    /// Returns the errors of the table and of its entries, except of those with the given keys.
    pub(crate) fn status_without(&self, keys: &[&str]) -> Result<(), Reported> {
        self.status?;
        let checked = |entry: &&Entry| !keys.contains(&entry.key.as_str());
        let mut entries = self.entries.iter().filter(checked);
        entries.try_for_each(|entry| entry.status)
    }
}

impl Entry {
    pub(crate) fn string(&self) -> Option<&Text> {
        match self.value.as_ref()? {
            Value::String(text) => Some(text),
            _ => None,
        }
    }

    pub(crate) fn literal(&self) -> Option<&Literal> {
        match self.value.as_ref()? {
            Value::Literal(literal) => Some(literal),
            _ => None,
        }
    }

    pub(crate) fn table(&self) -> Option<&Table> {
        match self.value.as_ref()? {
            Value::Table(table) => Some(table),
            _ => None,
        }
    }

    pub(crate) fn list(&self) -> Option<&[Entry]> {
        match self.value.as_ref()? {
            Value::List(list) => Some(list),
            _ => None,
        }
    }

    /// Returns the documentation of a value that is either the documentation itself or a table with
    /// it.
    pub(crate) fn doc(&self) -> String {
        match &self.value {
            Some(Value::String(text)) => text.as_str().to_owned(),
            Some(Value::Table(table)) => table.doc(),
            _ => String::new(),
        }
    }
}
