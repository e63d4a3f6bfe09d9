//! Kinds of the values of TOML.

use toml::de::DeValue;

use crate::language::Kind;
use crate::model::{Float, Literal};

/// Returns whether a value can be of the kind.
pub(super) fn is_of_kind(kind: &Kind, value: &DeValue<'_>) -> bool {
    match kind {
        Kind::String(_) => value.is_str(),
        Kind::StringList(_) | Kind::StatusList | Kind::List(_) => value.is_array(),
        Kind::OrList(single, _) => value.is_array() || is_of_kind(single, value),
        Kind::Bool => value.is_bool(),
        Kind::Table(_) | Kind::Map(..) => value.is_table(),
        Kind::StringOr(_, inner) => value.is_str() || is_of_kind(inner, value),
        Kind::Number => value.is_integer() || value.is_float(),
        Kind::Scalar => !value.is_array() && !value.is_table(),
    }
}

/// Returns a finite number of 64 bits.
pub(super) fn number_of(value: &DeValue<'_>) -> Option<Literal> {
    match value {
        DeValue::Integer(number) => i64::from_str_radix(number.as_str(), number.radix())
            .ok()
            .map(Literal::Int),
        DeValue::Float(number) => {
            let number: f64 = number.as_str().parse().ok()?;
            number.is_finite().then_some(Literal::Float(Float(number)))
        }
        _ => None,
    }
}

/// Returns the kind of a value, in messages.
pub(super) fn kind_of(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::Integer(_) if number_of(value).is_none() => "an integer out of range",
        DeValue::Float(_) if number_of(value).is_none() => "a number that is not finite",
        DeValue::String(_) => "a string",
        DeValue::Integer(_) => "an integer",
        DeValue::Float(_) => "a number",
        DeValue::Boolean(_) => "a boolean",
        DeValue::Datetime(_) => "a date or time",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}
