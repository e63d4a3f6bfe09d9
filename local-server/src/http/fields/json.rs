//! JSON bodies.

use std::collections::HashMap;
use std::fmt;

use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::names;
use crate::http::response::ErrorResponse;

/// Parses a JSON object. Returns the known fields.
pub(super) fn parse(body: &[u8]) -> Result<HashMap<&'static str, Value>, ErrorResponse> {
    let object: Object = serde_json::from_slice(body).map_err(|error| {
        ErrorResponse::bad_request(format!(
            "JsonParseException: the request body is not a JSON object: {error}"
        ))
    })?;
    Ok(object.0)
}

/// Value of a field. Arrays and objects are skipped.
pub(super) enum Value {
    Null,
    Text(String),
    Integer(String),
    Float,
    Other,
}

impl Value {
    /// Converts the value to text. Ids may also be integers of up to 64 bits; other numbers would
    /// lose digits.
    pub(super) fn into_text(self, name: &str) -> Result<Option<String>, ErrorResponse> {
        let is_id = name.ends_with("Id");
        match self {
            Self::Null => Ok(None),
            Self::Text(text) => Ok(Some(text)),
            Self::Integer(digits) if is_id => Ok(Some(digits)),
            Self::Float if is_id => Err(ErrorResponse::bad_request(format!(
                "JsonMappingException: {name} is not a 64-bit integer; send it as a string"
            ))),
            _ => Err(ErrorResponse::bad_request(format!(
                "JsonMappingException: {name} is not a string"
            ))),
        }
    }
}

struct Object(HashMap<&'static str, Value>);

impl<'de> Deserialize<'de> for Object {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // `deserialize_map` repeats a text of any length in its error.
        deserializer.deserialize_any(ObjectVisitor)
    }
}

struct ObjectVisitor;

impl<'de> Visitor<'de> for ObjectVisitor {
    type Value = Object;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Object, A::Error> {
        let mut fields = HashMap::new();
        while let Some(Name(name)) = map.next_key()? {
            match name {
                Some(name) => {
                    fields.insert(name, map.next_value()?);
                }
                None => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(Object(fields))
    }

    // The default method repeats the text in its error.
    fn visit_str<E: serde::de::Error>(self, _: &str) -> Result<Object, E> {
        Err(E::custom("invalid type: string, expected an object"))
    }
}

/// Name of a field, if it is known.
struct Name(Option<&'static str>);

impl<'de> Deserialize<'de> for Name {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_identifier(NameVisitor)
    }
}

struct NameVisitor;

impl Visitor<'_> for NameVisitor {
    type Value = Name;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a name")
    }

    fn visit_str<E>(self, name: &str) -> Result<Name, E> {
        Ok(Name(names::known(name)))
    }
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ValueVisitor)
    }
}

struct ValueVisitor;

impl<'de> Visitor<'de> for ValueVisitor {
    type Value = Value;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, _: bool) -> Result<Value, E> {
        Ok(Value::Other)
    }

    fn visit_u64<E>(self, number: u64) -> Result<Value, E> {
        Ok(Value::Integer(number.to_string()))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Value, E> {
        Ok(Value::Integer(number.to_string()))
    }

    fn visit_f64<E>(self, _: f64) -> Result<Value, E> {
        Ok(Value::Float)
    }

    fn visit_str<E>(self, text: &str) -> Result<Value, E> {
        Ok(Value::Text(text.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<Value, A::Error> {
        while sequence.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Value::Other)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Value::Other)
    }
}
