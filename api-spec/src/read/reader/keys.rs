//! Unknown and missing keys.

use std::collections::HashSet;

use toml::de::DeValue;

use super::path::{Path, title};
use super::{Reader, Toml};
use crate::diagnostics::Reported;
use crate::diagnostics::messages::document as messages;
use crate::diagnostics::messages::document::UnknownKeyHelp as Help;
use crate::language::{API, Key, Kind, Table as Keys, foreign_key, owner_of};
use crate::read::kinds::is_of_kind;
use crate::read::raw::Table;
use crate::source::Span;
use crate::source::text::Text;

impl Reader<'_> {
    /// Reports unknown and missing keys. A misspelled key is replaced by the one that was probably
    /// meant, so that its value is checked and it is not reported as missing as well.
    pub(super) fn check_keys(
        &mut self,
        keys: &'static Keys,
        read: &mut Table,
        entries: &mut Vec<(Text, Toml<'_>)>,
        path: Option<Path<'_>>,
        is_written: bool,
    ) {
        let known = entries.iter().map(|(key, _)| key.as_str());
        let mut present: HashSet<&'static str> =
            known.filter_map(|key| Some(keys.key(key)?.name)).collect();
        let is_object = self.is_object(keys, entries, &present)
            || keys.name == "endpoint" && !is_written && present.is_empty();
        let mut unknown = Vec::new();
        for (key, value) in entries.iter_mut() {
            if keys.key(&key.value).is_some() {
                continue;
            }
            let meant = self.meant(keys, key.as_str(), &present);
            let Some((row, is_misspelled)) = meant.filter(|_| !is_object) else {
                unknown.push((key.clone(), *value));
                continue;
            };
            let is_new = present.insert(row.name);
            let is_replaced = is_new && is_misspelled && is_of_kind(&row.kind, value.get_ref());
            let help = Help::Meant(row.name);
            let reported = self.report_unknown_key(keys, key, help, path);
            read.status = Err(reported);
            if is_replaced {
                key.value = self.texts.get(row.name);
            } else {
                read.lost = read.status;
                self.lose_names(keys, key, value.get_ref(), reported);
            }
        }
        let is_missing = |row: &&Key| row.required && !present.contains(row.name);
        let missing: Vec<_> = keys.keys.iter().filter(is_missing).collect();
        let is_undeclared = keys.name == "endpoint" && !is_written && missing.len() == 2;
        let contents = match path {
            Some(path) if is_undeclared => {
                let unknown = unknown.first().map(|(key, _)| key.span);
                let title = title(keys, Some(path));
                let diagnostic = messages::undeclared_endpoint(&title, path.key, unknown);
                Some(self.diagnostics.report(diagnostic))
            }
            Some(path) if present.iter().all(|name| ["doc", "tag"].contains(name)) => {
                let missing = missing.iter().copied().chain(contents(keys));
                let missing: Vec<_> = missing.collect();
                self.report_contents(keys, &missing, &unknown, path)
            }
            _ => None,
        };
        if let Some(reported) = contents {
            read.status = Err(reported);
            read.lost = read.status;
            return;
        }
        self.report_unknown_keys(keys, read, entries, &unknown, path);
        for row in missing {
            let at = path.map_or(Span::START.offset_by(self.start), |path| path.key.span);
            let diagnostic = messages::missing_key(row, &title(keys, path), at);
            read.status = Err(self.diagnostics.report(diagnostic));
            if matches!(row.kind, Kind::Map(..)) {
                read.lost = read.status;
            }
        }
    }

    /// Returns the key that was probably meant by an unknown one, and whether it is a misspelling and
    /// not a name in another format.
    fn meant(
        &self,
        keys: &'static Keys,
        unknown: &str,
        present: &HashSet<&str>,
    ) -> Option<(&'static Key, bool)> {
        if foreign_key(keys.name, unknown).is_some() {
            return None;
        }
        // The tables of the document have several headers, of which one may be misspelled.
        let is_free = |row: &&Key| !present.contains(row.name) || keys.is_document();
        let names = keys.keys.iter().map(|key| key.name);
        let similar = self.diagnostics.nearest(unknown, names);
        let similar = similar.and_then(|name| keys.key(name)).filter(is_free);
        let alias = || keys.key_with_alias(unknown).filter(is_free);
        let similar = similar.map(|row| (row, true));
        similar.or_else(|| Some((alias()?, false)))
    }

    /// Reports a table whose required keys are missing because its contents are those of another table,
    /// e.g. fields in place of `fields`.
    fn report_contents(
        &mut self,
        keys: &'static Keys,
        missing: &[&'static Key],
        unknown: &[(Text, Toml<'_>)],
        path: Path<'_>,
    ) -> Option<Reported> {
        let row = missing.first().filter(|_| keys.name != "api")?;
        if unknown.is_empty() {
            return None;
        }
        let names: Vec<_> = unknown.iter().map(|(key, _)| key).collect();
        let mut foreign = names
            .iter()
            .filter_map(|key| foreign_key(keys.name, &key.value));
        let foreign = foreign.next().map(|it| it.help);
        let title = title(keys, Some(path));
        let diagnostic =
            messages::wrong_contents(row, keys.name, &title, path.key, &names, foreign);
        Some(self.diagnostics.report(diagnostic))
    }

    /// Returns whether a table in place of a field consists of fields itself. None of its keys is a
    /// misspelled one.
    fn is_object(
        &self,
        keys: &'static Keys,
        entries: &[(Text, Toml<'_>)],
        present: &HashSet<&str>,
    ) -> bool {
        let means_type = |(key, _): &(Text, Toml<'_>)| {
            let meant = self.meant(keys, key.as_str(), present);
            meant.is_some_and(|(row, _)| row.name == "type")
        };
        keys.name == "field" && !present.contains("type") && !entries.iter().any(means_type)
    }

    /// Reports keys for which no other key was meant. Several that have the same reason are one error.
    fn report_unknown_keys(
        &mut self,
        keys: &'static Keys,
        read: &mut Table,
        entries: &mut Vec<(Text, Toml<'_>)>,
        unknown: &[(Text, Toml<'_>)],
        path: Option<Path<'_>>,
    ) {
        let mut groups: Vec<(&'static str, usize)> = Vec::new();
        for (key, value) in unknown {
            let foreign = foreign_key(keys.name, &key.value);
            if let Some(foreign) = foreign.filter(|it| it.replaces_type) {
                // The type is a part of the same mistake.
                debug_assert!(!foreign.help.is_empty());
                entries.retain(|(key, _)| key.as_str() != "type");
            }
            let group = |help| groups.iter().find(|(other, _)| *other == help).copied();
            if let Some((_, index)) = foreign.and_then(|it| group(it.help)) {
                self.diagnostics
                    .extend(index, key.span, messages::UNKNOWN_KEY_LABEL);
                continue;
            }
            let help = match foreign {
                Some(foreign) => Help::Foreign(foreign.help),
                None => help_for(keys, key, value.get_ref(), path),
            };
            let index = self.diagnostics.len();
            let reported = self.report_unknown_key(keys, key, help, path);
            let is_added = self.diagnostics.len() > index;
            groups.extend(
                foreign
                    .filter(|_| is_added)
                    .map(|foreign| (foreign.help, index)),
            );
            self.lose_names(keys, key, value.get_ref(), reported);
            read.status = Err(reported);
            let is_lost = value.get_ref().is_table() || foreign.is_some_and(|it| it.replaces_type);
            if is_lost {
                read.lost = read.status;
            }
        }
    }

    fn report_unknown_key(
        &mut self,
        keys: &'static Keys,
        key: &Text,
        help: Help<'_>,
        path: Option<Path<'_>>,
    ) -> Reported {
        let diagnostic = messages::unknown_key(keys, &title(keys, path), key, help);
        self.diagnostics.report(diagnostic)
    }

    /// Records that the names in an unknown table of the document are missing, or the keys below a header
    /// without its table.
    fn lose_names(&mut self, keys: &Keys, key: &Text, value: &DeValue<'_>, reported: Reported) {
        if keys.is_document() && (value.is_table() || API.key(&key.value).is_some()) {
            self.diagnostics.set_lost_names(reported);
        }
    }
}

/// Returns the table that has the key, or the reason why there is none.
fn help_for(
    keys: &'static Keys,
    key: &Text,
    value: &DeValue<'_>,
    path: Option<Path<'_>>,
) -> Help<'static> {
    let is_set = |row: &&Key| row.name != key.as_str();
    if let Some(row) = keys.key_with_alias(&key.value).filter(is_set) {
        return Help::Present(row.name);
    }
    let mut outer = path;
    while let Some(table) = outer {
        outer = table.outer.copied();
        let has_key = |keys: &&Keys| keys.key(&key.value).is_some();
        if let Some(owner) = table.keys.filter(has_key) {
            return Help::Outer(title(owner, outer), owner.is_document());
        }
    }
    if keys.is_document()
        && let Some(owner) = owner_of(&key.value, value.is_table())
    {
        return Help::Header(owner, value.is_table());
    }
    Help::Keys
}

/// Returns the key with the contents of a table that is required unless another one is present.
fn contents(keys: &'static Keys) -> Option<&'static Key> {
    match keys.name {
        "struct" => keys.key("fields"),
        "union" => keys.key("variants"),
        _ => None,
    }
}
