//! Enums of strings.

use std::collections::HashSet;

use super::registry::Types;
use crate::import::document::Node;
use crate::import::report::Report;
use crate::import::spec::names::{self, Names};
use crate::import::spec::{EnumValue, TypeExpr, TypeKind};

impl<'d> Types<'d> {
    pub(super) fn convert_enum(
        &mut self,
        wire_values: &[&str],
        schema: &'d Node,
        hint: &str,
        report: &mut Report,
    ) -> TypeExpr {
        let mut variants = Names::default();
        let mut values: Vec<EnumValue> = Vec::new();
        let mut known_values: HashSet<&str> = HashSet::new();
        for &wire in wire_values {
            if wire.is_empty() && self.is_form && wire_values.len() > 1 {
                // The null of forms.
                continue;
            }
            if !names::is_valid_wire_name(wire) {
                report.approximate(schema, hint, format!("value {wire:?} omitted"));
                continue;
            }
            if known_values.insert(wire) {
                values.push(EnumValue {
                    wire: wire.to_owned(),
                    aliases: Vec::new(),
                    rust: names::variant(&mut variants, wire, |name| vec![name.to_owned()]),
                });
            }
        }
        if values.is_empty() {
            return TypeExpr::Builtin("string");
        }
        self.declare(hint, schema, TypeKind::Enum(values), None)
    }
}
