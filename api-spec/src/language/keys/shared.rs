//! Kinds and keys that several tables have.

use crate::language::table::{Format, Key, KeyFormat, Kind};

pub(super) const TEXT: Kind = Kind::String(Format::Any);
pub(super) const WIRE_NAME: Kind = Kind::String(Format::Wire);
pub(super) const STRINGS: Kind = Kind::StringList(Format::Any);
pub(super) const TYPE: Kind = Kind::String(Format::Type);
pub(super) const BASE_PATH: Kind = Kind::String(Format::BasePath);
pub(super) const CONSTANTS: Kind = Kind::Map(KeyFormat::Wire, &Kind::Scalar);

/// Key for documentation in a table of types or fields.
pub(super) const fn doc(example: &'static str) -> Key {
    Key::optional("doc", TEXT)
        .doc("Documentation.")
        .example(example)
        .aliases(&["description", "summary", "comment", "help"])
}

pub(super) const fn rust(example: &'static str) -> Key {
    Key::optional("rust", TEXT)
        .doc("Name in Rust, instead of the one derived from the wire name.")
        .example(example)
        .aliases(&["name", "rename"])
}

pub(super) const fn base_path() -> Key {
    Key::optional("base_path", BASE_PATH)
        .doc("Prefix of the paths of the endpoints.")
        .example("base_path = \"/api/2.0\"")
        .aliases(&["base", "prefix"])
}

pub(super) const fn deprecated() -> Key {
    Key::optional("deprecated", TEXT)
        .doc("Deprecation note, with the replacement.")
        .example("deprecated = \"Use `other`.\"")
}
