//! Objects with named fields.

use std::collections::HashSet;

use super::schema::{alternatives, kind, properties};
use crate::import::document::{Document, MAX_REF_DEPTH};
use crate::json::Json;

/// Maximum number of schemas that one object consists of. `allOf` may refer to the same schema
/// twice on every level, so that the depth alone does not bound the work.
const MAX_PARTS: usize = MAX_REF_DEPTH * MAX_REF_DEPTH;

/// The properties of a schema and of all schemas in its `allOf`.
#[derive(Clone, Default)]
pub(in crate::import) struct Object<'d> {
    properties: Vec<(&'d str, &'d Json)>,
    required: HashSet<&'d str>,
}

impl<'d> Object<'d> {
    /// Returns the object of a schema, or `None` if it is not an object with properties.
    pub(in crate::import) fn from_schema(document: &'d Document, schema: &'d Json) -> Option<Self> {
        let mut object = Self::default();
        let mut remaining_parts = MAX_PARTS;
        object.add(document, schema, 0, &mut remaining_parts)?;
        (!object.properties.is_empty()).then_some(object)
    }

    fn add(
        &mut self,
        document: &'d Document,
        schema: &'d Json,
        depth: usize,
        remaining_parts: &mut usize,
    ) -> Option<()> {
        *remaining_parts = remaining_parts.checked_sub(1)?;
        if depth > MAX_REF_DEPTH {
            return None;
        }
        let schema = document.resolve(schema)?;
        let is_object = kind(schema).is_none_or(|kind| kind == "object");
        if !is_object || !alternatives(schema).is_empty() {
            return None;
        }
        for part in schema.list("allOf") {
            self.add(document, part, depth + 1, remaining_parts)?;
        }
        for (key, value) in properties(schema) {
            // A later definition of a property replaces an earlier one.
            self.properties.retain(|(known, _)| known != key);
            self.properties.push((key, value));
        }
        let required = schema.list("required").iter().filter_map(Json::as_text);
        self.required.extend(required);
        Some(())
    }

    pub(in crate::import) fn properties(&self) -> &[(&'d str, &'d Json)] {
        &self.properties
    }

    pub(in crate::import) fn requires(&self, key: &str) -> bool {
        self.required.contains(key)
    }

    /// Removes a property, e.g. the tag of a union, which is no field of its variants.
    pub(super) fn remove(&mut self, key: &str) {
        self.properties.retain(|(known, _)| *known != key);
    }
}
