//! Values of the tags of unions.

use std::collections::{HashMap, HashSet};

use super::registry::{Alternative, TaggedAlternative, Types};
use crate::import::document::{Node, Text, component_name};
use crate::import::report::Report;
use crate::import::spec::names;

impl<'d> Types<'d> {
    /// Returns the alternatives of `schema` with the values of its discriminator, the key `tag`. One whose
    /// values are also those of others has none. Returns `None` if the values of an alternative are not known,
    /// or if no alternative has own ones.
    pub(super) fn tagged(
        &self,
        schema: &'d Node,
        tag: &str,
        alternatives: &[Alternative<'d>],
    ) -> Option<Vec<Vec<String>>> {
        let mapping = mapping(schema);
        let values = alternatives.iter().map(|alternative| {
            let values = self.values_of(mapping, tag, alternative);
            (!values.is_empty()).then_some(values)
        });
        let mut values: Vec<Vec<String>> = values.collect::<Option<_>>()?;
        let mut uses: HashMap<String, usize> = HashMap::new();
        for value in values.iter().flatten() {
            *uses.entry(value.clone()).or_default() += 1;
        }
        for own in &mut values {
            own.retain(|value| uses[value] == 1);
        }
        values.iter().any(|own| !own.is_empty()).then_some(values)
    }

    /// Returns the first property that is a text in all alternatives, with other values in each.
    pub(super) fn inferred_tag(&self, alternatives: &[Alternative<'d>]) -> Option<&'d str> {
        let mut keys = alternatives
            .first()?
            .object
            .properties()
            .map(|(key, _)| key);
        keys.find(|key| {
            let mut known = HashSet::new();
            names::is_valid_wire_name(key)
                && alternatives.iter().all(|Alternative { object, .. }| {
                    let values = object.texts(self.document, key);
                    let is_own =
                        !values.is_empty() && values.into_iter().all(|it| known.insert(it));
                    is_own && object.requires(key)
                })
        })
    }

    /// Returns the values of `mapping`, those of the property, or the name of the component.
    fn values_of(
        &self,
        mapping: &[(Text, Node)],
        tag: &str,
        alternative: &Alternative<'d>,
    ) -> Vec<String> {
        let reference = alternative.schema.peek_text("$ref");
        let mapped = reference.map_or(Vec::new(), |reference| {
            let targets = mapping.iter().filter(|(_, it)| is_target(it, reference));
            targets.map(|(value, _)| value.to_string()).collect()
        });
        if !mapped.is_empty() {
            return mapped;
        }
        // By OpenAPI, the value is the name of the component. A schema that excludes it is decisive.
        let values = alternative.object.texts(self.document, tag);
        if !values.is_empty() {
            return values.into_iter().map(str::to_owned).collect();
        }
        reference.map(component_name).into_iter().collect()
    }

    /// Reads the tag of alternatives, and the values that `mapping` has for them.
    pub(super) fn read_tag(
        &self,
        schema: &'d Node,
        tag: &'d str,
        alternatives: &mut [TaggedAlternative<'d>],
        report: &mut Report,
    ) {
        let discriminator = schema.get("discriminator");
        let mapping = discriminator.map_or(&[][..], |it| it.object("mapping"));
        for TaggedAlternative {
            alternative,
            values,
        } in alternatives
        {
            let reference = alternative.schema.text("$ref").unwrap_or_default();
            let targets = mapping.iter().filter(|(_, it)| is_target(it, reference));
            for (_, target) in targets {
                target.read();
            }
            let own = alternative.object.texts(self.document, tag);
            let differs = !own.is_empty() && values.iter().any(|it| !own.contains(&it.as_str()));
            for definition in alternative.object.take_tag(self.document, tag) {
                if differs {
                    let reason = "the values of the tag are those of the discriminator";
                    report.remark(definition, reason);
                }
                if values.len() > 1 {
                    let reason = "only the first value of the tag is sent";
                    report.remark(definition, reason);
                }
            }
        }
    }
}

fn mapping(schema: &Node) -> &[(Text, Node)] {
    let discriminator = schema.peek("discriminator");
    discriminator.map_or(&[][..], |it| it.peek_object("mapping"))
}

/// Returns whether a value of `mapping` is a reference, or the name of its component.
fn is_target(target: &Node, reference: &str) -> bool {
    let target = target.as_text();
    target.is_some_and(|it| it == reference || it == component_name(reference))
}
