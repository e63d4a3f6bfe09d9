//! `schema`: the language as a JSON Schema, for the completion and the checks of editors.
//!
//! Draft 7 with the words of draft 4 alone, which is what both Taplo and Tombi understand.

use api_spec::language::{Key, Keys, Table, Text, Value, tables};
use api_spec::model::Method;

use crate::console;
use crate::exit::Failure;
use crate::json::{Json, list, object};

pub(crate) fn schema() -> Result<(), Failure> {
    console::print(&json().pretty())
}

fn json() -> Json {
    let mut tables = tables().into_iter();
    let mut members = vec![
        ("$schema", "http://json-schema.org/draft-07/schema#".into()),
        ("title", "The description of a REST API".into()),
        // The reader takes 1.1 as well, which not every editor does.
        ("x-tombi-toml-version", "v1.1.0".into()),
    ];
    let document = tables.next().map(|document| table(&document));
    if let Some(Json::Object(document)) = &document {
        members.extend(
            document
                .iter()
                .map(|(key, value)| (key.as_str(), value.clone())),
        );
    }
    let definitions = tables.map(|it| (it.name.to_owned(), table(&it)));
    members.push(("definitions", Json::Object(definitions.collect())));
    let owned = members
        .into_iter()
        .map(|(key, value)| (key.to_owned(), value));
    Json::Object(owned.collect())
}

fn table(table: &Table) -> Json {
    let needed: Vec<_> = table.keys.iter().filter(|key| key.needed).collect();
    let keys = table.keys.iter().map(|it| (it.name.to_owned(), key(it)));
    let mut members = vec![
        ("type".to_owned(), "object".into()),
        ("properties".to_owned(), Json::Object(keys.collect())),
    ];
    // An empty list of them is not allowed in draft 4.
    if !needed.is_empty() {
        let names = needed.into_iter().map(|key| key.name);
        members.push(("required".to_owned(), list(names)));
    }
    members.push(("additionalProperties".to_owned(), false.into()));
    Json::Object(members)
}

fn key(key: &Key) -> Json {
    let doc = format!("{}\n\nFor example: `{}`", key.doc, key.example);
    let mut members = vec![("description".to_owned(), doc.into())];
    match value(&key.value) {
        Json::Object(value) if value.iter().any(|(key, _)| key == "$ref") => {
            // Beside a reference nothing else counts.
            members.push(("allOf".to_owned(), list([Json::Object(value)])));
        }
        Json::Object(value) => members.extend(value),
        _ => {}
    }
    Json::Object(members)
}

fn value(value: &Value) -> Json {
    match value {
        Value::Texts => object([
            ("type", "array".into()),
            ("items", object([("type", "string".into())])),
        ]),
        Value::Table(name) => object([("$ref", format!("#/definitions/{name}").into())]),
        Value::Map(keys, inner) => map(*keys, inner),
        Value::Either(one, other) => {
            let ways = [one, other].map(|way| self::value(way));
            object([("oneOf", list(ways))])
        }
        Value::Text(words) => text(words),
        Value::Scalar => object([("type", list(["string", "number", "boolean"]))]),
        Value::Number => object([("type", "number".into())]),
        Value::Open => object([("type", "object".into())]),
        // What later versions of the language may add.
        _ => object([]),
    }
}

fn map(keys: Keys, inner: &Value) -> Json {
    let pattern = match keys {
        Keys::Type => "^[A-Z][A-Za-z0-9]*$",
        Keys::Snake => "^[a-z][a-z0-9]*(_[a-z0-9]+)*$",
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

fn text(words: &Text) -> Json {
    let pattern = |pattern: &str| object([("type", "string".into()), ("pattern", pattern.into())]);
    match words {
        Text::Http => {
            let methods = Method::ALL.map(Method::as_str).join("|");
            pattern(&format!(
                "^\\s*({methods})\\s+(/\\S*|\\{{[\\w.-]+\\}})\\s*$"
            ))
        }
        Text::Base => pattern("^(/\\S*[^/\\s])?$"),
        // Brackets that nest are beyond a pattern; this finds what is none of ours.
        Text::Type => pattern("^[\\[\\{\\s]*[A-Za-z][A-Za-z0-9_]*[\\]\\}?\\s]*$"),
        Text::Choice(words) => object([
            ("type", "string".into()),
            ("enum", list(words.iter().copied())),
        ]),
        _ => object([("type", "string".into())]),
    }
}
