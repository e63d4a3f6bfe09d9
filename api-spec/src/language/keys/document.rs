//! Keys of the document and of included files.

use super::api::{API, GROUP};
use super::endpoint::ENDPOINT;
use super::shared::{STRINGS, TEXT};
use super::types::{ENUM, STRUCT, UNION};
use crate::language::table::{Format, Key, KeyFormat, Kind, Table};

const fn declarations(kind: &'static Kind) -> Kind {
    Kind::Map(KeyFormat::UpperCamelCase, kind)
}

pub(crate) static DOCUMENT: Table = Table {
    name: "document",
    title: "the document",
    keys: &[
        Key::required("api", Kind::Table(&API))
            .doc("The API as a whole.")
            .example("[api]"),
        Key::optional("include", STRINGS)
            .doc("Files with further types, groups and endpoints.")
            .example("include = [\"types.toml\"]")
            .aliases(&["imports", "files"]),
        Key::optional(
            "groups",
            Kind::Map(
                KeyFormat::SnakeCase,
                &Kind::StringOr(Format::Any, &Kind::Table(&GROUP)),
            ),
        )
        .doc("Documentation and base paths of groups of endpoints.")
        .example("[groups]")
        .aliases(&["tags", "modules"]),
        Key::optional("ids", declarations(&TEXT))
            .doc("Newtypes over strings, with their documentation.")
            .example("[ids]")
            .aliases(&["newtypes"]),
        Key::optional("enums", declarations(&Kind::Table(&ENUM)))
            .doc("Open enums of strings. Unknown values are kept as strings.")
            .example("[enums.Name]"),
        Key::optional("structs", declarations(&Kind::Table(&STRUCT)))
            .doc("Named structs.")
            .example("[structs.Name]")
            .aliases(&["types", "objects", "schemas"]),
        Key::optional("unions", declarations(&Kind::Table(&UNION)))
            .doc(
                "Values of several shapes, distinguished by a tag, by their keys or by their JSON \
                 kinds. Unknown shapes are kept as JSON.",
            )
            .example("[unions.Name]")
            .aliases(&["oneof"]),
        Key::optional(
            "endpoints",
            Kind::Map(
                KeyFormat::SnakeCase,
                &Kind::Map(KeyFormat::SnakeCase, &Kind::Table(&ENDPOINT)),
            ),
        )
        .doc("Endpoints by group: `[endpoints.group.name]`.")
        .example("[endpoints.group.name]")
        .aliases(&["paths", "operations", "methods", "calls"]),
    ],
};

/// A file included by another one: a document without `api` and `include`.
pub(crate) static INCLUDED: Table = Table {
    name: "included",
    title: "an included file",
    keys: DOCUMENT.keys.split_at(2).1,
};
