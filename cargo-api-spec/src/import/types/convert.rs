//! Schemas as type expressions.

use super::registry::{Definition, Types};
use crate::import::document::{MAX_REF_DEPTH, Node, Value, component_name};
use crate::import::extensions;
use crate::import::report::Report;
use crate::import::schema::keywords::{
    accepts_empty, alternatives, enum_values, has_properties, is_empty_text, is_null_among,
    is_nullable, is_nullable_object, is_plain_string, kind, only_shaped,
};
use crate::import::schema::{Object, formats};
use crate::import::spec::{TypeExpr, TypeKind};

/// Maximum nesting of lists and maps in the language.
const MAX_TYPE_DEPTH: usize = 16;

/// Name of the type that a schema becomes, if it needs one.
#[derive(Clone, Copy)]
pub(super) struct Naming<'a, 'd> {
    pub(super) hint: &'a str,
    /// Reference that leads to the schema.
    pub(super) reference: Option<&'d str>,
}

impl<'d> Types<'d> {
    /// Converts a schema. A type that needs a name is named after `hint`.
    pub(in crate::import) fn convert(
        &mut self,
        schema: &'d Node,
        hint: &str,
        report: &mut Report,
    ) -> TypeExpr {
        if let Some(known) = self.by_address.get(&schema.address()) {
            return known.clone();
        }
        if self.depth >= MAX_REF_DEPTH {
            return too_many_references(schema, report);
        }
        self.depth += 1;
        let naming = Naming {
            hint,
            reference: None,
        };
        let ty = self.convert_schema(schema, naming, report);
        self.depth -= 1;
        if ty.depth() > MAX_TYPE_DEPTH {
            report.replace(schema, "", "nesting too deep, imported as `json`");
            return TypeExpr::JSON;
        }
        if ty.declared_name().is_some() {
            self.by_address.insert(schema.address(), ty.clone());
        }
        ty
    }

    pub(super) fn convert_schema(
        &mut self,
        schema: &'d Node,
        naming: Naming<'_, 'd>,
        report: &mut Report,
    ) -> TypeExpr {
        let ty = match schema.read().text("$ref") {
            Some(reference) => self.convert_reference(schema, reference, report),
            None => self.convert_non_null(schema, naming, report),
        };
        remark_nullable_objects(schema, report);
        let is_nullable = is_nullable(schema) || (self.is_form && accepts_empty(schema));
        // Any JSON value includes null.
        if is_nullable && ty != TypeExpr::JSON {
            ty.optional()
        } else {
            ty
        }
    }

    fn convert_reference(
        &mut self,
        place: &'d Node,
        reference: &'d str,
        report: &mut Report,
    ) -> TypeExpr {
        match self.by_reference.get(reference) {
            Some(Some(ty)) => return ty.clone(),
            Some(None) => {
                report.replace(place, "", "refers to itself, imported as `json`");
                return TypeExpr::JSON;
            }
            None => {}
        }
        let schema = match self.document.find(reference) {
            Ok(schema) => schema,
            Err(reason) => {
                report.replace(place, "", format!("{reason}, imported as `json`"));
                return TypeExpr::JSON;
            }
        };
        let name = component_name(reference);
        self.by_reference.insert(reference, None);
        // A component may be part of JSON as well.
        let is_form = std::mem::take(&mut self.is_form);
        self.depth += 1;
        let ty = if self.depth >= MAX_REF_DEPTH {
            too_many_references(schema, report)
        } else if is_plain_string(schema) {
            kind(schema);
            let id = self.declare(&name, schema, TypeKind::Id, None);
            if is_nullable(schema) {
                id.optional()
            } else {
                id
            }
        } else {
            let naming = Naming {
                hint: &name,
                reference: Some(reference),
            };
            self.convert_schema(schema, naming, report)
        };
        self.depth -= 1;
        self.is_form = is_form;
        self.by_reference.insert(reference, Some(ty.clone()));
        ty
    }

    /// Converts a schema without regard to null.
    fn convert_non_null(
        &mut self,
        schema: &'d Node,
        naming: Naming<'_, 'd>,
        report: &mut Report,
    ) -> TypeExpr {
        let mut all = alternatives(schema);
        if self.is_form && all.len() > 1 {
            all.retain(|it| !is_form_null(it));
        }
        match all[..] {
            [] => {}
            ref kinds if extensions::get(schema, "kinds").is_some() => {
                let union = self.convert_kinds(schema, kinds, naming, report);
                return union.unwrap_or(TypeExpr::JSON);
            }
            // With a discriminator, it is the only variant so far.
            [only]
                if !has_properties(schema)
                    && ["allOf", "discriminator"]
                        .iter()
                        .all(|key| schema.peek(key).is_none()) =>
            {
                return self.convert_schema(only, naming, report);
            }
            ref several => return self.convert_alternatives(schema, several, naming, report),
        }
        if let Some(values) = enum_values(schema) {
            return self.convert_enum(&values, schema, naming.hint, report);
        }
        let is_object = kind(schema).is_none_or(|kind| kind == "object");
        if let Some(properties) = schema.peek("properties").filter(|_| !is_object) {
            report.ignore(properties, "the type has no properties");
        }
        if schema.peek("allOf").is_some() || (has_properties(schema) && is_object) {
            return self.convert_object(schema, naming, report);
        }
        self.convert_simple(schema, naming.hint, report)
    }

