//! From JSON to response types.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::codec::json::{ReadError, Reader};
use crate::codec::secret::Secret;

/// A place that takes a value from JSON.
///
/// It is an object-safe trait so that one function, compiled once, fills the fields of every
/// struct: what is generated for a struct is two lists, of names and of places.
pub trait DecodeInto {
    /// Takes the value that comes next.
    ///
    /// # Errors
    ///
    /// When something else comes next.
    fn decode_into(&mut self, reader: &mut Reader<'_>) -> Result<(), ReadError>;

    /// Whether the place may be left as it is.
    fn is_optional(&self) -> bool {
        false
    }
}

/// A value that can be read. Generated types implement it; so can others.
pub trait Decode: DecodeInto + Sized {
    /// What stands in the place before it is filled.
    const EMPTY: Self;

    /// Reads the value that comes next.
    ///
    /// # Errors
    ///
    /// When something else comes next.
    fn decode(reader: &mut Reader<'_>) -> Result<Self, ReadError> {
        let mut value = Self::EMPTY;
        value.decode_into(reader)?;
        Ok(value)
    }
}

/// Reads an object into places, one for each name. Other members are skipped; of two with the
/// same name the last counts.
///
/// # Errors
///
/// When no object comes next, a value does not fit its place, or one is missing.
pub fn decode_fields(
    reader: &mut Reader<'_>,
    names: &'static [&'static str],
    places: &mut [&mut dyn DecodeInto],
) -> Result<(), ReadError> {
    let mut filled = Filled::new(places.len());
    reader.begin_object()?;
    while let Some(index) = reader.next_field(names)? {
        if let Some(place) = places.get_mut(index) {
            place.decode_into(reader)?;
            filled.insert(index);
        }
    }
    for (index, (place, name)) in places.iter().zip(names).enumerate() {
        if !filled.contains(index) && !place.is_optional() {
            return Err(reader.missing(name));
        }
    }
    Ok(())
}

/// A place that has a value before it is filled: nothing and null leave it there.
pub struct Defaulted<'a>(pub &'a mut dyn DecodeInto);

impl DecodeInto for Defaulted<'_> {
    fn decode_into(&mut self, reader: &mut Reader<'_>) -> Result<(), ReadError> {
        if reader.try_null()? {
            return Ok(());
        }
        self.0.decode_into(reader)
    }

    fn is_optional(&self) -> bool {
        true
    }
}

/// A set of small numbers: in one word where they fit, as nearly all objects' fields do.
enum Filled {
    Few(u64),
    Many(Vec<bool>),
}

impl Filled {
    fn new(count: usize) -> Self {
        if count <= 64 {
            Self::Few(0)
        } else {
            Self::Many(vec![false; count])
        }
    }

    fn insert(&mut self, index: usize) {
        match self {
            Self::Few(bits) => *bits |= 1 << index,
            Self::Many(flags) => flags[index] = true,
        }
    }

    fn contains(&self, index: usize) -> bool {
        match self {
            Self::Few(bits) => bits & (1 << index) != 0,
            Self::Many(flags) => flags[index],
        }
    }
}

impl DecodeInto for String {
    fn decode_into(&mut self, reader: &mut Reader<'_>) -> Result<(), ReadError> {
        *self = reader.string()?;
        Ok(())
    }
}

impl Decode for String {
    const EMPTY: Self = Self::new();
}

impl DecodeInto for bool {
    fn decode_into(&mut self, reader: &mut Reader<'_>) -> Result<(), ReadError> {
        *self = reader.boolean()?;
        Ok(())
    }
}

impl Decode for bool {
    const EMPTY: Self = false;
}

impl DecodeInto for i64 {
    fn decode_into(&mut self, reader: &mut Reader<'_>) -> Result<(), ReadError> {
        *self = reader.integer()?;
        Ok(())
    }
}

impl Decode for i64 {
    const EMPTY: Self = 0;
}

impl DecodeInto for u64 {
    fn decode_into(&mut self, reader: &mut Reader<'_>) -> Result<(), ReadError> {
        *self = reader.unsigned()?;
        Ok(())
    }
}

impl Decode for u64 {
    const EMPTY: Self = 0;
}

impl DecodeInto for Secret {
    fn decode_into(&mut self, reader: &mut Reader<'_>) -> Result<(), ReadError> {
        *self = Self::new(reader.string()?);
        Ok(())
    }
}

impl Decode for Secret {
    const EMPTY: Self = Self::EMPTY;
}

impl DecodeInto for f64 {
    fn decode_into(&mut self, reader: &mut Reader<'_>) -> Result<(), ReadError> {
        *self = reader.float()?;
        Ok(())
    }
}

impl Decode for f64 {
    const EMPTY: Self = 0.0;
}

impl DecodeInto for Value {
    fn decode_into(&mut self, reader: &mut Reader<'_>) -> Result<(), ReadError> {
        *self = reader.json()?;
        Ok(())
    }
}

impl Decode for Value {
    const EMPTY: Self = Self::Null;
}

impl<T: Decode> DecodeInto for Option<T> {
    fn decode_into(&mut self, reader: &mut Reader<'_>) -> Result<(), ReadError> {
        *self = if reader.try_null()? {
            None
        } else {
            Some(T::decode(reader)?)
        };
        Ok(())
    }

    fn is_optional(&self) -> bool {
        true
    }
}

impl<T: Decode> Decode for Option<T> {
    const EMPTY: Self = None;
}

impl<T: Decode> DecodeInto for Vec<T> {
    fn decode_into(&mut self, reader: &mut Reader<'_>) -> Result<(), ReadError> {
        self.clear();
        reader.begin_list()?;
        while reader.next_item()? {
            if self.is_empty() {
                self.reserve_exact(reader.likely_length());
            }
            self.push(T::decode(reader)?);
        }
        reader.had_length(self.len());
        Ok(())
    }
}

impl<T: Decode> Decode for Vec<T> {
    const EMPTY: Self = Self::new();
}

impl<T: Decode> DecodeInto for BTreeMap<String, T> {
    fn decode_into(&mut self, reader: &mut Reader<'_>) -> Result<(), ReadError> {
        self.clear();
        reader.begin_object()?;
        while let Some(key) = reader.next_entry()? {
            self.insert(key, T::decode(reader)?);
        }
        Ok(())
    }
}

impl<T: Decode> Decode for BTreeMap<String, T> {
    const EMPTY: Self = Self::new();
}
