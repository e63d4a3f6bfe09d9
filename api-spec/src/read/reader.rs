//! Reader of TOML documents. It checks keys and the kinds of values against the tables of the
//! language.

mod endpoints;
mod examples;
mod keys;
mod path;

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeString, DeTable, DeValue};

use self::examples::example;
use self::path::{Path, title};
use super::kinds::{kind_of, number_of};
use super::raw::{Entry, Table, Value};
use super::texts::Texts;
use crate::diagnostics::messages::document as messages;
use crate::diagnostics::{Diagnostics, Reported};
use crate::language::{DOCUMENT, Format, INCLUDED, KeyFormat, Kind, Table as Keys};
use crate::model::Literal;
use crate::source::text::Text;
use crate::source::{Source, Span};

/// Reads the main file of a spec.
pub(super) fn read_main(
    source: &Source,
    table: &DeTable<'_>,
    texts: &mut Texts,
    diagnostics: &mut Diagnostics,
) -> Table {
    Reader::new(source, 0, texts, diagnostics).read_file(&DOCUMENT, table)
}

/// Reads an included file. `start` is the offset of its first byte among the bytes of all files.
pub(super) fn read_included(
    source: &Source,
    start: usize,
    table: &DeTable<'_>,
    texts: &mut Texts,
    diagnostics: &mut Diagnostics,
) -> Table {
    Reader::new(source, start, texts, diagnostics).read_file(&INCLUDED, table)
}

type Toml<'d> = &'d Spanned<DeValue<'d>>;

struct Reader<'s> {
    source: &'s Source,
    start: usize,
    texts: &'s mut Texts,
    diagnostics: &'s mut Diagnostics,
}

impl<'s> Reader<'s> {
    fn new(
        source: &'s Source,
        start: usize,
        texts: &'s mut Texts,
        diagnostics: &'s mut Diagnostics,
    ) -> Self {
        Self {
            source,
            start,
            texts,
            diagnostics,
        }
    }

    fn read_file(&mut self, keys: &'static Keys, table: &DeTable<'_>) -> Table {
        self.read_table(keys, table, None, true)
    }

    /// Reads a value. Returns `None` if it has the wrong kind, and the errors of the whole value.
    fn read_value(
        &mut self,
        kind: &'static Kind,
        value: Toml<'_>,
        path: Path<'_>,
    ) -> (Option<Value>, Result<(), Reported>) {
        let read = match (kind, value.get_ref()) {
            (Kind::String(format) | Kind::StringOr(format, _), DeValue::String(string)) => {
                let text = self.text(string, value.span());
                let status = self.check_string(*format, &text, path.key.as_str());
                return (Some(Value::String(text)), status);
            }
            (Kind::StringOr(_, inner), DeValue::Table(_)) => {
                return self.read_value(inner, value, path);
            }
            (Kind::StringList(_) | Kind::StatusList, DeValue::Array(items)) => {
                let (list, status) = self.read_list(kind, items, path);
                return (Some(Value::StringList(list)), status);
            }
            (Kind::List(inner) | Kind::OrList(_, inner), DeValue::Array(items)) => {
                let (list, status) = self.read_items(inner, items, path);
                return (Some(Value::List(list)), status);
            }
            (Kind::OrList(single, _), DeValue::String(_) | DeValue::Table(_)) => {
                return self.read_value(single, value, path);
            }
            (Kind::Table(keys), DeValue::Table(table)) => {
                let is_written = self.is_written(value);
                let mut table = self.read_table(keys, table, Some(path), is_written);
                self.mark_broken(&mut table, value);
                let status = table.status_without(&[]);
                return (Some(Value::Table(table)), status);
            }
            (Kind::Map(format, inner), DeValue::Table(table)) => {
                if let Err(reported) = self.check_structure(inner, table, path) {
                    return (None, Err(reported));
                }
                let mut table = self.read_map(*format, inner, table, path);
                self.mark_broken(&mut table, value);
                let status = table.status_without(&[]);
                return (Some(Value::Table(table)), status);
            }
            (Kind::Scalar, DeValue::String(string)) => Some(Literal::String(string.to_string())),
            (Kind::Scalar | Kind::Bool, DeValue::Boolean(value)) => Some(Literal::Bool(*value)),
            (Kind::Scalar | Kind::Number, number) => number_of(number),
            _ => None,
        };
        match read {
            Some(literal) => (Some(Value::Literal(literal)), Ok(())),
            None => (None, Err(self.report_wrong_kind(kind, value, path))),
        }
    }

