//! The traits of `serde` for generated types, on the basis of their JSON form.
//!
//! Both directions convert through a [`serde_json::Value`]. That is slower than decoding a response,
//! but it takes a single function for all types.

use serde_core::de::Error as _;
use serde_core::ser::Error as _;
use serde_core::{Deserialize as _, Deserializer, Serialize as _, Serializer};
use serde_json::Value;

use crate::codec::decode::Decode;
use crate::codec::encode::{self, Encode};
use crate::codec::json::Reader;

/// Serializes a value with any serializer.
///
/// # Errors
///
/// Errors of the serializer, and of a value that cannot be encoded as JSON.
pub fn serialize<S: Serializer>(value: &dyn Encode, serializer: S) -> Result<S::Ok, S::Error> {
    let json = encode::to_json(value).map_err(S::Error::custom)?;
    let tree: Value = serde_json::from_slice(&json).map_err(S::Error::custom)?;
    tree.serialize(serializer)
}

/// Deserializes a value with any self-describing deserializer.
///
/// # Errors
///
/// Errors of the deserializer, and of JSON that does not have the structure of the type.
pub fn deserialize<'de, T: Decode, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    let json = Value::deserialize(deserializer)?.to_string();
    let mut reader = Reader::new(json.as_bytes());
    reader.read_all_fields();
    T::decode(&mut reader).map_err(|error| D::Error::custom(error.describe(json.as_bytes())))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn numbers_that_are_not_finite_are_not_serialized() {
        for number in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
            let map = BTreeMap::from([("rate".to_owned(), vec![0.5, number])]);
            let error = serialize(&map, serde_json::value::Serializer).unwrap_err();
            let message = error.to_string();
            assert!(
                message.contains("`rate` must be a finite number"),
                "{message}"
            );
        }
    }
}
