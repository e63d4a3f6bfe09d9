//! Unknown and missing keys of a table.

use std::collections::HashSet;

use super::kinds::is_of_kind;
use super::reader::{Path, Reader, Toml, title};
use crate::diagnostics::messages::document as messages;
use crate::language::{Key, Table as Keys};
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
        entries: &mut [(Text, Toml<'_>)],
        path: Option<Path<'_>>,
    ) {
        let known = entries.iter().map(|(key, _)| key.as_str());
        let mut present: HashSet<&'static str> =
            known.filter_map(|key| Some(keys.key(key)?.name)).collect();
        if let Some(path) = path
            && present.is_empty()
            && self.is_object(keys, entries)
        {
            let reported = self.diagnostics.report(messages::nested_object(path.key));
            (read.status, read.lost) = (Err(reported), Err(reported));
            return;
        }
        for (key, value) in entries {
            if keys.key(&key.value).is_some() {
                continue;
            }
            let similar = self.similar_key(keys, &key.value);
            let meant = similar.filter(|(row, _)| !present.contains(row.name));
            let name = meant.map(|(row, _)| row.name);
            let diagnostic = messages::unknown_key(keys, &title(keys, path), key, name);
            let reported = Err(self.diagnostics.report(diagnostic));
            read.status = reported;
            present.extend(name);
            match meant {
                Some((row, true)) if is_of_kind(&row.kind, value.get_ref()) => {
                    key.value = self.texts.get(row.name);
                }
                Some(_) => read.lost = reported,
                None if value.get_ref().is_table() => read.lost = reported,
                None => {}
            }
        }
        let is_missing = |row: &&Key| row.required && !present.contains(row.name);
        for row in keys.keys.iter().filter(is_missing) {
            let at = path.map_or(Span::START.offset_by(self.start), |path| path.key.span);
            let diagnostic = messages::missing_key(row, &title(keys, path), at);
            read.status = Err(self.diagnostics.report(diagnostic));
        }
    }

    /// Returns whether a table in place of a field contains the fields of an object.
    fn is_object(&self, keys: &'static Keys, entries: &[(Text, Toml<'_>)]) -> bool {
        let mut similar = entries
            .iter()
            .map(|(key, _)| self.similar_key(keys, &key.value));
        // The names of fields may be aliases of keys, e.g. `name`.
        let is_alias = |(row, is_misspelled): (&Key, bool)| !is_misspelled && !row.required;
        keys.name == "field"
            && similar.clone().any(|it| it.is_none())
            && similar.all(|it| it.is_none_or(is_alias))
    }

    /// Returns the key that was probably meant by an unknown one, and whether it is a misspelling and
    /// not a name in another format.
    fn similar_key(&self, keys: &'static Keys, unknown: &str) -> Option<(&'static Key, bool)> {
        let names = keys.keys.iter().map(|key| key.name);
        let similar = self.diagnostics.nearest(unknown, names);
        let similar = similar.and_then(|name| Some((keys.key(name)?, true)));
        similar.or_else(|| Some((keys.key_with_alias(unknown)?, false)))
    }
}
