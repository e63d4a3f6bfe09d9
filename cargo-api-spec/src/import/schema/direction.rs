//! Direction of a property: `readOnly` and `writeOnly`.

use api_spec::model::Direction;

use crate::import::document::{Document, MAX_REF_DEPTH, Node};

/// Returns the direction of a property, which may be in a schema that it refers to.
///
/// A property with both keywords is invalid. They stay unread, so that they are reported.
pub(super) fn direction<'d>(document: &'d Document, schema: &'d Node) -> Option<Direction> {
    search(document, schema, 0)
}

fn search<'d>(document: &'d Document, schema: &'d Node, depth: usize) -> Option<Direction> {
    if depth > MAX_REF_DEPTH {
        return None;
    }
    if let Some(direction) = own_direction(schema) {
        return Some(direction);
    }
    let referenced = schema
        .peek_text("$ref")
        .and_then(|it| document.find(it).ok());
    let mut parts = referenced.into_iter().chain(schema.peek_list("allOf"));
    parts.find_map(|part| search(document, part, depth + 1))
}

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
