//! The keys of the language, one row each.
//!
//! The reader, the suggestions for unknown keys, the JSON Schema and the reference in `KEYS.md` are
//! all derived from these tables.

mod api;
mod credentials;
mod document;
mod endpoint;
mod pages;
mod shared;
mod types;
mod wait;

pub(crate) use self::api::API;
pub(crate) use self::credentials::{AUTH_SCHEMES, OPTIONAL_AUTH_SCHEMES};
pub(crate) use self::document::{DOCUMENT, INCLUDED};
pub(crate) use self::endpoint::RETRY_CLASSES;
pub(crate) use self::types::{DIRECTIONS, STYLES};

use self::api::{ERRORS, GROUP, TRANSIENT};
use self::credentials::{AUTH, CREDENTIAL};
use self::endpoint::{ENDPOINT, EVENTS, RETRY};
use self::pages::PAGES;
use self::types::{ENUM, FIELD, KIND, STRUCT, UNION, VALUE, VARIANT};
use self::wait::WAIT;
use super::table::Table;

/// All tables, starting with the document.
pub(super) static TABLES: &[&Table] = &[
    &DOCUMENT,
    &API,
    &ERRORS,
    &TRANSIENT,
    &GROUP,
    &ENUM,
    &VALUE,
    &STRUCT,
    &UNION,
    &VARIANT,
    &KIND,
    &FIELD,
    &ENDPOINT,
    &EVENTS,
    &AUTH,
    &CREDENTIAL,
    &RETRY,
    &PAGES,
    &WAIT,
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_has_documentation_and_an_example() {
        for table in TABLES {
            for key in table.keys {
                assert!(!key.doc.is_empty(), "{} {}", table.name, key.name);
                let names_key = key.example.starts_with(key.name) || key.example.starts_with('[');
                assert!(names_key, "{} {}", table.name, key.name);
            }
        }
    }

    #[test]
    fn no_alias_is_a_key_of_its_table_or_alias_of_two_keys() {
        for table in TABLES {
            let mut seen: Vec<&str> = table.keys.iter().map(|key| key.name).collect();
            for alias in table.keys.iter().flat_map(|key| key.aliases) {
                assert!(!seen.contains(alias), "{} {alias}", table.name);
                seen.push(alias);
            }
        }
    }

    #[test]
    fn included_file_has_all_keys_but_api_and_include() {
        let names = |table: &Table| table.keys.iter().map(|key| key.name).collect::<Vec<_>>();
        let mut expected = names(&DOCUMENT);
        expected.retain(|name| !["api", "include"].contains(name));
        assert_eq!(names(&INCLUDED), expected);
    }
}
