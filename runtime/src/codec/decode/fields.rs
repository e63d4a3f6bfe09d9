//! Objects with a fixed set of fields.

use super::traits::DecodeInto;
use crate::codec::json::{ReadError, Reader};

/// Decodes the members of an object into one place per name.
///
/// Members with other names are skipped. Of several members with the same name the last is kept.
///
/// # Errors
///
/// If something else than an object is next, a value does not fit into its place, or a member that
/// is not optional is missing.
pub fn decode_fields(
    reader: &mut Reader<'_>,
    names: &'static [&'static str],
    places: &mut [&mut dyn DecodeInto],
) -> Result<(), ReadError> {
    let mut decoded = IndexSet::with_len(places.len());
    reader.begin_object()?;
    while let Some(index) = reader.next_field(names)? {
        if let Some(place) = places.get_mut(index) {
            place.decode_into(reader)?;
            decoded.insert(index);
        }
    }
    for (index, (place, name)) in places.iter().zip(names).enumerate() {
        if !decoded.contains(index) && !place.is_optional() {
            return Err(reader.missing(name));
        }
    }
    Ok(())
}

/// A place with a default, which it keeps if the member is missing or null.
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

/// A set of indices, without an allocation for up to 64 fields.
enum IndexSet {
    Bits(u64),
    Flags(Vec<bool>),
}

impl IndexSet {
    fn with_len(len: usize) -> Self {
        if len <= 64 {
            Self::Bits(0)
        } else {
            Self::Flags(vec![false; len])
        }
    }

    fn insert(&mut self, index: usize) {
        match self {
            Self::Bits(bits) => *bits |= 1 << index,
            Self::Flags(flags) => flags[index] = true,
        }
    }

    fn contains(&self, index: usize) -> bool {
        match self {
            Self::Bits(bits) => bits & (1 << index) != 0,
            Self::Flags(flags) => flags[index],
        }
    }
}
