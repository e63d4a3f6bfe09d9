//! Values of fields from text.

use api_spec::model::{Api, Builtin, Enum, Type};
use generated_client::api_runtime::types::Decimal;
use serde_json::{Number, Value};

use crate::suggest;

/// Parses text as a value of a type. Enums are open, so that any text is a value of them.
///
/// # Errors
///
/// Returns the expected form of the text.
pub(super) fn parse(ty: &Type, text: &str) -> Result<Value, String> {
    let value = match ty.required() {
        Type::String | Type::Id(_) | Type::Enum(_) | Type::File => Some(Value::from(text)),
        Type::Bool => text.parse().ok().map(Value::Bool),
        Type::Int => text.parse::<i64>().ok().map(Value::from),
        Type::Float => number(text),
        Type::Builtin(builtin) => of_builtin(*builtin, text),
        Type::Json
        | Type::RawJson
        | Type::Struct(_)
        | Type::Union(_)
        | Type::List(_)
        | Type::Map(_)
        | Type::Optional(_)
        | Type::Nullable(_) => serde_json::from_str(text).ok(),
    };
    value.ok_or_else(|| expected(ty))
}

fn of_builtin(builtin: Builtin, text: &str) -> Option<Value> {
    if builtin == Builtin::Decimal {
        // A list is sent through `f64`; the text of a single value is sent as it is written.
        let number: Decimal = text.parse().ok()?;
        number.as_str().parse().ok().map(Value::Number)
    } else if builtin.is_text() {
        Some(Value::from(text))
    } else if builtin == Builtin::Uint {
        text.parse::<u64>().ok().map(Value::from)
    } else {
        number(text)
    }
}

/// Parses a number. An integer stays an integer.
fn number(text: &str) -> Option<Value> {
    if let Ok(whole) = text.parse::<i64>() {
        return Some(Value::from(whole));
    }
    Number::from_f64(text.parse().ok()?).map(Value::Number)
}

fn expected(ty: &Type) -> String {
    let name = match ty.required() {
        Type::Bool => "`true` or `false`",
        Type::Int => "an integer",
        Type::Builtin(Builtin::Uint) => "an integer that is not negative",
        Type::Float | Type::Builtin(_) => "a number",
        ty => return format!("JSON of the type `{ty}`"),
    };
    name.to_owned()
}

/// Returns a warning if a text is none of the values of an enum.
pub(super) fn unknown_value(api: &Api, field: &str, ty: &Type, text: &str) -> Option<String> {
    let Type::Enum(name) = ty.required() else {
        return None;
    };
    let item = api.enum_named(name)?;
    if is_known(item, text) {
        return None;
    }
    let values = || item.values.iter().map(|value| value.wire.as_str());
    let warning = format!("`{text}` is not a known value of `{field}`; it is sent unchanged");
    Some(match suggest::most_similar(text, values()) {
        Some(similar) => format!("{warning}. A similar value exists: `{similar}`"),
        None => warning,
    })
}

fn is_known(item: &Enum, text: &str) -> bool {
    item.values
        .iter()
        .any(|value| value.wire.as_str() == text || value.aliases.iter().any(|it| it == text))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn text_is_parsed_by_type() {
        let list = Type::List(Box::new(Type::Int));
        let cases = [
            (Type::String, "1", json!("1")),
            (Type::Bool, "true", json!(true)),
            (Type::Int, "-3", json!(-3)),
            (Type::Float, "2.5", json!(2.5)),
            (Type::Float, "2", json!(2)),
            (
                Type::Builtin(Builtin::Uint),
                "18446744073709551615",
                json!(u64::MAX),
            ),
            (
                Type::Builtin(Builtin::Timestamp),
                "2026-01-01T00:00:00Z",
                json!("2026-01-01T00:00:00Z"),
            ),
            (Type::Optional(Box::new(Type::Int)), "7", json!(7)),
            (list, "[1, 2]", json!([1, 2])),
        ];
        for (ty, text, value) in cases {
            assert_eq!(parse(&ty, text), Ok(value), "{ty} {text}");
        }
    }

    #[test]
    fn expected_form_is_named() {
        let cases = [
            (Type::Bool, "yes", "`true` or `false`"),
            (Type::Int, "1.5", "an integer"),
            (Type::Int, "9223372036854775808", "an integer"),
            (Type::Float, "NaN", "a number"),
            (
                Type::Builtin(Builtin::Uint),
                "-1",
                "an integer that is not negative",
            ),
            (
                Type::Map(Box::new(Type::String)),
                "a",
                "JSON of the type `{string}`",
            ),
        ];
        for (ty, text, expected) in cases {
            assert_eq!(parse(&ty, text), Err(expected.to_owned()), "{ty} {text}");
        }
    }
}
