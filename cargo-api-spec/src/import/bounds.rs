//! What may be sent for a field.

use serde_json::Number;

use super::draft::Ty;
use crate::json::Json;

/// `min` and `max` of a field of this type, as far as the schema says them itself and they can be
/// kept.
pub(super) fn bounds(schema: &Json, ty: &Ty) -> Vec<(&'static str, String)> {
    let (min, max) = match ty.present() {
        Ty::Plain("int" | "uint" | "float") => ("minimum", "maximum"),
        Ty::Plain("string") => ("minLength", "maxLength"),
        Ty::List(_) => ("minItems", "maxItems"),
        Ty::Map(_) => ("minProperties", "maxProperties"),
        Ty::Plain(_) | Ty::Named(_) | Ty::Optional(_) => return Vec::new(),
    };
    let float = *ty.present() == Ty::Plain("float");
    let number = |key: &str| match schema.get(key) {
        Some(Json::Number(number)) => Some(number).filter(|number| float || number.is_i64()),
        _ => None,
    };
    let (least, greatest) = (number(min), number(max));
    let value = |number: Option<&Number>| number.and_then(Number::as_f64);
    // No word is needed for what is always so.
    let least = least.filter(|least| min == "minimum" || value(Some(least)) != Some(0.0));
    if let (Some(least), Some(greatest)) = (value(least), value(greatest))
        && least > greatest
    {
        return Vec::new();
    }
    let pairs = [("min", least), ("max", greatest)].into_iter();
    let pairs = pairs.filter_map(|(key, number)| Some((key, number?.to_string())));
    pairs.collect()
}
