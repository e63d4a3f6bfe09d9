//! Keys of enums, structs, unions and their fields.

use super::shared::{STRINGS, TEXT, TYPE, WIRE_NAME, deprecated, doc, rust};
use crate::language::table::{Format, Key, KeyFormat, Kind, Table};
use crate::model::Direction;

/// Values of `style`.
pub(crate) const STYLES: &[&str] = &[
    "repeat", "comma", "space", "pipe", "brackets", "indices", "dots", "json",
];

/// Values of `only`.
pub(crate) const DIRECTIONS: &[&str] =
    &[Direction::Request.keyword(), Direction::Response.keyword()];

pub(super) const FIELDS: Kind = Kind::Map(
    KeyFormat::Wire,
    &Kind::StringOr(Format::Type, &Kind::Table(&FIELD)),
);

pub(super) const TYPE_OR_FIELDS: Kind = Kind::StringOr(Format::Type, &FIELDS);
const ALIASES: Kind = Kind::StringList(Format::Wire);

const fn also(example: &'static str) -> Key {
    Key::optional("also", ALIASES)
        .doc("Other spellings, accepted in responses and never sent.")
        .example(example)
        .aliases(&["alias", "aliases"])
}

const fn with() -> Key {
    Key::optional("with", STRINGS)
        .doc("Structs whose fields come first, as if they were declared here.")
        .example("with = [\"Audit\"]")
        .aliases(&["allof", "extends", "flatten", "includes"])
}

pub(super) static ENUM: Table = Table {
    name: "enum",
    title: "`[enums.{}]`",
    keys: &[
        doc("doc = \"State of a switch.\""),
        Key::required(
            "values",
            Kind::Map(
                KeyFormat::Wire,
                &Kind::StringOr(Format::Any, &Kind::Table(&VALUE)),
            ),
        )
        .doc("Values on the wire, with their documentation.")
        .example("values = { on = \"Switched on.\", off = \"Switched off.\" }")
        .aliases(&["variants", "members", "enum"])
        .non_empty(),
    ],
};

pub(super) static VALUE: Table = Table {
    name: "value",
    title: "value `{}`",
    keys: &[
        doc("doc = \"Switched on.\""),
        also("also = [\"ON\"]"),
        rust("rust = \"Name\""),
    ],
};

pub(super) static STRUCT: Table = Table {
    name: "struct",
    title: "`[structs.{}]`",
    keys: &[
        doc("doc = \"A file.\""),
        with(),
        Key::optional("fields", FIELDS)
            .doc("Fields by their names on the wire. Required without `with`.")
            .example("fields = { name = \"string\" }")
            .aliases(&["properties", "members"]),
    ],
};

pub(super) static UNION: Table = Table {
    name: "union",
    title: "`[unions.{}]`",
    keys: &[
        doc("doc = \"A file or a folder.\""),
        Key::optional("tag", WIRE_NAME)
            .doc(
                "Key that selects the variant. Without it, a variant is selected by a required field \
                 that no other variant has.",
            )
            .example("tag = \"type\"")
            .aliases(&["discriminator"]),
        Key::optional(
            "variants",
            Kind::Map(KeyFormat::Wire, &Kind::Table(&VARIANT)),
        )
        .doc("Variants by their tags on the wire, or by any names in a union without a tag.")
        .example("variants.text.fields = { data = \"string\" }")
        .aliases(&["values"])
        .non_empty(),
        Key::optional(
            "kinds",
            Kind::Map(
                KeyFormat::Wire,
                &Kind::StringOr(Format::Type, &Kind::Table(&KIND)),
            ),
        )
        .doc("Types of different JSON kinds by any names, instead of `variants`.")
        .example("kinds = { text = \"string\", number = \"float\" }")
        .aliases(&["types", "anyof"])
        .non_empty(),
    ],
};

pub(super) static VARIANT: Table = Table {
    name: "variant",
    title: "variant `{}`",
    keys: &[
        doc("doc = \"Plain text.\""),
        also("also = [\"TEXT\"]"),
        rust("rust = \"Name\""),
        with(),
        Key::optional("fields", FIELDS)
            .doc("Fields by their names on the wire.")
            .example("fields = { data = \"string\" }")
            .aliases(&["properties", "members"]),
    ],
};

pub(super) static KIND: Table = Table {
    name: "kind",
    title: "kind `{}`",
    keys: &[
        Key::required("type", TYPE)
            .doc("Type of the values.")
            .example("type = \"string\"")
            .aliases(&["ty", "schema"]),
        doc("doc = \"Name of the file.\""),
        rust("rust = \"Name\""),
    ],
};

pub(super) static FIELD: Table = Table {
    name: "field",
    title: "field `{}`",
    keys: &[
        Key::required("type", TYPE)
            .doc("Type, e.g. `[string]?`.")
            .example("type = \"string\"")
            .aliases(&["ty", "schema"]),
        doc("doc = \"Name of the file.\""),
        rust("rust = \"name\""),
        Key::optional("value", Kind::Scalar)
            .doc("Value that is the same in every request. The caller does not set it.")
            .example("value = \"json\"")
            .aliases(&["const", "constant", "fixed"]),
        Key::optional("default", Kind::Scalar)
            .doc("Value of the field if it is absent.")
            .example("default = 20"),
        Key::optional("min", Kind::Number)
            .doc("Minimum of a number, or minimum length of a string, list or map.")
            .example("min = 1")
            .aliases(&["minimum", "min_length", "least"]),
        Key::optional("max", Kind::Number)
            .doc("Maximum of a number, or maximum length of a string, list or map.")
            .example("max = 100")
            .aliases(&["maximum", "max_length", "limit"]),
        deprecated(),
        Key::optional("style", Kind::String(Format::OneOf(STYLES)))
            .doc(
                "Encoding of a list, map or struct in a query or a form. `repeat` sends one parameter \
                 per item; `comma`, `space` and `pipe` one string; `brackets`, `indices` and `dots` one \
                 parameter per value, e.g. `a[b]=1`; `json` sends JSON.",
            )
            .example("style = \"brackets\"")
            .aliases(&["separator", "join", "encoding"]),
        Key::optional("content_type", TEXT)
            .doc("Media type of a part of a multipart body. With a JSON type, the value is JSON.")
            .example("content_type = \"application/json\"")
            .aliases(&["part", "media_type", "mime_type"]),
        Key::optional("only", Kind::String(Format::OneOf(DIRECTIONS)))
            .doc(
                "Direction in which the field exists. A field of responses is not sent, and a field of \
                 requests is not decoded.",
            )
            .example("only = \"response\"")
            .aliases(&["direction", "readOnly", "read_only", "writeOnly", "write_only"]),
    ],
};
