//! Generated types as those of `serde`, through the JSON that the API speaks.
//!
//! They take the long way round, over a tree: it is one function for all types, and for logs and
//! files rather than for answers.

use serde_core::de::Error as _;
use serde_core::ser::Error as _;
use serde_core::{Deserialize as _, Deserializer, Serialize as _, Serializer};
use serde_json::Value;

use crate::codec::decode::Decode;
use crate::codec::encode::{self, Encode};
use crate::codec::json::Reader;

/// Writes a value with any format of `serde`.
///
/// # Errors
///
/// Those of the format, and a number that JSON does not have.
pub fn serialize<S: Serializer>(value: &dyn Encode, serializer: S) -> Result<S::Ok, S::Error> {
    let json = encode::to_json(value).map_err(S::Error::custom)?;
    let tree: Value = serde_json::from_slice(&json).map_err(S::Error::custom)?;
    tree.serialize(serializer)
}

/// Reads a value from any format of `serde` that tells what comes next.
///
/// # Errors
///
/// Those of the format, and what is not as described.
pub fn deserialize<'de, T: Decode, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    let json = Value::deserialize(deserializer)?.to_string();
    let mut reader = Reader::new(json.as_bytes());
    T::decode(&mut reader).map_err(|error| D::Error::custom(error.describe(json.as_bytes())))
}
