//! What the language can say. Words that it learns are used as soon as its tables have them.

use api_spec::language::tables;

#[derive(Clone, Copy, Debug)]
pub(super) struct Language {
    /// Parameters in paths.
    pub(super) path: bool,
    /// Headers with values of the caller's.
    pub(super) headers: bool,
    /// Lists in queries, headers and forms.
    pub(super) lists: bool,
}

impl Language {
    pub(super) fn current() -> Self {
        let tables = tables();
        let has = |table: &str, key: &str| {
            let mut found = tables.iter().filter(|it| it.name == table);
            found.any(|table| table.keys.iter().any(|it| it.name == key))
        };
        Self {
            path: has("endpoint", "path"),
            headers: has("endpoint", "headers"),
            lists: has("field", "style"),
        }
    }
}
