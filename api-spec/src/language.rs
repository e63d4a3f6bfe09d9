#![doc = include_str!("../KEYS.md")]

mod keys;
mod table;

pub use table::{Format, Key, KeyFormat, Kind, Table};

pub(crate) use keys::{
    AUTH_SCHEMES, DIRECTIONS, DOCUMENT, INCLUDED, OPTIONAL_AUTH_SCHEMES, RETRY_CLASSES, STYLES,
};

/// Returns the tables of the language, starting with the document.
///
/// # Examples
///
/// ```
/// let tables = api_spec::language::tables();
/// let endpoint = tables.iter().find(|table| table.name == "endpoint").unwrap();
/// let http = endpoint.keys.iter().find(|key| key.name == "http").unwrap();
/// assert!(http.required);
/// ```
pub fn tables() -> &'static [&'static Table] {
    keys::TABLES
}
