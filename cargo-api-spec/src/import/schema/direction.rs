//! Direction of a property: `readOnly` and `writeOnly`.

use api_spec::model::Direction;

use crate::import::document::{Document, MAX_REF_DEPTH, Node};

/// Returns the direction of a property, which may also be in its `allOf` and in the schemas that these
/// refer to. The keywords stay unread.
pub(super) fn direction(document: &Document, schema: &Node) -> Option<Direction> {
    schemas(document, schema).find_map(own_direction)
}

/// Marks the keywords of a property as read, in all schemas that may have them.
pub(super) fn read(document: &Document, schema: &Node) {
    for schema in schemas(document, schema) {
        if own_direction(schema).is_some() {
            schema.read();
        }
        if !has_both(schema) {
            schema.bool("readOnly");
            schema.bool("writeOnly");
        }
    }
}

fn schemas<'d>(document: &'d Document, schema: &'d Node) -> impl Iterator<Item = &'d Node> {
    let parts = std::iter::once(schema).chain(schema.peek_list("allOf"));
    parts.flat_map(|part| with_references(document, part))
}

/// Returns a schema, the one that it refers to, and so on.
fn with_references<'d>(document: &'d Document, schema: &'d Node) -> impl Iterator<Item = &'d Node> {
    let next = |schema: &&'d Node| document.find(schema.peek_text("$ref")?).ok();
    std::iter::successors(Some(schema), next).take(MAX_REF_DEPTH)
}

/// Returns the direction in the keywords of a schema.
fn own_direction(schema: &Node) -> Option<Direction> {
    match (is_set(schema, "readOnly"), is_set(schema, "writeOnly")) {
        (true, false) => Some(Direction::Response),
        (false, true) => Some(Direction::Request),
        _ => None,
    }
}

/// Returns whether a schema has both keywords, which is invalid. They stay unread, so that they are
/// reported.
fn has_both(schema: &Node) -> bool {
    is_set(schema, "readOnly") && is_set(schema, "writeOnly")
}

fn is_set(schema: &Node, key: &str) -> bool {
    schema.peek(key).and_then(Node::as_bool) == Some(true)
}
