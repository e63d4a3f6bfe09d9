//! `oneOf` and `anyOf`.

use std::collections::HashSet;

use super::convert::Naming;
use super::registry::{Alternative, Definition, TaggedAlternative, Types};
use super::unions::identifying_properties;
use crate::import::document::{Document, Node};
use crate::import::report::Report;
use crate::import::schema::Object;
use crate::import::schema::keywords::{
    alternatives, enum_values, has_properties, is_enum, is_nullable, is_plain_string, kind,
    peek_alternatives, peek_kind,
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
            let Some(definition) = self.definition_with_shared(schema, schema, alternatives) else {
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

    /// Converts a schema with an `allOf` that is no object. If one of its parts has alternatives, each of
    /// them has the properties of the other parts as well.
    pub(super) fn convert_parts(
        &mut self,
        schema: &'d Node,
        naming: Naming<'_, 'd>,
        report: &mut Report,
    ) -> TypeExpr {
        let found = match &owners_of_alternatives(self.document, schema)[..] {
            [] => Err("schemas that are not objects"),
            [owner] => {
                let found = peek_alternatives(owner);
                let definition = self.definition_with_shared(schema, owner, &found);
                let found = definition.map(|it| (*owner, it));
                found.ok_or("alternatives that are not distinct objects")
            }
            _ => Err("several schemas with alternatives"),
        };
        let (owner, definition) = match found {
            Ok(found) => found,
            Err(what) => {
                let note = format!("`allOf` with {what}, imported as `json`");
                report.replace(schema, "", note);
                return TypeExpr::JSON;
            }
        };
        alternatives(owner);
        if is_nullable(owner) {
            report.remark(owner, "another part of `allOf` excludes null");
        }
        self.declare_incomplete(naming.hint, schema, definition, naming.reference)
    }

    /// Returns the definition of a type for the alternatives of `owner`, which is `schema` or in its
    /// `allOf`. They have the properties of `schema` as well. Returns `None` if the alternatives are not
    /// objects or cannot be distinguished.
    fn definition_with_shared(
        &self,
        schema: &'d Node,
        owner: &'d Node,
        alternatives: &[&'d Node],
    ) -> Option<Definition<'d>> {
        let mut objects = as_objects(alternatives, |it| {
            Object::of_alternative(self.document, schema, owner, it)
        })?;
        if owner.peek("discriminator").is_none() && objects.len() == 1 {
            let only = objects.pop()?;
            return Some(Definition::Struct(Box::new(only.object)));
        }
        self.union_definition(owner, objects)
    }

    /// Returns the definition of a union, or `None` if an alternative cannot be distinguished from the
    /// others.
    fn union_definition(
        &self,
        schema: &'d Node,
        alternatives: Vec<Alternative<'d>>,
    ) -> Option<Definition<'d>> {
        let tag = schema
            .peek("discriminator")
            .and_then(|it| it.peek_text("propertyName"));
        if let Some(tag) = tag
            && let Some(values) = self.tagged(schema, tag, &alternatives)
        {
            schema.get("discriminator")?.text("propertyName");
            return Some(tagged_definition(schema, tag, alternatives, values));
        }
        if let Some(identified) = identifying_properties(self.document, &alternatives) {
            let alternatives = alternatives.into_iter().zip(identified);
            return Some(Definition::UntaggedUnion(alternatives.collect()));
        }
        let tag = self.inferred_tag(&alternatives)?;
        let values = self.tagged(schema, tag, &alternatives)?;
        Some(tagged_definition(schema, tag, alternatives, values))
    }
}

fn tagged_definition<'d>(
    schema: &'d Node,
    tag: &'d str,
    alternatives: Vec<Alternative<'d>>,
    values: Vec<Vec<String>>,
) -> Definition<'d> {
    let alternatives = alternatives.into_iter().zip(values);
    let alternatives = alternatives.map(|(alternative, values)| TaggedAlternative {
        alternative,
        values,
    });
    Definition::TaggedUnion {
        schema,
        tag,
        alternatives: alternatives.collect(),
    }
}

/// Returns the schemas with alternatives in the `allOf` of a schema, and in that of its parts.
fn owners_of_alternatives<'d>(document: &'d Document, schema: &'d Node) -> Vec<&'d Node> {
    let mut known = HashSet::new();
    let mut parts: Vec<&Node> = schema.peek_list("allOf").iter().collect();
    let mut owners = Vec::new();
    while let Some(part) = parts.pop() {
        let Some(part) = document.peek_resolved(part) else {
            continue;
        };
        if !known.insert(part.address()) {
            continue;
        }
        if peek_alternatives(part).is_empty() {
            parts.extend(part.peek_list("allOf"));
        } else {
            owners.push(part);
        }
    }
    owners
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
