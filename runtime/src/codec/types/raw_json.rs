//! JSON that is kept as text.

use std::fmt;
use std::str::FromStr;

use serde_core::Deserialize;
use serde_json::Value;

use crate::codec::decode::{Decode, DecodeInto};
use crate::codec::encode::{Encode, Encoder};
use crate::codec::json::{ReadError, Reader, TableSize};

/// Maximum number of characters of the text in the `Debug` form.
const MAX_DEBUG_CHARS: usize = 200;

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
pub struct RawJson {
    /// `None` is null.
    text: Option<Box<str>>,
    size: PackedSize,
}

impl RawJson {
    /// The value `null`.
    pub const NULL: Self = Self {
        text: None,
        size: PackedSize::UNKNOWN,
    };

    /// Reads the value that is next.
    fn read(reader: &mut Reader<'_>) -> Result<Self, ReadError> {
        let (text, size) = reader.paired_raw()?;
        if text == "null" {
            return Ok(Self::NULL);
        }
        Ok(Self {
            text: Some(text.into()),
            size: size.map_or(PackedSize::UNKNOWN, PackedSize::pack),
        })
    }

    /// Returns the text, without white space around it.
    pub fn as_str(&self) -> &str {
        self.text.as_deref().unwrap_or("null")
    }

    /// Returns the number of rows and the number of cells of the longest row, if the value is a list
    /// of lists. They were determined when the syntax was checked.
    pub fn table_size(&self) -> Option<(usize, usize)> {
        self.size.unpack()
    }

    /// Returns whether the value is `null`.
    pub fn is_null(&self) -> bool {
        self.text.is_none()
    }

    /// Returns a reader at the start of the text.
    pub fn reader(&self) -> Reader<'_> {
        Reader::of_checked(self.as_str())
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
        let value = Self::read(&mut reader)?;
        reader.finish()?;
        Ok(value)
    }
}

impl From<Value> for RawJson {
    fn from(value: Value) -> Self {
        // The text of a value is valid, unless it is nested too deeply to be read again.
        let text = value.to_string();
        text.parse().unwrap_or_else(|_| Self {
            text: Some(text.into()),
            size: PackedSize::UNKNOWN,
        })
    }
}

impl From<RawJson> for String {
    fn from(value: RawJson) -> Self {
        value.text.map_or_else(|| "null".to_owned(), String::from)
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
        *self = Self::read(reader)?;
        Ok(())
    }
}

impl Decode for RawJson {
    #[inline]
    fn empty() -> Self {
        Self::NULL
    }
}

impl Encode for RawJson {
    fn encode(&self, encoder: &mut Encoder) {
        encoder.raw_json(self.as_str());
    }
}

/// Size of a list of lists in eight bytes.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct PackedSize {
    rows: u32,
    longest_row: u32,
}

impl PackedSize {
    const UNKNOWN: Self = Self {
        rows: u32::MAX,
        longest_row: u32::MAX,
    };

    fn pack(size: TableSize) -> Self {
        let pack = |count: usize| u32::try_from(count).ok();
        let packed = pack(size.rows).zip(pack(size.longest_row));
        packed.map_or(Self::UNKNOWN, |(rows, longest_row)| Self {
            rows,
            longest_row,
        })
    }

    fn unpack(self) -> Option<(usize, usize)> {
        if self == Self::UNKNOWN {
            return None;
        }
        let unpack = |count| usize::try_from(count).ok();
        unpack(self.rows).zip(unpack(self.longest_row))
    }
}
