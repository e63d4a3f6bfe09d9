//! From JSON to response types.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::codec::json::{ReadError, Reader};
use crate::codec::secret::Secret;

/// A place that takes a value from JSON.
///
/// It is an object-safe trait so that one function, compiled once, fills the fields of every
/// struct: what is generated for a struct is two lists, of names and of places.
pub trait Fill {
    /// Takes the value that comes next.
    ///
    /// # Errors
    ///
    /// When something else comes next.
    fn fill(&mut self, reader: &mut Reader<'_>) -> Result<(), ReadError>;

    /// Whether the place may be left as it is.
    fn may_be_absent(&self) -> bool {
        false
    }
}

/// A value that can be read. Generated types implement it; so can others.
pub trait Decode: Fill + Sized {
    /// What stands in the place before it is filled.
    const BLANK: Self;

    /// Reads the value that comes next.
    ///
    /// # Errors
    ///
    /// When something else comes next.
    fn decode(reader: &mut Reader<'_>) -> Result<Self, ReadError> {
        let mut value = Self::BLANK;
        value.fill(reader)?;
        Ok(value)
    }
}

/// Reads an object into places, one for each name. Other members are skipped; of two with the
/// same name the last counts.
///
/// # Errors
///
/// When no object comes next, a value does not fit its place, or one is missing.
pub fn fill_fields(
    reader: &mut Reader<'_>,
    names: &'static [&'static str],
    places: &mut [&mut dyn Fill],
) -> Result<(), ReadError> {
    let mut filled = Filled::new(places.len());
    reader.object()?;
    while let Some(index) = reader.field(names)? {
        if let Some(place) = places.get_mut(index) {
            place.fill(reader)?;
            filled.insert(index);
        }
    }
    for (index, (place, name)) in places.iter().zip(names).enumerate() {
        if !filled.contains(index) && !place.may_be_absent() {
            return Err(reader.missing(name));
        }
    }
    Ok(())
}

/// A place that has a value before it is filled: nothing and null leave it there.
pub struct Defaulted<'a>(pub &'a mut dyn Fill);

impl Fill for Defaulted<'_> {
    fn fill(&mut self, reader: &mut Reader<'_>) -> Result<(), ReadError> {
        if reader.null()? {
            return Ok(());
        }
        self.0.fill(reader)
    }

    fn may_be_absent(&self) -> bool {
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

impl Fill for String {
    fn fill(&mut self, reader: &mut Reader<'_>) -> Result<(), ReadError> {
        *self = reader.string()?;
        Ok(())
    }
}

impl Decode for String {
    const BLANK: Self = Self::new();
}

impl Fill for bool {
    fn fill(&mut self, reader: &mut Reader<'_>) -> Result<(), ReadError> {
        *self = reader.boolean()?;
        Ok(())
    }
}

impl Decode for bool {
    const BLANK: Self = false;
}

impl Fill for i64 {
    fn fill(&mut self, reader: &mut Reader<'_>) -> Result<(), ReadError> {
        *self = reader.integer()?;
        Ok(())
    }
}

impl Decode for i64 {
    const BLANK: Self = 0;
}

impl Fill for u64 {
    fn fill(&mut self, reader: &mut Reader<'_>) -> Result<(), ReadError> {
        *self = reader.unsigned()?;
        Ok(())
    }
}

impl Decode for u64 {
    const BLANK: Self = 0;
}

impl Fill for Secret {
    fn fill(&mut self, reader: &mut Reader<'_>) -> Result<(), ReadError> {
        *self = Self::new(reader.string()?);
        Ok(())
    }
}

impl Decode for Secret {
    const BLANK: Self = Self::EMPTY;
}

impl Fill for f64 {
    fn fill(&mut self, reader: &mut Reader<'_>) -> Result<(), ReadError> {
        *self = reader.float()?;
        Ok(())
    }
}

impl Decode for f64 {
    const BLANK: Self = 0.0;
}

impl Fill for Value {
    fn fill(&mut self, reader: &mut Reader<'_>) -> Result<(), ReadError> {
        *self = reader.json()?;
        Ok(())
    }
}

impl Decode for Value {
    const BLANK: Self = Self::Null;
}

impl<T: Decode> Fill for Option<T> {
    fn fill(&mut self, reader: &mut Reader<'_>) -> Result<(), ReadError> {
        *self = if reader.null()? {
            None
        } else {
            Some(T::decode(reader)?)
        };
        Ok(())
    }

    fn may_be_absent(&self) -> bool {
        true
    }
}

impl<T: Decode> Decode for Option<T> {
    const BLANK: Self = None;
}

impl<T: Decode> Fill for Vec<T> {
    fn fill(&mut self, reader: &mut Reader<'_>) -> Result<(), ReadError> {
        self.clear();
        reader.list()?;
        while reader.item()? {
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
    const BLANK: Self = Self::new();
}

impl<T: Decode> Fill for BTreeMap<String, T> {
    fn fill(&mut self, reader: &mut Reader<'_>) -> Result<(), ReadError> {
        self.clear();
        reader.object()?;
        while let Some(key) = reader.entry()? {
            self.insert(key, T::decode(reader)?);
        }
        Ok(())
    }
}

impl<T: Decode> Decode for BTreeMap<String, T> {
    const BLANK: Self = Self::new();
}
