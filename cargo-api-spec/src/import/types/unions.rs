//! Unions and their variants.

use std::collections::HashMap;

use api_spec::model::Direction;

use super::registry::{Alternative, TaggedAlternative, Types};
use crate::import::document::{Document, Node, component_name};
use crate::import::extensions;
use crate::import::report::Report;
use crate::import::schema::{docs, may_be_null};
use crate::import::spec::names::{self, Names};
use crate::import::spec::{EnumValue, TypeKind, Variant};

/// Returns the first property of each alternative that is required in responses, not null, and in none of the
/// others. Returns `None` if an alternative has no such property.
pub(super) fn identifying_properties<'d>(
    document: &'d Document,
    alternatives: &[Alternative<'d>],
) -> Option<Vec<&'d str>> {
    let mut owners: HashMap<&str, usize> = HashMap::new();
    for (key, _) in alternatives.iter().flat_map(|it| it.object.properties()) {
        *owners.entry(key).or_default() += 1;
    }
    let identified = alternatives.iter().map(|Alternative { object, .. }| {
        let identifies = |(key, schema): &(&str, &'d Node)| {
            owners.get(key) == Some(&1)
                && object.requires(key)
                && names::is_valid_wire_name(key)
                && !may_be_null(document, schema)
                && object.direction(document, key) != Some(Direction::Request)
        };
        let (key, _) = object.properties().find(identifies)?;
        Some(key)
    });
    identified.collect()
}

impl<'d> Types<'d> {
    /// Converts the union `name`, whose alternatives have a common tag.
    pub(super) fn tagged_union(
        &mut self,
        schema: &'d Node,
        tag: &'d str,
        mut alternatives: Vec<TaggedAlternative<'d>>,
        name: &str,
        report: &mut Report,
    ) -> TypeKind {
        self.read_tag(schema, tag, &mut alternatives, report);
        let mut variants = Vec::new();
        for TaggedAlternative {
            alternative,
            values,
        } in alternatives
        {
            let mut values = values.into_iter();
            if let Some(wire) = values.next() {
                let values = (wire, values.collect());
                variants.push(self.variant(&alternative, values, name, report));
            } else {
                // The union keeps objects with unknown tags as JSON.
                let note = "others have the same tag, imported as `json`";
                report.approximate(alternative.schema, name, note);
            }
        }
        TypeKind::Union {
            tag: Some(tag.to_owned()),
            variants,
        }
    }

    /// Converts the union `name`, whose alternatives are identified by a property each.
    pub(super) fn untagged_union(
        &mut self,
        alternatives: Vec<(Alternative<'d>, &'d str)>,
        name: &str,
        report: &mut Report,
    ) -> TypeKind {
        let mut wires = Names::default();
        let mut variants = Vec::new();
        for (alternative, key) in alternatives {
            let exported = extensions::get(self.resolved(alternative.schema), "variant");
            let exported = exported.and_then(Node::as_text).map(str::to_owned);
            let own_name = exported.unwrap_or_else(|| {
                let own_name = alternative_name(alternative.schema, name);
                names::type_name(&own_name.unwrap_or(key.to_owned()))
            });
            let wire = wires.reserve(&own_name, "");
            variants.push(self.variant(&alternative, (wire, Vec::new()), name, report));
        }
        TypeKind::Union {
            tag: None,
            variants,
        }
    }

    fn resolved(&self, alternative: &'d Node) -> &'d Node {
        self.document.resolve(alternative).unwrap_or(alternative)
    }

    fn variant(
        &mut self,
        alternative: &Alternative<'d>,
        (wire, aliases): (String, Vec<String>),
        union: &str,
        report: &mut Report,
    ) -> Variant {
        // The struct of a variant is named after both, and must not clash with a declared type.
        let struct_name = |variant: &str| vec![format!("{variant}{union}")];
        let resolved = self.resolved(alternative.schema);
        let exported = extensions::get(resolved, "rust");
        let rust = match exported.and_then(Node::as_text) {
            Some(name) => {
                let name = self.names.reserve_with(name, "", struct_name);
                Some(name)
            }
            None => names::variant(&mut self.names, &wire, struct_name),
        };
        let rust_name = rust.clone().unwrap_or_else(|| names::type_name(&wire));
        let hint = format!("{rust_name}{union}");
        extensions::get(resolved, "variant");
        Variant {
            value: EnumValue {
                wire,
                aliases,
                rust,
            },
            doc: docs::markdown(resolved.text("description").unwrap_or_default()),
            fields: self.fields(
                &alternative.object,
                &hint,
                None,
                &mut Names::default(),
                report,
            ),
        }
    }
}

/// Returns the name that the document has for an alternative of an untagged union.
fn alternative_name(alternative: &Node, union: &str) -> Option<String> {
    let Some(reference) = alternative.text("$ref") else {
        return alternative.text("title").map(str::to_owned);
    };
    let name = component_name(reference);
    // `export` appends the name of the union.
    let short = name.strip_suffix(union).filter(|short| !short.is_empty());
    Some(short.map_or(name.clone(), str::to_owned))
}
