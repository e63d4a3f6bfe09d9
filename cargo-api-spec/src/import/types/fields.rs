//! Properties of objects as fields.

use api_spec::model::Direction;

use super::registry::Types;
use crate::import::document::Node;
use crate::import::extensions;
use crate::import::report::Report;
use crate::import::schema::bounds::bounds;
use crate::import::schema::keywords::peek_alternatives;
use crate::import::schema::{Object, docs};
use crate::import::spec::names::{self, Names};
use crate::import::spec::{Field, TypeExpr};

impl<'d> Types<'d> {
    /// Converts the properties of an object. `scope` holds the Rust names of its fields; types
    /// without a name are named after `hint` and their property. Values in one direction lack the properties
    /// of the other one.
    pub(in crate::import) fn fields(
        &mut self,
        object: &Object<'d>,
        hint: &str,
        direction: Option<Direction>,
        scope: &mut Names,
        report: &mut Report,
    ) -> Vec<Field> {
        object.read(self.document);
        let mut fields = Vec::new();
        let mut names_of_absent = Names::default();
        for (wire, schema) in object.properties() {
            if !names::is_valid_wire_name(wire) {
                report.ignore(schema, "empty name, or control characters in the name");
                continue;
            }
            let name = format!("{hint}{}", names::type_name(wire));
            // A field with a fixed value has the type of the value.
            let is_fixed = extensions::get(schema, "value").is_some();
            let ty = if is_fixed {
                schema.text("type");
                schema.get("const");
                TypeExpr::JSON
            } else {
                self.convert(schema, &name, report)
            };
            let is_required = object.requires(wire);
            let only = object.read_direction(self.document, wire);
            let is_absent = direction.is_some() && only.is_some() && only != direction;
            let scope = if is_absent {
                &mut names_of_absent
            } else {
                &mut *scope
            };
            let field = Field {
                bounds: self.bounds(schema, &ty),
                doc: self.field_doc(schema, schema, &ty),
                ty: presence(ty, is_required, self.is_exported),
                is_required,
                only: only.filter(|_| direction.is_none()),
                ..field(wire, schema, scope)
            };
            if !is_absent {
                fields.push(field);
            }
        }
        fields
    }

    /// Returns the documentation of a field: that of the parameter or the property, of a part of
    /// `allOf`, or of the schema that it refers to. It is empty if the type of the field has it.
    pub(in crate::import) fn field_doc(
        &self,
        described: &'d Node,
        schema: &'d Node,
        ty: &TypeExpr,
    ) -> String {
        let resolved = self.document.resolve(schema).unwrap_or(schema);
        let parts = schema.peek_list("allOf").iter();
        let mut places = [described, schema]
            .into_iter()
            .chain(parts)
            .chain([resolved]);
        let place = places.find(|it| it.peek_text("description").is_some());
        let declared = match ty.required() {
            TypeExpr::Named(name) => self.declared_named(name),
            _ => None,
        };
        match place {
            Some(place) if declared.is_none_or(|it| !std::ptr::eq(it.place, place)) => {
                docs::markdown(place.text("description").unwrap_or_default())
            }
            _ => String::new(),
        }
    }

    /// Returns the bounds of a field, which may be in a schema that it refers to.
    pub(in crate::import) fn bounds(
        &self,
        schema: &'d Node,
        ty: &TypeExpr,
    ) -> Vec<(&'static str, String)> {
        let resolved = self.document.resolve(schema).unwrap_or(schema);
        bounds(resolved, ty)
    }
}

/// Returns a field for a property or a parameter, without a type and its documentation.
pub(in crate::import) fn field(wire: &str, described: &Node, scope: &mut Names) -> Field {
    Field {
        wire: wire.to_owned(),
        rust: names::field(scope, wire),
        is_deprecated: is_deprecated(described),
        extensions: extensions::read(described, "field"),
        ..Field::default()
    }
}

/// Returns whether a property, a part of its `allOf` or its only alternative beside null is deprecated.
fn is_deprecated(described: &Node) -> bool {
    let only = match peek_alternatives(described)[..] {
        [only] => Some(only),
        _ => None,
    };
    let parts = described.peek_list("allOf").iter();
    // All of them are read: a document may repeat itself.
    let deprecated = parts.chain(only).filter(|it| it.is_true("deprecated"));
    (deprecated.count() > 0) | described.is_true("deprecated")
}

/// Returns the type of a field of a JSON object. A field that is neither required nor null may be
/// absent; the difference between the two matters in requests. `export` marks the fields that make
/// it.
fn presence(ty: TypeExpr, is_required: bool, is_exported: bool) -> TypeExpr {
    match (is_required, ty.is_optional()) {
        (true, _) => ty,
        (false, true) if !is_exported => TypeExpr::Optional(Box::new(ty)),
        (false, _) => ty.optional(),
    }
}
