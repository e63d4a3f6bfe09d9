//! Schemas that accept null.

use super::keywords::{has_properties, peek_alternatives, peek_nullable};
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
    match (&peek_alternatives(schema)[..], schema.peek_list("allOf")) {
        ([only], _) => Some(only),
        ([], [only]) if !has_properties(schema) => Some(only),
        _ => None,
    }
}
