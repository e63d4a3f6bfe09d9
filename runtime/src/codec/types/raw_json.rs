//! JSON that is kept as text.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use serde_core::Deserialize;
use serde_json::Value;

use crate::codec::decode::{Decode, DecodeInto};
use crate::codec::encode::{Encode, Encoder};
use crate::codec::json::{ReadError, Reader};

/// Maximum number of characters of the text in the `Debug` form.
const MAX_DEBUG_CHARS: usize = 200;

/// Texts of frequent values, which need no allocation.
const STATIC_TEXTS: [&str; 6] = ["null", "true", "false", "[]", "{}", "\"\""];

/// A JSON value that is kept as text, without a tree of values in memory.
///
/// It is the type of fields declared as `raw`. The text was checked for its syntax, and is the one that
/// the server sent: the digits of numbers, duplicate keys and the white space between tokens are
/// preserved. Only an unpaired surrogate, which no other parser accepts, is replaced by `\ufffd`. Lists and objects are nested up to 127 levels deep.
///
/// A value is one allocation of the length of its text, independent of the response. `Display` writes
/// the text. Two values are equal if their texts are. serde's traits of generated types convert it from
/// and into a [`Value`].
///
/// # Examples
///
/// ```
/// use api_runtime::types::RawJson;
///
/// let point: RawJson = r#"{"x": 1.50, "y": 2}"#.parse().unwrap();
/// assert_eq!(point.as_str(), r#"{"x": 1.50, "y": 2}"#);
///
/// let map: std::collections::BTreeMap<String, f64> = point.parse().unwrap();
/// assert_eq!(map["x"], 1.5);
///
/// let list = RawJson::from(serde_json::json!(["a", null]));
/// assert_eq!(list.as_str(), r#"["a",null]"#);
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct RawJson(Cow<'static, str>);

impl RawJson {
    /// The value `null`.
    pub const NULL: Self = Self(Cow::Borrowed("null"));

    /// Takes the text of a value that was checked for its syntax.
    fn from_checked(text: Cow<'_, str>) -> Self {
        let known = STATIC_TEXTS.into_iter().find(|known| *known == text);
        Self(known.map_or_else(|| Cow::Owned(text.into_owned()), Cow::Borrowed))
    }

    /// Returns the text, without white space around it.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns whether the value is `null`.
    pub fn is_null(&self) -> bool {
        self.as_str() == "null"
    }

    /// Deserializes the value.
    ///
    /// # Errors
    ///
    /// Returns the error of [`serde_json::from_str`] if the value is not a `T`.
    pub fn parse<'a, T: Deserialize<'a>>(&'a self) -> serde_json::Result<T> {
        serde_json::from_str(self.as_str())
    }
}

impl Default for RawJson {
    /// Returns `null`.
    fn default() -> Self {
        Self::NULL
    }
}

impl FromStr for RawJson {
    type Err = ReadError;

    /// Checks the syntax of the text. White space around the value is removed.
    fn from_str(text: &str) -> Result<Self, ReadError> {
        let mut reader = Reader::new(text.as_bytes());
        let value = reader.raw_without_surrogates()?;
        reader.finish()?;
        Ok(Self::from_checked(value))
    }
}

impl From<Value> for RawJson {
    fn from(value: Value) -> Self {
        Self(Cow::Owned(value.to_string()))
    }
}

impl From<RawJson> for String {
    fn from(value: RawJson) -> Self {
        value.0.into_owned()
    }
}

impl fmt::Display for RawJson {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Writes the text, or its beginning and its length.
impl fmt::Debug for RawJson {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = self.as_str();
        match text.char_indices().nth(MAX_DEBUG_CHARS) {
            None => write!(f, "RawJson({text})"),
            Some((end, _)) => write!(f, "RawJson({}\u{2026} {} bytes)", &text[..end], text.len()),
        }
    }
}

impl DecodeInto for RawJson {
    fn decode_into(&mut self, reader: &mut Reader<'_>) -> Result<(), ReadError> {
        *self = Self::from_checked(reader.raw_without_surrogates()?);
        Ok(())
    }
}

impl Decode for RawJson {
    const EMPTY: Self = Self::NULL;
}

impl Encode for RawJson {
    fn encode(&self, encoder: &mut Encoder) {
        encoder.literal(self.as_str());
    }
}
