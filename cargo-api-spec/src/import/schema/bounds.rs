//! Bounds of fields.

use serde_json::Number;

use crate::import::document::Node;
use crate::import::spec::TypeExpr;

/// Returns `min` and `max` of a field of type `ty`.
///
/// Bounds that the language rejects are omitted.
pub(in crate::import) fn bounds(schema: &Node, ty: &TypeExpr) -> Vec<(&'static str, String)> {
    let (min, max) = match ty.required() {
        TypeExpr::Builtin("int" | "uint" | "float" | "decimal" | "decimal_text") => {
            ("minimum", "maximum")
        }
        TypeExpr::Builtin("string") => ("minLength", "maxLength"),
        TypeExpr::List(_) => ("minItems", "maxItems"),
        TypeExpr::Map(_) => ("minProperties", "maxProperties"),
        TypeExpr::Builtin(_) | TypeExpr::Named(_) | TypeExpr::Optional(_) => return Vec::new(),
    };
    let is_float = matches!(
        ty.required(),
        TypeExpr::Builtin("float" | "decimal" | "decimal_text")
    );
    let is_integer = matches!(ty.required(), TypeExpr::Builtin("int" | "uint"));
    let number = |key: &str| {
        let found = schema.peek(key).and_then(Node::as_number);
        found.filter(|number| is_float || number.is_i64())
    };
    let value = |number: &Number| number.as_f64().unwrap_or_default();
    let exclusive = |key: &str| match schema.peek(key) {
        // OpenAPI 3.1: the bound itself.
        Some(node) if is_integer => node.as_number().and_then(Number::as_i64),
        _ => None,
    };
    // OpenAPI 3.0 and Swagger 2: a flag of the inclusive bound.
    let is_exclusive = |key: &str| schema.peek(key).and_then(Node::as_bool) == Some(true);
    let mut least = number(min).cloned();
    let mut greatest = number(max).cloned();
    if let Some(bound) = exclusive("exclusiveMinimum") {
        least = bound.checked_add(1).map(Number::from);
        schema.get("exclusiveMinimum");
    } else if is_exclusive("exclusiveMinimum") && is_integer {
        let shifted = least.as_ref().and_then(Number::as_i64);
        least = shifted.and_then(|it| it.checked_add(1)).map(Number::from);
        schema.get("exclusiveMinimum");
    }
    if let Some(bound) = exclusive("exclusiveMaximum") {
        greatest = bound.checked_sub(1).map(Number::from);
        schema.get("exclusiveMaximum");
    } else if is_exclusive("exclusiveMaximum") && is_integer {
        let shifted = greatest.as_ref().and_then(Number::as_i64);
        greatest = shifted.and_then(|it| it.checked_sub(1)).map(Number::from);
        schema.get("exclusiveMaximum");
    }
    // A minimum length of 0 restricts nothing, and neither does that of an unsigned number.
    let is_unsigned = *ty.required() == TypeExpr::Builtin("uint");
    let is_signed_number = min == "minimum" && !is_unsigned;
    let least = least.filter(|least| is_signed_number || value(least) != 0.0);
    if let (Some(least), Some(greatest)) = (&least, &greatest)
        && value(least) > value(greatest)
    {
        return Vec::new();
    }
    for key in [min, max] {
        if number(key).is_some() {
            schema.get(key);
        }
    }
    let bounds = [("min", least), ("max", greatest)].into_iter();
    let bounds = bounds.filter_map(|(key, number)| Some((key, literal(&number?))));
    bounds.collect()
}

/// Returns a number in TOML, whose integers have 64 bits.
fn literal(number: &Number) -> String {
    match number.as_u64() {
        Some(large) if !number.is_i64() => format!("{large}.0"),
        _ => number.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers_of_more_than_63_bits_are_floats() {
        let large = 9_223_372_036_854_776_000_u64;
        assert_eq!(literal(&Number::from(large)), "9223372036854776000.0");
        assert_eq!(literal(&Number::from(-3)), "-3");
        assert_eq!(literal(&Number::from_f64(0.5).unwrap()), "0.5");
    }
}
