//! Keywords of a single schema.

use crate::json::Json;

pub(super) fn properties(schema: &Json) -> &[(String, Json)] {
    schema.get("properties").map_or(&[], Json::members)
}

/// Returns the type of a schema, apart from null. A schema with several types has none.
pub(super) fn kind(schema: &Json) -> Option<&str> {
    match schema.get("type")? {
        Json::Text(text) => Some(text),
        Json::List(items) => {
            let mut kinds = items
                .iter()
                .filter_map(Json::as_text)
                .filter(|it| *it != "null");
            let first = kinds.next();
            first.filter(|_| kinds.next().is_none())
        }
        _ => None,
    }
}

fn is_null(schema: &Json) -> bool {
    schema.text("type") == Some("null")
}

/// Returns the schemas of `oneOf` and `anyOf`, apart from null.
pub(super) fn alternatives(schema: &Json) -> Vec<&Json> {
    let all = schema.list("oneOf").iter().chain(schema.list("anyOf"));
    all.filter(|schema| !is_null(schema)).collect()
}

pub(super) fn is_nullable(schema: &Json) -> bool {
    let null = Json::from("null");
    let mut alternatives = schema.list("oneOf").iter().chain(schema.list("anyOf"));
    schema.list("type").contains(&null)
        || schema.list("enum").contains(&Json::Null)
        || schema.is_true("nullable")
        || schema.is_true("x-nullable")
        || alternatives.any(is_null)
}

/// Returns the values of an enum of strings, apart from null.
pub(super) fn enum_values(schema: &Json) -> Option<Vec<&str>> {
    if kind(schema).is_some_and(|kind| kind != "string") {
        return None;
    }
    let values = schema
        .list("enum")
        .iter()
        .filter(|value| **value != Json::Null);
    let values: Option<Vec<&str>> = values.map(Json::as_text).collect();
    values.filter(|values| !values.is_empty())
}

/// Returns whether a schema is `type: string` without further restrictions.
pub(super) fn is_plain_string(schema: &Json) -> bool {
    kind(schema) == Some("string")
        && ["enum", "format", "contentMediaType", "contentEncoding"]
            .iter()
            .all(|key| schema.get(key).is_none())
        && alternatives(schema).is_empty()
}

/// Returns the property whose value selects one of the alternatives.
pub(super) fn discriminator(schema: &Json) -> Option<&str> {
    schema.get("discriminator")?.text("propertyName")
}
