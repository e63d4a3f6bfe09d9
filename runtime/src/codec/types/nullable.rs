//! Values that distinguish absent from null.

use crate::codec::decode::{Decode, DecodeInto};
use crate::codec::encode::{Encode, Encoder, Shape};
use crate::codec::json::{ReadError, Reader};

/// A member of an object that may be absent, null or a value.
///
/// It is the type of fields declared as `T??`. Many APIs keep the stored value if a member is absent
/// from an update, and delete it if the member is null. In queries and forms, null is an empty value.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Nullable<T> {
    /// The member is absent.
    #[default]
    Absent,
    /// The member is null.
    Null,
    /// The member has a value.
    Value(T),
}

impl<T> Nullable<T> {
    /// Returns the value, or `None` if the member is absent or null.
    pub fn value(&self) -> Option<&T> {
        match self {
            Self::Value(value) => Some(value),
            Self::Absent | Self::Null => None,
        }
    }

    /// Converts into the value, or `None` if the member is absent or null.
    pub fn into_value(self) -> Option<T> {
        match self {
            Self::Value(value) => Some(value),
            Self::Absent | Self::Null => None,
        }
    }
}

impl<T> From<Option<T>> for Nullable<T> {
    /// Converts `None` into null.
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Self::Value)
    }
}

impl<T: Encode> Encode for Nullable<T> {
    fn encode(&self, encoder: &mut Encoder) {
        match self {
            Self::Value(value) => value.encode(encoder),
            Self::Absent | Self::Null => encoder.null(),
        }
    }

    fn shape(&self) -> Shape<'_> {
        match self {
            Self::Absent => Shape::Absent,
            Self::Null => Shape::Value,
            Self::Value(value) => value.shape(),
        }
    }
}

impl<T: Decode> DecodeInto for Nullable<T> {
    fn decode_into(&mut self, reader: &mut Reader<'_>) -> Result<(), ReadError> {
        *self = if reader.try_null()? {
            Self::Null
        } else {
            Self::Value(T::decode(reader)?)
        };
        Ok(())
    }

    fn is_optional(&self) -> bool {
        true
    }
}

impl<T: Decode> Decode for Nullable<T> {
    #[inline]
    fn empty() -> Self {
        Self::Absent
    }
}
