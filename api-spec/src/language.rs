#![doc = include_str!("../KEYS.md")]

mod foreign;
mod keys;
mod table;

pub use table::{Format, Key, KeyFormat, Kind, Table};

pub(crate) use foreign::{foreign_key, foreign_response, foreign_scheme, foreign_type};
pub(crate) use keys::{
    API, AUTH_SCHEMES, DIRECTIONS, DOCUMENT, INCLUDED, OPTIONAL_AUTH_SCHEMES, RETRY_CLASSES, STYLES,
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

/// Returns the header of the table that has the key, to show where a key of the document belongs.
pub(crate) fn owner_of(key: &str, is_header: bool) -> Option<&'static str> {
    const OWNERS: [(&str, &str); 5] = [
        ("api", "[api]"),
        ("endpoint", "[endpoints.group.name]"),
        ("struct", "[structs.Name]"),
        ("enum", "[enums.Name]"),
        ("union", "[unions.Name]"),
    ];
    let has_key = |name: &str| {
        let table = keys::TABLES.iter().find(|table| table.name == name);
        table.is_some_and(|table| table.key(key).is_some())
    };
    let mut owners = OWNERS.iter().filter(|(name, _)| has_key(name));
    // A key below the wrong header is usually one of an endpoint, and one without a header of the API.
    let owner = if is_header {
        let is_endpoint = |(name, _): &&(&str, &str)| *name == "endpoint";
        owners.clone().find(is_endpoint).or(owners.next())
    } else {
        owners.next()
    };
    owner.map(|(_, header)| *header)
}
