//! Values of standard types.

use std::collections::BTreeMap;

use serde_json::Value;

use super::traits::{Decode, DecodeInto};
use crate::codec::json::{ReadError, Reader};
use crate::codec::secret::Secret;

impl DecodeInto for String {
    fn decode_into(&mut self, reader: &mut Reader<'_>) -> Result<(), ReadError> {
        *self = reader.string()?;
        Ok(())
    }
}

impl Decode for String {
    #[inline]
    fn empty() -> Self {
        Self::new()
    }
}

impl DecodeInto for bool {
    fn decode_into(&mut self, reader: &mut Reader<'_>) -> Result<(), ReadError> {
        *self = reader.boolean()?;
        Ok(())
    }
}

impl Decode for bool {
    #[inline]
    fn empty() -> Self {
        false
    }
}

impl DecodeInto for i64 {
    fn decode_into(&mut self, reader: &mut Reader<'_>) -> Result<(), ReadError> {
        *self = reader.integer()?;
        Ok(())
    }
}

impl Decode for i64 {
    #[inline]
    fn empty() -> Self {
        0
    }
}

impl DecodeInto for u64 {
    fn decode_into(&mut self, reader: &mut Reader<'_>) -> Result<(), ReadError> {
        *self = reader.unsigned()?;
        Ok(())
    }
}

impl Decode for u64 {
    #[inline]
    fn empty() -> Self {
        0
    }
}

impl DecodeInto for Secret {
    fn decode_into(&mut self, reader: &mut Reader<'_>) -> Result<(), ReadError> {
        *self = Self::new(reader.string()?);
        Ok(())
    }
}

impl Decode for Secret {
    #[inline]
    fn empty() -> Self {
        Self::new("")
    }
}

impl DecodeInto for f64 {
    fn decode_into(&mut self, reader: &mut Reader<'_>) -> Result<(), ReadError> {
        *self = reader.float()?;
        Ok(())
    }
}

impl Decode for f64 {
    #[inline]
    fn empty() -> Self {
        0.0
    }
}

impl DecodeInto for Value {
    fn decode_into(&mut self, reader: &mut Reader<'_>) -> Result<(), ReadError> {
        *self = reader.json()?;
        Ok(())
    }
}

impl Decode for Value {
    #[inline]
    fn empty() -> Self {
        Self::Null
    }
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
    #[inline]
    fn empty() -> Self {
        None
    }
}

impl<T: Decode> DecodeInto for Vec<T> {
    fn decode_into(&mut self, reader: &mut Reader<'_>) -> Result<(), ReadError> {
        self.clear();
        reader.begin_list()?;
        while reader.next_item()? {
            if self.is_empty() {
                self.reserve_exact(reader.expected_length());
            }
            self.push(T::decode(reader)?);
        }
        reader.record_length(self.len());
        Ok(())
    }
}

impl<T: Decode> Decode for Vec<T> {
    #[inline]
    fn empty() -> Self {
        Self::new()
    }
}

impl<T: Decode> DecodeInto for BTreeMap<String, T> {
    fn decode_into(&mut self, reader: &mut Reader<'_>) -> Result<(), ReadError> {
        self.clear();
        reader.begin_object()?;
        while let Some(key) = reader.next_entry()? {
            self.insert(key.into_owned(), T::decode(reader)?);
        }
        Ok(())
    }
}

impl<T: Decode> Decode for BTreeMap<String, T> {
    #[inline]
    fn empty() -> Self {
        Self::new()
    }
}
