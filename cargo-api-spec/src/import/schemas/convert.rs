//! Schemas as type expressions.

use std::collections::HashSet;

use super::object::Object;
use super::schema::{
    alternatives, discriminator, enum_values, is_nullable, is_plain_string, kind, properties,
};
use super::types::{Definition, Types};
use super::unions::identifying_properties;
use crate::import::document::{MAX_REF_DEPTH, component_name};
use crate::import::draft::{EnumValue, TypeExpr, TypeKind};
use crate::import::names::{self, Names};
use crate::import::report::Report;
use crate::json::Json;

/// Maximum nesting of lists and maps in the language.
const MAX_TYPE_DEPTH: usize = 16;

/// Name of the type that a schema becomes, if it needs one.
#[derive(Clone, Copy)]
struct Naming<'a, 'd> {
    hint: &'a str,
    /// Reference that leads to the schema.
    reference: Option<&'d str>,
}

impl<'d> Types<'d> {
    /// Converts a schema. A type that needs a name is named after `hint`.
    pub(in crate::import) fn convert(
        &mut self,
        schema: &'d Json,
        hint: &str,
        report: &mut Report,
    ) -> TypeExpr {
        if self.depth >= MAX_REF_DEPTH {
            return too_many_references(hint, report);
        }
        self.depth += 1;
        let naming = Naming {
            hint,
            reference: None,
        };
        let ty = self.convert_schema(schema, naming, report);
        self.depth -= 1;
        if ty.depth() > MAX_TYPE_DEPTH {
            report.approximate(hint, "nesting too deep, imported as `json`");
            return TypeExpr::JSON;
        }
        ty
    }

    fn convert_schema(
        &mut self,
        schema: &'d Json,
        naming: Naming<'_, 'd>,
        report: &mut Report,
    ) -> TypeExpr {
        let ty = match schema.text("$ref") {
            Some(reference) => self.convert_reference(reference, report),
            None => self.convert_non_null(schema, naming, report),
        };
        if is_nullable(schema) {
            ty.optional()
        } else {
            ty
        }
    }

    fn convert_reference(&mut self, reference: &'d str, report: &mut Report) -> TypeExpr {
        match self.by_reference.get(reference) {
            Some(Some(ty)) => return ty.clone(),
            Some(None) => {
                report.approximate(reference, "refers to itself, imported as `json`");
                return TypeExpr::JSON;
            }
            None => {}
        }
        let Some(schema) = self.document.find(reference) else {
            report.approximate(reference, "not in this document, imported as `json`");
            return TypeExpr::JSON;
        };
        let name = component_name(reference);
        self.by_reference.insert(reference, None);
        self.depth += 1;
        let ty = if self.depth >= MAX_REF_DEPTH {
            too_many_references(reference, report)
        } else if is_plain_string(schema) {
            self.declare(&name, schema, TypeKind::Id, None)
        } else {
            let naming = Naming {
                hint: &name,
                reference: Some(reference),
            };
            self.convert_schema(schema, naming, report)
        };
        self.depth -= 1;
        self.by_reference.insert(reference, Some(ty.clone()));
        ty
    }

    /// Converts a schema without regard to null.
    fn convert_non_null(
        &mut self,
        schema: &'d Json,
        naming: Naming<'_, 'd>,
        report: &mut Report,
    ) -> TypeExpr {
        match alternatives(schema)[..] {
            [] => {}
            [only] => return self.convert_schema(only, naming, report),
            ref several => return self.convert_alternatives(schema, several, naming, report),
        }
        if let Some(values) = enum_values(schema) {
            return self.convert_enum(&values, schema, naming.hint, report);
        }
        if schema.get("allOf").is_some() || !properties(schema).is_empty() {
            return self.convert_object(schema, naming, report);
        }
        self.convert_simple(schema, naming.hint, report)
    }

