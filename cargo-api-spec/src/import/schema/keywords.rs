//! Keywords of a single schema.

use crate::import::document::{Node, Text, Value};

pub(in crate::import) fn properties(schema: &Node) -> &[(Text, Node)] {
    schema.object("properties")
}

/// Returns whether a schema itself has named properties.
pub(in crate::import) fn has_properties(schema: &Node) -> bool {
    !schema.peek_object("properties").is_empty()
}

/// Returns the type of a schema, apart from null. A schema with several types has none.
pub(in crate::import) fn kind(schema: &Node) -> Option<&str> {
    let kind = peek_kind(schema)?;
    let items = schema.get("type").map_or(&[][..], Node::items);
    for item in items.iter().filter(|it| it.as_text() == Some(kind)) {
        item.read();
    }
    Some(kind)
}

/// Like [`kind`] without reading it.
pub(in crate::import) fn peek_kind(schema: &Node) -> Option<&str> {
    match schema.peek("type")?.value() {
        Value::Text(text) => Some(text),
        Value::List(items) => {
            let mut kinds = items.iter().filter(|it| it.as_text() != Some("null"));
            let first = kinds.next().filter(|_| kinds.next().is_none())?;
            first.as_text()
        }
        _ => None,
    }
}

/// Returns whether an alternative is the one for null: it accepts nothing else, or it is an object of no known
/// shape or null beside a reference, as some generators of documents write a nullable reference.
pub(in crate::import) fn is_null_among(alternative: &Node, all: &[Node]) -> bool {
    let has_reference = || all.iter().any(|it| it.peek("$ref").is_some());
    is_null(alternative) || (is_nullable_object(alternative) && has_reference())
}

/// Returns whether a schema is `{ type: object, nullable: true }`.
pub(in crate::import) fn is_nullable_object(schema: &Node) -> bool {
    schema.members().len() == 2
        && schema.peek_text("type") == Some("object")
        && schema.peek("nullable").and_then(Node::as_bool) == Some(true)
}

/// Returns whether a schema accepts null and nothing else.
fn is_null(schema: &Node) -> bool {
    schema.peek_text("type") == Some("null")
        || matches!(schema.peek_list("enum"), [only] if only.is_null())
        || schema.peek("const").is_some_and(Node::is_null)
}

/// Returns the schemas of `oneOf` and `anyOf`, apart from null and from those that only validate.
pub(in crate::import) fn alternatives(schema: &Node) -> Vec<&Node> {
    schema.list("oneOf");
    schema.list("anyOf");
    peek_alternatives(schema)
}

/// Like [`alternatives`] without reading the lists.
pub(in crate::import) fn peek_alternatives(schema: &Node) -> Vec<&Node> {
    let lists = ["oneOf", "anyOf"].map(|key| schema.peek_list(key));
    let all = lists.into_iter().flat_map(|list| {
        let is_used = |it: &&Node| !is_null_among(it, list) && has_shape(it);
        list.iter().filter(is_used)
    });
    all.collect()
}

/// Returns whether a schema says something about the type of the values that it accepts.
pub(in crate::import) fn has_shape(schema: &Node) -> bool {
    schema.peek("type").is_some() || has_own_shape(schema)
}

/// Returns whether a part of `allOf` contributes more than the name of its type.
pub(in crate::import) fn adds_shape(part: &Node) -> bool {
    part.peek("required").is_some() || has_own_shape(part)
}

/// Returns the part of `allOf` that determines the type, if there is one: the others only add
/// documentation or keywords for validation.
pub(in crate::import) fn only_shaped(parts: &[Node]) -> Option<&Node> {
    let [adding, having] = [adds_shape, has_shape].map(|has: fn(&Node) -> bool| {
        let mut shaped = parts.iter().filter(|it| has(it));
        shaped.next().map(|first| (first, shaped.next()))
    });
    match adding.or(having) {
        Some((only, None)) => Some(only),
        _ => None,
    }
}

fn has_own_shape(schema: &Node) -> bool {
    let keys = [
        "$ref",
        "properties",
        "items",
        "enum",
        "const",
        "allOf",
        "oneOf",
        "anyOf",
        "additionalProperties",
        "format",
        "x-api-spec-builtin",
    ];
    keys.iter().any(|key| schema.peek(key).is_some())
}

