//! Schemas that accept null.

use super::keywords::{has_properties, only_shaped, peek_alternatives, peek_nullable};
use crate::import::document::{Document, MAX_REF_DEPTH, Node};

/// Returns whether a schema becomes an optional type, or may do so.
pub(in crate::import) fn may_be_null<'d>(document: &'d Document, schema: &'d Node) -> bool {
    let mut schema = schema;
    for _ in 0..MAX_REF_DEPTH {
        if peek_nullable(schema) {
            return true;
        }
        let next = match schema.peek("$ref") {
            Some(_) => document.peek_resolved(schema),
            None if parts_may_be_null(schema) => return true,
            None => match only_part(schema) {
                None => return false,
                part => part,
            },
        };
        let Some(next) = next else { return true };
        schema = next;
    }
    true
}

/// Returns the schema that `schema` consists of, if it adds nothing to it.
fn only_part(schema: &Node) -> Option<&Node> {
    match &peek_alternatives(schema)[..] {
        [only] => Some(only),
        [] if !has_properties(schema) => only_shaped(schema.peek_list("allOf")),
        _ => None,
    }
}

/// Returns whether a part of `allOf` that only adds documentation allows null.
fn parts_may_be_null(schema: &Node) -> bool {
    let parts = schema.peek_list("allOf");
    only_shaped(parts).is_some() && parts.iter().any(peek_nullable)
}
