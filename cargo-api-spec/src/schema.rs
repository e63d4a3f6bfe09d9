//! `schema`: JSON Schema of spec files, for completion and validation in editors.
//!
//! The schema declares draft 7 and uses only keywords of draft 4, which both Taplo and Tombi
//! support.

use api_spec::language::{Format, Key, KeyFormat, Kind, Table, tables};

use crate::console;
use crate::error::CliError;
use crate::json::{Json, Members, list, object};

pub(crate) fn schema() -> Result<(), CliError> {
    console::print(&json().pretty())
}

fn json() -> Json {
    let mut schema = Members::default();
    schema.add("$schema", "http://json-schema.org/draft-07/schema#");
    schema.add("title", "Spec of a REST API");
    // Specs may use TOML 1.1, which not every editor accepts by default.
    schema.add("x-tombi-toml-version", "v1.1.0");
    let mut definitions = Members::default();
    if let [document, others @ ..] = tables() {
        schema.merge(table(document));
        for other in others {
            definitions.add(other.name, table(other));
        }
    }
    schema.add("definitions", definitions);
    schema.into()
}

fn table(table: &Table) -> Members {
    let mut properties = Members::default();
    for key in table.keys {
        properties.add(key.name, property(key));
    }
    let required = table.keys.iter().filter(|key| key.required);
    let mut members = Members::default();
    members.add("type", "object");
    members.add("properties", properties);
    // Draft 4 does not allow an empty list.
    members.add_non_empty("required", list(required.map(|key| key.name)));
    members.add("additionalProperties", false);
    members
}

fn property(key: &Key) -> Members {
    let mut members = Members::default();
    let doc = format!("{}\n\nFor example: `{}`", key.doc, key.example);
    members.add("description", doc);
    let value = value(&key.kind);
    if value.get("$ref").is_some() {
        // Draft 7 ignores the siblings of `$ref`.
        members.add("allOf", list([value]));
    } else {
        for (keyword, value) in value.members() {
            members.add(keyword, value.clone());
        }
    }
    if key.non_empty {
        members.add("minProperties", 1);
    }
    members
}

fn value(kind: &Kind) -> Json {
    match kind {
        Kind::StringList(format) => object([("type", "array".into()), ("items", string(*format))]),
        Kind::StatusList => {
            let item = object([("type", list(["string", "boolean"]))]);
            object([("type", "array".into()), ("items", item)])
        }
        Kind::Table(table) => object([("$ref", format!("#/definitions/{}", table.name).into())]),
        Kind::Map(keys, inner) => map(*keys, inner),
        Kind::StringOr(format, inner) => {
            let alternatives = [string(*format), value(inner)];
            object([("oneOf", list(alternatives))])
        }
        Kind::String(format) => string(*format),
        Kind::Scalar => object([("type", list(["string", "number", "boolean"]))]),
        Kind::Number => object([("type", "number".into())]),
        Kind::Bool => object([("type", "boolean".into())]),
        Kind::List(inner) => array(inner),
        Kind::OrList(single, inner) => {
            let alternatives = [value(single), array(inner)];
            object([("anyOf", list(alternatives))])
        }
        // `Kind` is non-exhaustive.
        _ => object([]),
    }
}

fn array(items: &Kind) -> Json {
    object([
        ("type", "array".into()),
        ("items", value(items)),
        ("minItems", 1.into()),
    ])
}

fn map(keys: KeyFormat, inner: &Kind) -> Json {
    let pattern = match keys {
        KeyFormat::UpperCamelCase => "^[A-Z][A-Za-z0-9]*$",
        KeyFormat::SnakeCase => "^[a-z][a-z0-9]*(_[a-z0-9]+)*$",
        _ => {
            return object([
                ("type", "object".into()),
                ("additionalProperties", value(inner)),
            ]);
        }
    };
    object([
        ("type", "object".into()),
        ("patternProperties", object([(pattern, value(inner))])),
        ("additionalProperties", false.into()),
    ])
}

fn string(format: Format) -> Json {
    let pattern = |pattern: &str| object([("type", "string".into()), ("pattern", pattern.into())]);
    match format {
        Format::Http => pattern("^\\s*[A-Z0-9!#$%&'*+.^_`|~-]+\\s+(/\\S*|\\{[\\w.-]+\\})\\s*$"),
        Format::BasePath => pattern("^(/\\S*[^/\\s])?$"),
        // A pattern cannot match nested brackets. `check` reports the rest.
        Format::Type => pattern("^[\\[\\{\\s]*[A-Za-z][A-Za-z0-9_]*[\\]\\}?\\s]*$"),
        Format::OneOf(choices) => object([
            ("type", "string".into()),
            ("enum", list(choices.iter().copied())),
        ]),
        _ => object([("type", "string".into())]),
    }
}