/// Like [`is_nullable`] without reading the keywords.
pub(in crate::import) fn peek_nullable(schema: &Node) -> bool {
    let lists_null = |key: &&str| {
        let null = ("type" == *key).then_some("null");
        let mut items = schema.peek_list(key).iter();
        items.any(|it| it.is_null() || (null.is_some() && it.as_text() == null))
    };
    let is_true = |key: &&str| schema.peek(key).and_then(Node::as_bool) == Some(true);
    let has_null = |key: &&str| {
        let list = schema.peek_list(key);
        list.iter().any(|it| is_null_among(it, list))
    };
    ["type", "enum"].iter().any(lists_null)
        || ["nullable", "x-nullable"].iter().any(is_true)
        || ["oneOf", "anyOf"].iter().any(has_null)
}

/// Returns whether a schema allows null, apart from the schemas that it refers to.
pub(in crate::import) fn is_nullable(schema: &Node) -> bool {
    let mut is_nullable = false;
    // All of them are read: a document may repeat itself.
    for key in ["type", "enum"] {
        for item in schema.peek_list(key) {
            if item.is_null() || (key == "type" && item.as_text() == Some("null")) {
                item.read();
                schema.get(key);
                is_nullable = true;
            }
        }
    }
    for key in ["nullable", "x-nullable"] {
        is_nullable |= schema.is_true(key);
    }
    for key in ["oneOf", "anyOf"] {
        let list = schema.list(key);
        for item in list {
            if is_null_among(item, list) {
                for (_, member) in item.read().members() {
                    member.read().items().iter().for_each(|it| {
                        it.read();
                    });
                }
                is_nullable = true;
            }
        }
    }
    is_nullable
}

/// Returns whether the empty string is the only value of a schema. In forms, it is null.
pub(in crate::import) fn is_empty_text(schema: &Node) -> bool {
    is_string(schema) && matches!(schema.peek_list("enum"), [only] if is_empty(only))
}

/// Returns whether the empty string is one of several values that a schema lists.
pub(in crate::import) fn accepts_empty(schema: &Node) -> bool {
    let lists_empty = |schema: &Node| schema.peek_list("enum").iter().any(is_empty);
    let mut parts = ["oneOf", "anyOf"]
        .iter()
        .flat_map(|key| schema.peek_list(key));
    (lists_empty(schema) && !is_empty_text(schema)) || parts.any(lists_empty)
}

fn is_empty(value: &Node) -> bool {
    value.as_text() == Some("")
}

/// Returns whether a schema is an enum of strings.
pub(in crate::import) fn is_enum(schema: &Node) -> bool {
    let mut values = schema.peek_list("enum").iter().filter(|it| !it.is_null());
    let constant = schema.peek_text("const").is_some();
    is_string(schema)
        && (constant
            || (values.clone().next().is_some() && values.all(|it| it.as_text().is_some())))
}

/// Returns whether strings are the only values of a schema, apart from null.
fn is_string(schema: &Node) -> bool {
    match schema.peek("type").map(Node::value) {
        None => true,
        Some(Value::Text(text)) => &**text == "string",
        Some(Value::List(items)) => items
            .iter()
            .all(|it| matches!(it.as_text(), Some("string" | "null"))),
        Some(_) => false,
    }
}

/// Returns the values of an enum of strings, apart from null.
pub(in crate::import) fn enum_values(schema: &Node) -> Option<Vec<&str>> {
    if !is_enum(schema) {
        return None;
    }
    kind(schema);
    if let Some(constant) = schema.text("const") {
        return Some(vec![constant]);
    }
    let values = schema.list("enum").iter().filter(|it| !it.is_null());
    values.map(|it| it.read().as_text()).collect()
}

/// Returns the texts that are the only values of a schema, without reading them.
pub(in crate::import) fn peek_texts(schema: &Node) -> Vec<&str> {
    let constant = schema.peek_text("const").into_iter();
    let listed = schema.peek_list("enum").iter().filter_map(Node::as_text);
    constant.chain(listed).collect()
}

/// Returns whether a schema is `type: string` without keywords that select another type.
pub(in crate::import) fn is_plain_string(schema: &Node) -> bool {
    schema.peek("type").is_some()
        && is_string(schema)
        && [
            "enum",
            "const",
            "format",
            "contentMediaType",
            "contentEncoding",
            "oneOf",
            "anyOf",
            "allOf",
            "$ref",
        ]
        .iter()
        .all(|key| schema.peek(key).is_none())
}