    fn convert_simple(&mut self, schema: &'d Node, hint: &str, report: &mut Report) -> TypeExpr {
        if let Some(ty) = formats::exported(schema) {
            return TypeExpr::Builtin(ty);
        }
        // Enums of strings are converted before.
        for key in ["enum", "const"] {
            if let Some(values) = schema.peek(key).filter(|it| !it.is_null()) {
                report.ignore(values, "enums have strings as values");
            }
        }
        match inferred_kind(schema) {
            Some("string" | "file") => TypeExpr::Builtin(formats::string(schema, report)),
            Some("boolean") => TypeExpr::Builtin("bool"),
            Some("integer") => TypeExpr::Builtin(formats::integer(schema)),
            Some("number") => TypeExpr::Builtin(formats::number(schema)),
            Some("array") => {
                let item = schema
                    .get("items")
                    .map(|items| self.convert(items, &format!("{hint}Item"), report));
                TypeExpr::List(Box::new(item.unwrap_or(TypeExpr::JSON)))
            }
            Some("object") => {
                let values = schema.peek("additionalProperties");
                let value = match values.map(|values| (values, values.value())) {
                    Some((values, Value::Object(_))) => {
                        self.convert(values, &format!("{hint}Value"), report)
                    }
                    // Values of any type, which is the default as well.
                    Some((values, Value::Bool(true))) => {
                        values.read();
                        TypeExpr::JSON
                    }
                    Some((values, Value::Bool(false))) => {
                        report.ignore(values, "an object without members, imported as a map");
                        TypeExpr::JSON
                    }
                    _ => TypeExpr::JSON,
                };
                TypeExpr::Map(Box::new(value))
            }
            _ => {
                if let Value::Bool(false) = schema.value() {
                    report.approximate(schema, "", "no value is valid, imported as `json`");
                }
                if schema.peek("type").is_some() {
                    report.replace(schema, "", "values of several types, imported as `json`");
                }
                TypeExpr::JSON
            }
        }
    }

    fn convert_object(
        &mut self,
        schema: &'d Node,
        naming: Naming<'_, 'd>,
        report: &mut Report,
    ) -> TypeExpr {
        if !has_properties(schema) && schema.peek("required").is_none() {
            // The other parts only add documentation or keywords for validation.
            let parts = schema.list("allOf");
            if let Some(only) = only_shaped(parts) {
                let mut may_be_null = false;
                for part in parts {
                    // The keywords of the others stay unread.
                    part.read();
                    may_be_null |= !std::ptr::eq(part, only) && is_nullable(part);
                }
                let ty = self.convert_schema(only, naming, report);
                for repeating in parts.iter().chain([schema]) {
                    self.read_repeated_kind(repeating, [&only]);
                }
                return if may_be_null { ty.optional() } else { ty };
            }
        }
        let Some(object) = Object::without_properties(self.document, schema) else {
            return self.convert_parts(schema, naming, report);
        };
        if object.properties().next().is_none() {
            object.read(self.document);
            let json = TypeExpr::JSON;
            return if object.has_type(self.document) {
                TypeExpr::Map(Box::new(json))
            } else {
                json
            };
        }
        let definition = Definition::Struct(Box::new(object));
        self.declare_incomplete(naming.hint, schema, definition, naming.reference)
    }
}

/// Records the alternatives that are objects of no known shape beside a reference.
fn remark_nullable_objects(schema: &Node, report: &mut Report) {
    for list in ["oneOf", "anyOf"].map(|key| schema.peek_list(key)) {
        let is_null = |it: &&Node| is_nullable_object(it) && is_null_among(it, list);
        for item in list.iter().filter(is_null) {
            report.remark(
                item,
                "an object or null beside a reference, imported as null",
            );
        }
    }
}

/// Returns whether a schema is the null of forms, and reads it.
fn is_form_null(schema: &Node) -> bool {
    let is_null = is_empty_text(schema);
    if is_null {
        kind(schema.read());
        schema.list("enum").iter().for_each(|it| {
            it.read();
        });
    }
    is_null
}

/// Returns the type of a schema, which some documents leave out.
fn inferred_kind(schema: &Node) -> Option<&str> {
    if schema.peek("type").is_some() {
        return kind(schema);
    }
    let has = |key: &str| schema.peek(key).is_some();
    if has("items") {
        Some("array")
    } else if schema
        .peek("additionalProperties")
        .is_some_and(Node::is_object)
    {
        Some("object")
    } else {
        None
    }
}

pub(super) fn too_many_references(place: &Node, report: &mut Report) -> TypeExpr {
    report.replace(place, "", "too many nested references, imported as `json`");
    TypeExpr::JSON
}
