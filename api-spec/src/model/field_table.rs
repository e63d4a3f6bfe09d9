//! Fields of requests as rows of text, which generated code and descriptions at run time share.

use super::api::Api;
use super::declared::{Enum, Union};
use super::endpoint::{Body, Endpoint};
use super::field::{Bounds, Field, FieldStyle};
use super::literal::Literal;
use super::names::RustName;
use super::types::{Builtin, JsonKind, Type};

impl Api {
    /// Returns the fields of a request as rows with the columns that `operation::Field` of the runtime
    /// parses: a letter each for location and kind, then the style; name; type; default after `=`;
    /// minimum; maximum; documentation. The columns are separated by tabs.
    pub fn field_table(&self, endpoint: &Endpoint) -> Vec<String> {
        let is_json = matches!(endpoint.body, Body::Json(_) | Body::JsonValue(_));
        let locations = [
            (endpoint.parameters.as_slice(), 'p', false),
            (&endpoint.query, 'q', false),
            (&endpoint.headers, 'h', false),
            (endpoint.body.fields(), 'b', is_json),
        ];
        let rows = locations
            .into_iter()
            .flat_map(|(fields, location, is_json)| {
                let fields = fields.iter();
                fields.map(move |field| self.row(field, location, is_json))
            });
        rows.collect()
    }

    fn row(&self, field: &Field, location: char, is_json: bool) -> String {
        let kind = self.kind(field, is_json);
        let style = field
            .style
            .as_ref()
            .map_or_else(String::new, FieldStyle::code);
        let (name, ty) = (field.wire.as_str(), &field.ty);
        let default = field.default.as_ref().map(|value| format!("={value}"));
        let default = default.unwrap_or_default();
        let (min, max) = columns(&field.bounds);
        let doc = self.field_doc(field).replace(char::is_control, " ");
        format!("{location}{kind}{style}\t{name}\t{ty}\t{default}\t{min}\t{max}\t{doc}")
    }

    /// Returns the documentation of a field, or else that of its type, followed by the values of an
    /// enum.
    pub fn field_doc(&self, field: &Field) -> String {
        let ty = field.ty.required();
        let doc = match &*field.doc {
            "" => self.type_doc(ty),
            doc => doc,
        };
        let item = match ty {
            Type::Enum(name) => self.enum_named(name),
            _ => None,
        };
        item.map_or_else(|| doc.to_owned(), |item| with_values(doc, item))
    }

    /// Returns the documentation of a declared type, or an empty text for other types.
    pub fn type_doc(&self, ty: &Type) -> &str {
        let doc = match ty {
            Type::Id(name) => self.id_named(name).map(|item| &item.doc),
            Type::Enum(name) => self.enum_named(name).map(|item| &item.doc),
            Type::Struct(name) => self.struct_named(name).map(|item| &item.doc),
            Type::Union(name) => self.union_named(name).map(|item| &item.doc),
            _ => None,
        };
        doc.map_or("", |doc| doc.trim())
    }

    /// Returns the letter of the runtime's `FieldKind`.
    fn kind(&self, field: &Field, is_json: bool) -> char {
        match field.ty.required() {
            Type::Builtin(Builtin::Uint) => 'u',
            Type::Builtin(Builtin::Secret) => 's',
            Type::Float
            | Type::Builtin(
                Builtin::UnixSeconds | Builtin::UnixMillis | Builtin::Seconds | Builtin::Millis,
            ) => 'n',
            Type::Builtin(Builtin::Decimal) => 'd',
            Type::String | Type::Id(_) | Type::Enum(_) | Type::Builtin(_) => 't',
            Type::Bool => 'b',
            Type::Int => 'i',
            Type::File => 'f',
            Type::List(item) if **item == Type::File => 'm',
            // A list of this type is one value outside of JSON.
            Type::Json | Type::RawJson => 'r',
            ty if self.holds(ty, Builtin::Secret) => 'k',
            ty if self.accepts_text(ty) => {
                // Outside of JSON, a scalar is its text, which is not parsed.
                let is_text = !is_json && field.style.is_none() && !self.accepts_list(ty);
                if is_text { 't' } else { 'x' }
            }
            Type::Struct(_)
            | Type::Union(_)
            | Type::Optional(_)
            | Type::Nullable(_)
            | Type::List(_)
            | Type::Map(_) => 'j',
        }
    }

    /// Returns whether a type is a union of JSON kinds with strings.
    pub fn accepts_text(&self, ty: &Type) -> bool {
        self.has_kind(ty, JsonKind::Text)
    }

    /// Returns whether a type is a union of JSON kinds with lists.
    fn accepts_list(&self, ty: &Type) -> bool {
        self.has_kind(ty, JsonKind::List)
    }

    fn has_kind(&self, ty: &Type, kind: JsonKind) -> bool {
        let union = match ty {
            Type::Union(name) => self.union_named(name),
            _ => None,
        };
        let mut kinds = union.into_iter().flat_map(|union| &union.kinds);
        kinds.any(|variant| variant.kind == kind)
    }

    /// Returns whether a value of this type contains a value of the built-in type at any depth.
    pub fn holds(&self, ty: &Type, builtin: Builtin) -> bool {
        self.find(ty, builtin, &mut Vec::new())
    }

    /// Searches for a built-in type in a type. `seen` are the structs and unions that have been entered.
    fn find<'a>(&'a self, ty: &'a Type, builtin: Builtin, seen: &mut Vec<&'a RustName>) -> bool {
        let types: Vec<&'a Type> = match ty.innermost() {
            Type::Builtin(found) => return *found == builtin,
            Type::Struct(name) if !seen.contains(&name) => {
                seen.push(name);
                let object = self.struct_named(name).into_iter();
                let fields = object.flat_map(|object| &object.fields);
                fields.map(|field| &field.ty).collect()
            }
            Type::Union(name) if !seen.contains(&name) => {
                seen.push(name);
                let union = self.union_named(name).into_iter();
                union.flat_map(Union::types).collect()
            }
            _ => return false,
        };
        let mut types = types.into_iter();
        types.any(|ty| self.find(ty, builtin, seen))
    }
}

/// Returns the bounds as text, empty for an absent one. Bounds of floats have a decimal point, by which
/// the runtime recognizes them.
fn columns(bounds: &Bounds) -> (String, String) {
    let column = |bound: &Option<Literal>| match bound {
        Some(Literal::Float(value)) => format!("{:?}", value.0),
        Some(bound) => bound.to_string(),
        None => String::new(),
    };
    (column(&bounds.min), column(&bounds.max))
}

fn with_values(doc: &str, item: &Enum) -> String {
    let names: Vec<_> = item
        .values
        .iter()
        .map(|value| format!("`{}`", value.wire))
        .collect();
    format!("{doc} One of {}.", names.join(", "))
        .trim_start()
        .to_owned()
}
