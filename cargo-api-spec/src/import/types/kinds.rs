//! Unions of types of different JSON kinds.

use super::convert::Naming;
use super::registry::Types;
use crate::import::document::Node;
use crate::import::extensions;
use crate::import::report::Report;
use crate::import::schema::docs;
use crate::import::schema::keywords::kind;
use crate::import::spec::names;
use crate::import::spec::{KindVariant, TypeExpr, TypeKind};

impl<'d> Types<'d> {
    /// Converts alternatives to a union, or returns `None` if two of them have the same JSON kind.
    pub(super) fn convert_kinds(
        &mut self,
        schema: &'d Node,
        alternatives: &[&'d Node],
        naming: Naming<'_, 'd>,
        report: &mut Report,
    ) -> Option<TypeExpr> {
        let mut known: Vec<&str> = Vec::new();
        let is_exported = extensions::get(schema, "kinds").is_some();
        for &alternative in alternatives {
            match self.json_kind(alternative) {
                Some(kind) if !known.contains(&kind) => known.push(kind),
                _ if is_exported => known.push(""),
                _ => return None,
            }
        }
        let hint = naming.hint;
        let index = self.declared.len();
        let union = self.declare(hint, schema, TypeKind::Kinds(Vec::new()), naming.reference);
        let mut kinds: Vec<KindVariant> = Vec::new();
        let mut is_nullable = false;
        for (&alternative, kind) in alternatives.iter().zip(known) {
            let hint = format!("{hint}{}", names::type_name(kind));
            let ty = self.convert(alternative, &hint, report);
            if ty == TypeExpr::JSON {
                // The union keeps unknown values as JSON.
                continue;
            }
            is_nullable |= ty.is_optional();
            let ty = match ty.required() {
                // Null is not sent.
                TypeExpr::List(item) if self.is_form => {
                    TypeExpr::List(Box::new(item.required().clone()))
                }
                ty => ty.clone(),
            };
            kinds.push(KindVariant {
                name: kind.to_owned(),
                doc: docs::markdown(alternative.text("description").unwrap_or_default()),
                ty,
            });
        }
        self.declared[index].kind = TypeKind::Kinds(kinds);
        Some(if is_nullable { union.optional() } else { union })
    }

    /// Returns the JSON kind of the values of a schema, as the name of a variant.
    pub(super) fn json_kind(&self, schema: &'d Node) -> Option<&'static str> {
        let schema = self.document.peek_resolved(schema)?;
        let kind = match schema.peek_text("type") {
            Some(kind) => kind,
            None if schema.peek("properties").is_some() => "object",
            None if schema.peek("enum").is_some() => "string",
            // The same kind for all alternatives, or for all parts.
            None => {
                let keys = ["oneOf", "anyOf", "allOf"];
                let parts: Vec<_> = keys.iter().flat_map(|key| schema.peek_list(key)).collect();
                let first = self.part_kind(parts.first()?)?;
                let is_same = parts.iter().all(|it| self.part_kind(it) == Some(first));
                return is_same.then_some(first);
            }
        };
        name_of(kind)
    }

    /// Reads the type of a schema that those of all its parts or alternatives repeat.
    pub(super) fn read_repeated_kind<'p>(
        &self,
        schema: &'d Node,
        parts: impl IntoIterator<Item = &'p &'d Node>,
    ) where
        'd: 'p,
    {
        let own = schema.peek_text("type").and_then(name_of);
        let mut parts = parts.into_iter();
        if own.is_some() && parts.all(|it| self.json_kind(it) == own) {
            kind(schema);
        }
    }

    /// Like [`json_kind`](Self::json_kind) for a schema in another one, one level deep.
    fn part_kind(&self, schema: &'d Node) -> Option<&'static str> {
        let schema = self.document.peek_resolved(schema)?;
        match schema.peek_text("type") {
            Some(kind) => name_of(kind),
            None => schema.peek("properties").map(|_| "object"),
        }
    }
}

/// Returns the name of the variant for a type of JSON Schema.
fn name_of(kind: &str) -> Option<&'static str> {
    Some(match kind {
        "string" => "text",
        "integer" => "int",
        "number" => "number",
        "boolean" => "flag",
        "array" => "list",
        "object" => "object",
        _ => return None,
    })
}
