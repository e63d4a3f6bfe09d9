//! Traits of values that can be decoded.

use crate::codec::json::{ReadError, Reader};

/// A place into which a JSON value is decoded.
///
/// Decoding into a place, instead of returning a value, makes the trait object-safe. A single
/// function, [`decode_fields`](crate::rt::decode_fields), can therefore decode the objects of every
/// struct, and the code that is generated for a struct is a list of names and a list of places. That
/// costs less to compile than a function per struct that is generic over a deserializer.
pub trait DecodeInto {
    /// Reads the value that is next and stores it.
    ///
    /// # Errors
    ///
    /// If another kind of value is next.
    fn decode_into(&mut self, reader: &mut Reader<'_>) -> Result<(), ReadError>;

    /// Returns whether the member of an object may be missing, so that the place keeps its value.
    fn is_optional(&self) -> bool {
        false
    }
}

/// A value that can be decoded from JSON. Generated types implement it.
///
/// # Examples
///
/// ```
/// use api_runtime::codec::{Decode, DecodeInto, ReadError, Reader};
///
/// #[derive(Debug, PartialEq)]
/// struct Percent(i64);
///
/// impl DecodeInto for Percent {
///     fn decode_into(&mut self, reader: &mut Reader<'_>) -> Result<(), ReadError> {
///         self.0 = reader.integer()?;
///         if !(0..=100).contains(&self.0) {
///             return Err(reader.invalid("a percentage"));
///         }
///         Ok(())
///     }
/// }
///
/// impl Decode for Percent {
///     fn empty() -> Self {
///         Self(0)
///     }
/// }
///
/// assert_eq!(Percent::decode(&mut Reader::new(b"40")).unwrap(), Percent(40));
/// let error = Percent::decode(&mut Reader::new(b"400")).unwrap_err();
/// assert_eq!(error.to_string(), "at byte 2: invalid value, expected a percentage");
/// ```
pub trait Decode: DecodeInto + Sized {
    /// Returns the value that is decoded into.
    fn empty() -> Self;

    /// Reads the value that is next.
    ///
    /// # Errors
    ///
    /// If another kind of value is next.
    fn decode(reader: &mut Reader<'_>) -> Result<Self, ReadError> {
        let mut value = Self::empty();
        value.decode_into(reader)?;
        Ok(value)
    }
}
