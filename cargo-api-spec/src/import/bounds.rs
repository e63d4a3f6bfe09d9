//! Bounds of fields.

use serde_json::Number;

use super::draft::TypeExpr;
use crate::json::Json;

/// Returns `min` and `max` of a field of type `ty`.
///
/// Only bounds in the schema itself count, not those of schemas it refers to. Bounds that the
/// language rejects are omitted.
pub(super) fn bounds(schema: &Json, ty: &TypeExpr) -> Vec<(&'static str, String)> {
    let (min, max) = match ty.required() {
        TypeExpr::Builtin("int" | "uint" | "float") => ("minimum", "maximum"),
        TypeExpr::Builtin("string") => ("minLength", "maxLength"),
        TypeExpr::List(_) => ("minItems", "maxItems"),
        TypeExpr::Map(_) => ("minProperties", "maxProperties"),
        TypeExpr::Builtin(_) | TypeExpr::Named(_) | TypeExpr::Optional(_) => return Vec::new(),
    };
    let is_float = *ty.required() == TypeExpr::Builtin("float");
    let number = |key: &str| match schema.get(key) {
        Some(Json::Number(number)) => Some(number).filter(|number| is_float || number.is_i64()),
        _ => None,
    };
    let value = |number: Option<&Number>| number.and_then(Number::as_f64);
    // A minimum length of 0 restricts nothing.
    let least = number(min).filter(|least| min == "minimum" || value(Some(least)) != Some(0.0));
    let greatest = number(max);
    if let (Some(least), Some(greatest)) = (value(least), value(greatest))
        && least > greatest
    {
        return Vec::new();
    }
    let bounds = [("min", least), ("max", greatest)].into_iter();
    let bounds = bounds.filter_map(|(key, number)| Some((key, number?.to_string())));
    bounds.collect()
}
