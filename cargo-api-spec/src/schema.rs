//! `schema`: JSON Schema of spec files, for completion and validation in editors.
//!
//! The schema declares draft 7 and uses only keywords of draft 4, which both Taplo and Tombi
//! support.

use api_spec::language::{Format, Key, KeyFormat, Kind, Table, tables};
use api_spec::model::Method;

use crate::console;
use crate::error::CliError;
use crate::json::{Json, list, object};

pub(crate) fn schema() -> Result<(), CliError> {
    console::print(&json().pretty())
}

fn json() -> Json {
    let mut tables = tables().iter();
    let mut members = vec![
        ("$schema", "http://json-schema.org/draft-07/schema#".into()),
        ("title", "Spec of a REST API".into()),
        // Specs may use TOML 1.1, which not every editor accepts by default.
        ("x-tombi-toml-version", "v1.1.0".into()),
    ];
    let document = tables.next().map(|document| table(document));
    if let Some(Json::Object(document)) = &document {
        members.extend(
            document
                .iter()
                .map(|(key, value)| (key.as_str(), value.clone())),
        );
    }
    let definitions = tables.map(|it| (it.name.to_owned(), table(it)));
    members.push(("definitions", Json::Object(definitions.collect())));
    let owned = members
        .into_iter()
        .map(|(key, value)| (key.to_owned(), value));
    Json::Object(owned.collect())
}

fn table(table: &Table) -> Json {
    let required: Vec<_> = table.keys.iter().filter(|key| key.required).collect();
    let keys = table.keys.iter().map(|it| (it.name.to_owned(), key(it)));
    let mut members = vec![
        ("type".to_owned(), "object".into()),
        ("properties".to_owned(), Json::Object(keys.collect())),
    ];
    // Draft 4 does not allow an empty list.
    if !required.is_empty() {
        let names = required.into_iter().map(|key| key.name);
        members.push(("required".to_owned(), list(names)));
    }
    members.push(("additionalProperties".to_owned(), false.into()));
    Json::Object(members)
}

fn key(key: &Key) -> Json {
    let doc = format!("{}\n\nFor example: `{}`", key.doc, key.example);
    let mut members = vec![("description".to_owned(), doc.into())];
    match value(&key.kind) {
        Json::Object(value) if value.iter().any(|(key, _)| key == "$ref") => {
            // Draft 7 ignores the siblings of `$ref`.
            members.push(("allOf".to_owned(), list([Json::Object(value)])));
        }
        Json::Object(value) => members.extend(value),
        _ => {}
    }
    Json::Object(members)
}

fn value(kind: &Kind) -> Json {
    match kind {
        Kind::StringList(_) => object([
            ("type", "array".into()),
            ("items", object([("type", "string".into())])),
        ]),
        Kind::Table(table) => object([("$ref", format!("#/definitions/{}", table.name).into())]),
        Kind::Map(keys, inner) => map(*keys, inner),
        Kind::StringOr(format, inner) => {
            let alternatives = [string(*format), value(inner)];
            object([("oneOf", list(alternatives))])
        }
        Kind::String(format) => string(*format),
        Kind::Scalar => object([("type", list(["string", "number", "boolean"]))]),
        Kind::Number => object([("type", "number".into())]),
        // `Kind` is non-exhaustive.
        _ => object([]),
    }
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
        Format::Http => {
            let methods = Method::ALL.map(Method::as_str).join("|");
            pattern(&format!(
                "^\\s*({methods})\\s+(/\\S*|\\{{[\\w.-]+\\}})\\s*$"
            ))
        }
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
