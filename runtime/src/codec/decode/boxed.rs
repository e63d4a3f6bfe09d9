//! Optional fields in a `Box`.

use super::traits::{Decode, DecodeInto};
use crate::codec::json::{ReadError, Reader};
use crate::codec::types::Nullable;

/// A place for an optional value in a `Box`.
///
/// `Box` itself implements no [`Decode`], because the value that is decoded into is a constant.
pub struct Boxed<'a, T>(pub &'a mut T);

impl<T: Decode> DecodeInto for Boxed<'_, Option<Box<T>>> {
    fn decode_into(&mut self, reader: &mut Reader<'_>) -> Result<(), ReadError> {
        *self.0 = Option::<T>::decode(reader)?.map(Box::new);
        Ok(())
    }

    fn is_optional(&self) -> bool {
        true
    }
}

impl<T: Decode> DecodeInto for Boxed<'_, Nullable<Box<T>>> {
    fn decode_into(&mut self, reader: &mut Reader<'_>) -> Result<(), ReadError> {
        *self.0 = Option::<T>::decode(reader)?.map(Box::new).into();
        Ok(())
    }

    fn is_optional(&self) -> bool {
        true
    }
}