    fn convert_simple(&mut self, schema: &'d Json, hint: &str, report: &mut Report) -> TypeExpr {
        match kind(schema) {
            Some("string" | "file") => TypeExpr::Builtin(match schema.text("format") {
                Some("date-time") => "timestamp",
                Some("date") => "date",
                Some("decimal") => "decimal_text",
                Some("duration") => "duration",
                Some("google-duration") => "seconds_text",
                Some("byte") => "base64",
                Some("password") => "secret",
                _ => "string",
            }),
            Some("boolean") => TypeExpr::Builtin("bool"),
            Some("integer") => TypeExpr::Builtin("int"),
            Some("number") => TypeExpr::Builtin(match schema.text("format") {
                Some("decimal") => "decimal",
                _ => "float",
            }),
            Some("array") => {
                let item = schema
                    .get("items")
                    .map(|items| self.convert(items, &format!("{hint}Item"), report));
                TypeExpr::List(Box::new(item.unwrap_or(TypeExpr::JSON)))
            }
            Some("object") => {
                let values = schema
                    .get("additionalProperties")
                    .filter(|it| it.is_object());
                let value =
                    values.map(|values| self.convert(values, &format!("{hint}Value"), report));
                TypeExpr::Map(Box::new(value.unwrap_or(TypeExpr::JSON)))
            }
            _ => TypeExpr::JSON,
        }
    }

    fn convert_object(
        &mut self,
        schema: &'d Json,
        naming: Naming<'_, 'd>,
        report: &mut Report,
    ) -> TypeExpr {
        // `allOf` with one reference is the usual way to describe a referenced schema.
        if let [only] = schema.list("allOf")
            && properties(schema).is_empty()
        {
            return self.convert_schema(only, naming, report);
        }
        let Some(object) = Object::from_schema(self.document, schema) else {
            let note = "`allOf` with schemas that are not objects, imported as `json`";
            report.approximate(naming.hint, note);
            return TypeExpr::JSON;
        };
        if schema
            .get("additionalProperties")
            .is_some_and(Json::is_object)
        {
            report.approximate(naming.hint, "additional properties are ignored");
        }
        let definition = Definition::Struct(object);
        self.declare_incomplete(naming.hint, schema, definition, naming.reference)
    }

    fn convert_alternatives(
        &mut self,
        schema: &'d Json,
        alternatives: &[&'d Json],
        naming: Naming<'_, 'd>,
        report: &mut Report,
    ) -> TypeExpr {
        // `export` writes an open enum as an enum of strings or any string.
        let is_open = alternatives.iter().any(|it| is_plain_string(it));
        let values = alternatives.iter().find_map(|it| enum_values(it));
        if let Some(values) = values.filter(|_| is_open) {
            return self.convert_enum(&values, schema, naming.hint, report);
        }
        let union = self.union_definition(schema, alternatives);
        if let Some(definition) = union {
            return self.declare_incomplete(naming.hint, schema, definition, naming.reference);
        }
        let first = kind(alternatives[0]);
        let have_one_kind = alternatives.iter().all(|it| kind(it) == first);
        match first.filter(|_| have_one_kind) {
            Some("string") => TypeExpr::Builtin("string"),
            Some("integer") => TypeExpr::Builtin("int"),
            Some("number") => TypeExpr::Builtin("float"),
            _ => {
                let note = "alternatives cannot be distinguished, imported as `json`";
                report.approximate(naming.hint, note);
                TypeExpr::JSON
            }
        }
    }

    /// Returns the definition of a union, or `None` if an alternative is not an object or cannot be
    /// distinguished from the others.
    fn union_definition(
        &self,
        schema: &'d Json,
        alternatives: &[&'d Json],
    ) -> Option<Definition<'d>> {
        let objects = alternatives
            .iter()
            .map(|it| Object::from_schema(self.document, it));
        let objects: Vec<Object<'d>> = objects.collect::<Option<_>>()?;
        // The values of a tag are the names of references, unless `mapping` has others.
        let are_references = alternatives.iter().all(|it| it.text("$ref").is_some());
        if let Some(tag) = discriminator(schema).filter(|_| are_references) {
            return Some(Definition::TaggedUnion {
                schema,
                tag,
                objects,
            });
        }
        let objects = identifying_properties(self.document, objects)?;
        Some(Definition::UntaggedUnion { schema, objects })
    }

    fn convert_enum(
        &mut self,
        wire_values: &[&str],
        schema: &Json,
        hint: &str,
        report: &mut Report,
    ) -> TypeExpr {
        let mut variants = Names::default();
        let mut values: Vec<EnumValue> = Vec::new();
        let mut known_values: HashSet<&str> = HashSet::new();
        for &wire in wire_values {
            if !names::is_valid_wire_name(wire) {
                report.approximate(hint, format!("value {wire:?} omitted"));
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

fn too_many_references(name: &str, report: &mut Report) -> TypeExpr {
    report.approximate(name, "too many nested references, imported as `json`");
    TypeExpr::JSON
}
