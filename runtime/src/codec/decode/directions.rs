//! Places for fields that exist in one direction.

use super::traits::{Decode, DecodeInto};
use crate::codec::json::{ReadError, Reader};

/// A place for a field of requests. It keeps its value, unless the flag is set for the representation in
/// serde: a server may send a placeholder, which would replace the value if it is sent back.
pub struct RequestPlace<'a>(pub &'a mut dyn DecodeInto, pub bool);

impl DecodeInto for RequestPlace<'_> {
    fn decode_into(&mut self, reader: &mut Reader<'_>) -> Result<(), ReadError> {
        if self.1 {
            self.0.decode_into(reader)
        } else {
            reader.skip()
        }
    }

    fn is_optional(&self) -> bool {
        true
    }
}

/// A place for a field that responses must have. With the flag, for the representation in serde, it may
/// be missing, as in a value that is sent.
pub struct ResponsePlace<'a, T>(pub &'a mut Option<T>, pub bool);

impl<T: Decode> DecodeInto for ResponsePlace<'_, T> {
    fn decode_into(&mut self, reader: &mut Reader<'_>) -> Result<(), ReadError> {
        *self.0 = Some(T::decode(reader)?);
        Ok(())
    }

    fn is_optional(&self) -> bool {
        self.1
    }
}
