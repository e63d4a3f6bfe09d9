//! Enums of strings.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

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
        let mut known_values: HashMap<String, &str> = HashMap::new();
        for &wire in wire_values {
            if !names::is_valid_wire_name(wire) {
                report.approximate(schema, hint, format!("value {wire:?} omitted"));
                continue;
            }
            // Clients compare values without regard to case.
            match known_values.entry(wire.to_lowercase()) {
                Entry::Occupied(known) if *known.get() == wire => {}
                Entry::Occupied(known) => {
                    let note = format!("value `{wire}` merged with `{}`", known.get());
                    report.approximate(schema, hint, note);
                }
                Entry::Vacant(unknown) => {
                    unknown.insert(wire);
                    values.push(EnumValue {
                        wire: wire.to_owned(),
                        aliases: Vec::new(),
                        rust: names::variant(&mut variants, wire, |name| vec![name.to_owned()]),
                    });
                }
            }
        }
        if values.is_empty() {
            return TypeExpr::Builtin("string");
        }
        self.declare(hint, schema, TypeKind::Enum(values), None)
    }
}
