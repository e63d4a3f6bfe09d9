//! `oneOf` and `anyOf`.

use super::convert::Naming;
use super::registry::{Alternative, Definition, Types};
use super::unions::identifying_properties;
use crate::import::document::Node;
use crate::import::report::Report;
use crate::import::schema::Object;
use crate::import::schema::keywords::{
    enum_values, has_properties, is_enum, is_plain_string, kind, peek_kind,
};
use crate::import::spec::TypeExpr;

impl<'d> Types<'d> {
    pub(super) fn convert_alternatives(
        &mut self,
        schema: &'d Node,
        alternatives: &[&'d Node],
        naming: Naming<'_, 'd>,
        report: &mut Report,
    ) -> TypeExpr {
        if has_properties(schema) || schema.peek("allOf").is_some() {
            let Some(definition) = self.definition_with_shared(schema, alternatives) else {
                let note = "properties beside alternatives, imported as `json`";
                report.replace(schema, "", note);
                return TypeExpr::JSON;
            };
            return self.declare_incomplete(naming.hint, schema, definition, naming.reference);
        }
        self.read_repeated_kind(schema, alternatives);
        if let Some(values) = open_enum(alternatives) {
            return self.convert_enum(&values, schema, naming.hint, report);
        }
        let objects = as_objects(alternatives, |it| Object::from_schema(self.document, it));
        if let Some(definition) = objects.and_then(|it| self.union_definition(schema, it)) {
            return self.declare_incomplete(naming.hint, schema, definition, naming.reference);
        }
        if let Some(ty) = self.convert_kinds(schema, alternatives, naming, report) {
            return ty;
        }
        let first = peek_kind(alternatives[0]);
        let have_one_kind = alternatives.iter().all(|it| peek_kind(it) == first);
        let common = first.filter(|_| have_one_kind);
        let scalar = match common {
            Some("string") => "string",
            Some("integer") => "int",
            Some("number") => "float",
            _ => {
                let note = "alternatives cannot be distinguished, imported as `json`";
                report.replace(schema, "", note);
                return TypeExpr::JSON;
            }
        };
        let note = format!("alternatives imported as `{scalar}`");
        report.replace(schema, "", note);
        TypeExpr::Builtin(scalar)
    }

    /// Returns the definition of a type whose alternatives have the properties beside them as well, or
    /// `None` if the alternatives are not objects or cannot be distinguished.
    fn definition_with_shared(
        &self,
        schema: &'d Node,
        alternatives: &[&'d Node],
    ) -> Option<Definition<'d>> {
        let mut objects = as_objects(alternatives, |it| {
            Object::of_alternative(self.document, schema, it)
        })?;
        if schema.peek("discriminator").is_none() && objects.len() == 1 {
            let only = objects.pop()?;
            return Some(Definition::Struct(Box::new(only.object)));
        }
        self.union_definition(schema, objects)
    }

    /// Returns the definition of a union, or `None` if an alternative cannot be distinguished from the
    /// others.
    fn union_definition(
        &self,
        schema: &'d Node,
        alternatives: Vec<Alternative<'d>>,
    ) -> Option<Definition<'d>> {
        // The values of a tag are the names of references, unless `mapping` has others.
        let are_references = alternatives
            .iter()
            .all(|it| it.schema.peek("$ref").is_some());
        let tag = schema
            .peek("discriminator")
            .and_then(|it| it.peek_text("propertyName"));
        if let Some(tag) = tag.filter(|_| are_references) {
            schema.get("discriminator")?.text("propertyName");
            return Some(Definition::TaggedUnion {
                schema,
                tag,
                alternatives,
            });
        }
        identifying_properties(self.document, alternatives).map(Definition::UntaggedUnion)
    }
}

/// Returns the alternatives with their objects, or `None` if one is no object.
fn as_objects<'d>(
    alternatives: &[&'d Node],
    object: impl Fn(&'d Node) -> Option<Object<'d>>,
) -> Option<Vec<Alternative<'d>>> {
    let objects = alternatives.iter().map(|schema| {
        let object = object(schema)?;
        Some(Alternative { schema, object })
    });
    objects.collect()
}

/// Returns the values of an enum that allows any other string as well.
///
/// `export` writes an open enum like this, and so do several public documents.
fn open_enum<'d>(alternatives: &[&'d Node]) -> Option<Vec<&'d str>> {
    let string = alternatives.iter().find(|it| is_plain_string(it))?;
    let known = alternatives.iter().find(|it| is_enum(it))?;
    if alternatives.len() > 2 {
        return None;
    }
    kind(string.read());
    enum_values(known.read())
}
