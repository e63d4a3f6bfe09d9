//! Positions in the tables of a spec.

use crate::language::{Key, Table as Keys};
use crate::source::text::Text;

/// The key of a value, and the tables around it.
#[derive(Clone, Copy)]
pub(super) struct Path<'p> {
    pub(super) key: &'p Text,
    /// The row of the key, unless its table has arbitrary keys.
    pub(super) row: Option<&'static Key>,
    /// The keys of the table that contains the key, unless they are arbitrary.
    pub(super) keys: Option<&'static Keys>,
    pub(super) outer: Option<&'p Path<'p>>,
}

/// Returns the title of a table in messages, e.g. `` `[endpoints.files.list]` ``.
pub(super) fn title(keys: &Keys, path: Option<Path<'_>>) -> String {
    let Some(path) = path else {
        return keys.title.to_owned();
    };
    let key = match path.outer {
        Some(group) if keys.name == "endpoint" => {
            format!("{}.{}", group.key.value, path.key.value)
        }
        _ => path.key.as_str().to_owned(),
    };
    keys.title.replace("{}", &key)
}
