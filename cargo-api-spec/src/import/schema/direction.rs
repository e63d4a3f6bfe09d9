//! Direction of a property: `readOnly` and `writeOnly`.

use api_spec::model::Direction;

use crate::import::document::{Document, MAX_REF_DEPTH, Node};

/// Returns the direction of a property, which may also be in its `allOf` and in the schemas that these
/// refer to.
pub(super) fn direction(document: &Document, schema: &Node) -> Option<Direction> {
    let parts = std::iter::once(schema).chain(schema.peek_list("allOf"));
    let schemas = parts.flat_map(|part| with_references(document, part));
    // All are read, so that none of them is reported.
    schemas.map(own_direction).fold(None, Option::or)
}

/// Returns a schema, the one that it refers to, and so on.
fn with_references<'d>(document: &'d Document, schema: &'d Node) -> impl Iterator<Item = &'d Node> {
    let next = |schema: &&'d Node| document.find(schema.peek_text("$ref")?).ok();
    std::iter::successors(Some(schema), next).take(MAX_REF_DEPTH)
}

/// Returns the direction in the keywords of a schema. Both keywords together are invalid: they stay
/// unread, so that they are reported.
fn own_direction(schema: &Node) -> Option<Direction> {
    let is_set = |key| schema.peek(key).and_then(Node::as_bool) == Some(true);
    let direction = match (is_set("readOnly"), is_set("writeOnly")) {
        (true, true) => return None,
        (true, false) => Some(Direction::Response),
        (false, true) => Some(Direction::Request),
        (false, false) => None,
    };
    for key in ["readOnly", "writeOnly"] {
        schema.bool(key);
    }
    direction
}