    /// Marks a table with a syntax error, of which keys may be missing.
    fn mark_broken(&self, table: &mut Table, value: Toml<'_>) {
        let broken = self.diagnostics.broken_at(self.span(value).start);
        if let Some(reported) = broken.filter(|_| self.is_written(value)) {
            table.status = Err(reported);
            table.lost = Err(reported);
        }
    }

    fn read_list(
        &mut self,
        kind: &'static Kind,
        items: &[Spanned<DeValue<'_>>],
        path: Path<'_>,
    ) -> (Vec<Text>, Result<(), Reported>) {
        let format = match kind {
            Kind::StringList(format) => *format,
            _ => Format::Any,
        };
        let mut list = Vec::with_capacity(items.len());
        let mut status = Ok(());
        for item in items {
            let checked = match (kind, item.get_ref()) {
                (_, DeValue::String(string)) => {
                    let text = self.text(string, item.span());
                    let checked = self.check_string(format, &text, path.key.as_str());
                    list.push(text);
                    checked
                }
                (Kind::StatusList, DeValue::Boolean(value)) => {
                    list.push(self.text(&value.to_string(), item.span()));
                    Ok(())
                }
                _ => Err(self.report_wrong_kind(kind, item, path)),
            };
            status = status.and(checked);
        }
        (list, status)
    }

    fn read_items(
        &mut self,
        kind: &'static Kind,
        items: &[Spanned<DeValue<'_>>],
        path: Path<'_>,
    ) -> (Vec<Entry>, Result<(), Reported>) {
        let mut list = Vec::with_capacity(items.len());
        let mut status = Ok(());
        for item in items {
            let (value, read) = self.read_value(kind, item, path);
            status = status.and(read);
            list.push(Entry {
                key: self.text(path.key.as_str(), item.span()),
                value,
                span: self.span(item),
                status: read,
            });
        }
        (list, status)
    }

    fn read_table(
        &mut self,
        keys: &'static Keys,
        table: &DeTable<'_>,
        path: Option<Path<'_>>,
        is_written: bool,
    ) -> Table {
        let mut read = Table {
            keys: Some(keys),
            entries: Vec::with_capacity(table.len()),
            status: Ok(()),
            lost: Ok(()),
        };
        let mut entries = self.entries(table);
        self.check_keys(keys, &mut read, &mut entries, path, is_written);
        for (key, value) in entries {
            let Some(row) = keys.key(&key.value) else {
                continue;
            };
            let inner = Path {
                key: &key,
                row: Some(row),
                keys: Some(keys),
                outer: path.as_ref(),
            };
            let (entry, mut status) = self.read_value(&row.kind, value, inner);
            if row.non_empty && value.get_ref().as_table().is_some_and(DeTable::is_empty) {
                let diagnostic = messages::empty_table(row, &title(keys, path), key.span);
                status = Err(self.diagnostics.report(diagnostic));
            }
            read.entries.push(Entry {
                value: entry,
                span: self.span(value),
                status,
                key,
            });
        }
        read
    }

    fn read_map(
        &mut self,
        format: KeyFormat,
        kind: &'static Kind,
        table: &DeTable<'_>,
        path: Path<'_>,
    ) -> Table {
        let mut read = Table {
            keys: None,
            entries: Vec::with_capacity(table.len()),
            status: Ok(()),
            lost: Ok(()),
        };
        let mut wrong_kind = None;
        for (key, value) in self.entries(table) {
            let checked = match format {
                KeyFormat::Wire => self.check_wire_name(&key, path.key.as_str()),
                // The names of types, groups and endpoints are checked when they are lowered.
                KeyFormat::Any | KeyFormat::UpperCamelCase | KeyFormat::SnakeCase => Ok(()),
            };
            let inner = Path {
                key: &key,
                row: None,
                keys: None,
                outer: Some(&path),
            };
            let (entry, status) = self.read_map_value(kind, value, inner, &mut wrong_kind);
            read.entries.push(Entry {
                value: entry,
                span: self.span(value),
                status: checked.and(status),
                key,
            });
        }
        read
    }

    /// Reads a value of a table with arbitrary keys. `wrong_kind` is the error of the values before it that
    /// are not tables: it is one mistake.
    fn read_map_value(
        &mut self,
        kind: &'static Kind,
        value: Toml<'_>,
        path: Path<'_>,
        wrong_kind: &mut Option<(usize, Reported)>,
    ) -> (Option<Value>, Result<(), Reported>) {
        let is_string = matches!(kind, Kind::Table(_)) && value.get_ref().is_str();
        if let Some((index, reported)) = wrong_kind.filter(|_| is_string) {
            let label = messages::found(kind_of(value.get_ref()));
            self.diagnostics.extend(index, self.span(value), &label);
            return (None, Err(reported));
        }
        let index = self.diagnostics.len();
        let read = self.read_value(kind, value, path);
        if let Err(reported) = read.1
            && is_string
            && self.diagnostics.len() > index
        {
            *wrong_kind = Some((index, reported));
        }
        read
    }

    fn check_string(&mut self, format: Format, text: &Text, key: &str) -> Result<(), Reported> {
        match format {
            Format::Wire => self.check_wire_name(text, key),
            // All other formats are checked when the string is lowered.
            _ => Ok(()),
        }
    }

    fn check_wire_name(&mut self, name: &Text, owner: &str) -> Result<(), Reported> {
        let diagnostic = if name.value.is_empty() {
            messages::empty_name(owner, name.span)
        } else if name.value.contains(char::is_control) {
            messages::control_character(owner, name)
        } else {
            return Ok(());
        };
        Err(self.diagnostics.report(diagnostic))
    }

    fn report_wrong_kind(
        &mut self,
        kind: &'static Kind,
        value: Toml<'_>,
        path: Path<'_>,
    ) -> Reported {
        let (key, found) = (path.key.as_str(), kind_of(value.get_ref()));
        let diagnostic = messages::wrong_kind(key, kind.expected(), found, self.span(value));
        let is_array_of_tables = self.starts_with(value, "[[");
        self.diagnostics.report(if is_array_of_tables {
            messages::with_single_brackets(diagnostic)
        } else {
            messages::with_example(diagnostic, &example(kind, value.get_ref(), path))
        })
    }

    /// Returns the entries of a table in the order of the file.
    fn entries<'d>(&mut self, table: &'d DeTable<'d>) -> Vec<(Text, Toml<'d>)> {
        let mut text = |key: &Spanned<DeString<'_>>| self.text(key.get_ref(), key.span());
        let mut entries: Vec<_> = table
            .iter()
            .map(|(key, value)| (text(key), value))
            .collect();
        entries.sort_by_key(|(key, _)| key.span);
        entries
    }

    fn text(&mut self, value: &str, range: Range<usize>) -> Text {
        Text::new(self.source, self.texts.get(value), range.into()).offset_by(self.start)
    }

    /// Returns whether a table has a header or braces. Others exist because of tables in them.
    fn is_written(&self, table: Toml<'_>) -> bool {
        self.starts_with(table, "[") || self.starts_with(table, "{")
    }

    fn starts_with(&self, value: Toml<'_>, prefix: &str) -> bool {
        let text = self.source.text().get(value.span().start..);
        text.is_some_and(|text| text.starts_with(prefix))
    }

    fn span(&self, value: Toml<'_>) -> Span {
        Span::from(value.span()).offset_by(self.start)
    }
}
