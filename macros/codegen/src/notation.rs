//! Values and types in the notation of the spec, for documentation and the table of endpoints.

use api_spec::model::{Bounds, Field, Literal, Type};

/// Returns the default of a field as text.
pub(crate) fn default_text(field: &Field) -> Option<String> {
    field.default.as_ref().map(literal)
}

/// Returns a literal as text.
pub(crate) fn literal(value: &Literal) -> String {
    match value {
        Literal::Bool(value) => value.to_string(),
        Literal::Int(value) => value.to_string(),
        Literal::Float(value) => value.0.to_string(),
        Literal::String(text) => text.clone(),
    }
}

/// Returns the bounds as text, empty for an absent one. Bounds of floats have a decimal point, by
/// which the runtime recognizes them.
pub(crate) fn columns(bounds: &Bounds) -> (String, String) {
    let column = |bound: &Option<Literal>| match bound {
        Some(Literal::Float(value)) => format!("{:?}", value.0),
        Some(bound) => literal(bound),
        None => String::new(),
    };
    (column(&bounds.min), column(&bounds.max))
}

/// Returns the type without its `?`.
pub(crate) fn required(ty: &Type) -> &Type {
    match ty {
        Type::Optional(inner) | Type::Nullable(inner) => inner,
        other => other,
    }
}
