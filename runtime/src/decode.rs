//! From JSON to response types.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::json::{ReadError, Reader};

/// A value that can be read. Generated types implement it; so can others.
pub trait Decode: Sized {
    /// Reads the value that comes next.
    ///
    /// # Errors
    ///
    /// When something else comes next.
    fn decode(reader: &mut Reader<'_>) -> Result<Self, ReadError>;

    /// The value of a field that is not there, where there is one.
    fn absent() -> Option<Self> {
        None
    }
}

/// What a field holds at the end of its object.
pub fn finish<T: Decode>(
    found: Option<T>,
    reader: &Reader<'_>,
    name: &'static str,
) -> Result<T, ReadError> {
    found.or_else(T::absent).ok_or_else(|| reader.missing(name))
}

impl Decode for String {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, ReadError> {
        reader.string()
    }
}

impl Decode for bool {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, ReadError> {
        reader.boolean()
    }
}

impl Decode for i64 {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, ReadError> {
        reader.integer()
    }
}

impl Decode for f64 {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, ReadError> {
        reader.float()
    }
}

impl Decode for Value {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, ReadError> {
        reader.json()
    }
}

impl<T: Decode> Decode for Option<T> {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, ReadError> {
        if reader.null()? {
            Ok(None)
        } else {
            T::decode(reader).map(Some)
        }
    }

    fn absent() -> Option<Self> {
        Some(None)
    }
}

impl<T: Decode> Decode for Vec<T> {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, ReadError> {
        reader.list()?;
        let mut values = Self::new();
        while reader.item()? {
            values.push(T::decode(reader)?);
        }
        Ok(values)
    }
}

impl<T: Decode> Decode for BTreeMap<String, T> {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, ReadError> {
        reader.object()?;
        let mut values = Self::new();
        while let Some(key) = reader.entry()? {
            values.insert(key, T::decode(reader)?);
        }
        Ok(values)
    }
}
