//! Properties of objects as fields.

use super::object::Object;
use super::types::Types;
use crate::import::bounds;
use crate::import::docs;
use crate::import::draft::Field;
use crate::import::names::{self, Names};
use crate::import::report::Report;

impl<'d> Types<'d> {
    /// Converts the properties of an object. `scope` holds the Rust names of its fields; types
    /// without a name are named after `hint` and their property.
    pub(in crate::import) fn fields(
        &mut self,
        object: &Object<'d>,
        hint: &str,
        scope: &mut Names,
        report: &mut Report,
    ) -> Vec<Field> {
        let mut fields = Vec::new();
        for (wire, schema) in object.properties() {
            if !names::is_valid_wire_name(wire) {
                report.approximate(hint, format!("field {wire:?} omitted"));
                continue;
            }
            let name = format!("{hint}{}", names::type_name(wire));
            let ty = self.convert(schema, &name, report);
            let bounds = bounds::bounds(schema, &ty);
            fields.push(Field {
                wire: (*wire).to_owned(),
                ty: if object.requires(wire) {
                    ty
                } else {
                    ty.optional()
                },
                rust: names::field(scope, wire),
                doc: docs::first_paragraph(schema.text("description").unwrap_or_default()),
                style: None,
                bounds,
            });
        }
        fields
    }
}
