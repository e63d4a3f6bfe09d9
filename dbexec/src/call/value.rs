//! Values of fields from text.

use api_spec::model::{Api, Builtin, Enum, Type};
use generated_client::api_runtime::codec::{Decode, Reader};
use generated_client::api_runtime::types::{
    Base64, Date, Decimal, DecimalText, IntText, IsoDuration, RawJson, SecondsText, Timestamp,
    UintText,
};
use serde_json::{Number, Value};

use crate::suggest;

/// Parses text as a value of a type. The digits of decimal numbers and of JSON are kept. Enums are open, so
/// that any text is a value of them.
///
/// # Errors
///
/// Returns the expected form of the text.
pub(super) fn parse(ty: &Type, text: &str) -> Result<RawJson, String> {
    let value = match ty.required() {
        Type::String | Type::Id(_) | Type::Enum(_) | Type::File => Some(string(text)),
        Type::Bool => text.parse().ok().map(|value| Value::Bool(value).into()),
        Type::Int => text
            .parse::<i64>()
            .ok()
            .map(|value| Value::from(value).into()),
        Type::Float => number(text),
        Type::Builtin(builtin) => of_builtin(*builtin, text),
        Type::Json
        | Type::RawJson
        | Type::Struct(_)
        | Type::Union(_)
        | Type::List(_)
        | Type::Map(_)
        | Type::Optional(_)
        | Type::Nullable(_) => text.parse().ok(),
    };
    value.ok_or_else(|| expected(ty))
}

/// Returns text as JSON.
pub(super) fn string(text: &str) -> RawJson {
    Value::from(text).into()
}

fn of_builtin(builtin: Builtin, text: &str) -> Option<RawJson> {
    match builtin {
        Builtin::Secret => Some(string(text)),
        Builtin::Base64 => checked::<Base64>(text),
        Builtin::IntText => checked::<IntText>(text),
        Builtin::UintText => checked::<UintText>(text),
        Builtin::DecimalText => checked::<DecimalText>(text),
        Builtin::Date => checked::<Date>(text),
        Builtin::Timestamp => checked::<Timestamp>(text),
        Builtin::Duration => checked::<IsoDuration>(text),
        Builtin::SecondsText => checked::<SecondsText>(text),
        Builtin::Decimal => text.parse::<Decimal>().ok()?.as_str().parse().ok(),
        Builtin::Uint => text
            .parse::<u64>()
            .ok()
            .map(|value| Value::from(value).into()),
        Builtin::UnixSeconds | Builtin::UnixMillis | Builtin::Seconds | Builtin::Millis => {
            number(text)
        }
    }
}

/// Returns text as JSON if it is a value of the type.
fn checked<T: Decode>(text: &str) -> Option<RawJson> {
    let json = string(text);
    let is_valid = T::decode(&mut Reader::new(json.as_str().as_bytes())).is_ok();
    is_valid.then_some(json)
}

/// Parses a number. An integer stays an integer.
fn number(text: &str) -> Option<RawJson> {
    if let Ok(whole) = text.parse::<i64>() {
        return Some(Value::from(whole).into());
    }
    let number = Number::from_f64(text.parse().ok()?)?;
    Some(Value::Number(number).into())
}

fn expected(ty: &Type) -> String {
    let name = match ty.required() {
        Type::Bool => "`true` or `false`",
        Type::Int | Type::Builtin(Builtin::IntText) => "an integer",
        Type::Builtin(Builtin::Uint | Builtin::UintText) => "an integer that is not negative",
        Type::Builtin(Builtin::Base64) => "Base64",
        Type::Builtin(Builtin::Date) => "a date, e.g. `2024-05-01`",
        Type::Builtin(Builtin::Timestamp) => "a time, e.g. `2024-05-01T12:00:00Z`",
        Type::Builtin(Builtin::Duration) => "a duration, e.g. `P1DT12H`",
        Type::Builtin(Builtin::SecondsText) => "seconds with their unit, e.g. `3.5s`",
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
            let parsed = parse(&ty, text).map(|json| json.parse().unwrap());
            assert_eq!(parsed, Ok(value), "{ty} {text}");
        }
    }

    #[test]
    fn digits_are_kept() {
        let digits = "0.10000000000000000000000000000001";
        assert_eq!(
            parse(&Type::Builtin(Builtin::Decimal), digits)
                .unwrap()
                .as_str(),
            digits
        );
        let object = format!(r#"{{"b": {digits}, "a": 1e400}}"#);
        let parsed = parse(&Type::Json, &object).unwrap();
        assert_eq!(parsed.as_str(), object);
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
            (
                Type::Builtin(Builtin::Date),
                "2024-13-01",
                "a date, e.g. `2024-05-01`",
            ),
            (
                Type::Builtin(Builtin::Timestamp),
                "noon",
                "a time, e.g. `2024-05-01T12:00:00Z`",
            ),
            (
                Type::Builtin(Builtin::Duration),
                "3.5s",
                "a duration, e.g. `P1DT12H`",
            ),
            (
                Type::Builtin(Builtin::SecondsText),
                "P1D",
                "seconds with their unit, e.g. `3.5s`",
            ),
            (Type::Builtin(Builtin::IntText), "1.5", "an integer"),
            (Type::Builtin(Builtin::Base64), "a b", "Base64"),
            (Type::Builtin(Builtin::DecimalText), "1,5", "a number"),
        ];
        for (ty, text, expected) in cases {
            assert_eq!(parse(&ty, text), Err(expected.to_owned()), "{ty} {text}");
        }
    }
}
