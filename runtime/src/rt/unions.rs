//! Unions: enums of objects.

use super::enums::find_name;
use crate::codec::decode::Decode;
use crate::codec::json::{ReadError, Reader};
use crate::codec::types::RawJson;

/// Function that decodes the object that is next into one variant of `U`.
pub type DecodeVariant<U> = fn(&mut Reader<'_>) -> Result<U, ReadError>;

/// Decodes the object that is next into a variant.
pub fn decode_variant<T: Decode, U>(
    reader: &mut Reader<'_>,
    variant: fn(T) -> U,
) -> Result<U, ReadError> {
    Decode::decode(reader).map(variant)
}

/// Decodes the object that is next as the variant of its tag, given a row of tags for each variant,
/// or else as an unknown one.
pub fn decode_union<U>(
    target: &mut U,
    reader: &mut Reader<'_>,
    key: &str,
    tags: &[&[&str]],
    variants: &[DecodeVariant<U>],
    unknown: fn(RawJson) -> U,
) -> Result<(), ReadError> {
    let tag = reader.peek_tag(key)?;
    let index = tag.and_then(|tag| find_name(tags, &tag));
    *target = match index.and_then(|index| variants.get(index)) {
        Some(decode) => decode(reader)?,
        None => unknown(RawJson::decode(reader)?),
    };
    Ok(())
}

/// Returns the index of the first union variant of which the object that is next has a key.
///
/// The third element of a key is whether a null member counts.
pub fn find_variant_by_key(
    reader: &Reader<'_>,
    keys: &[(&str, usize, bool)],
) -> Result<Option<usize>, ReadError> {
    reader.peek_variant(keys)
}

/// A kind of JSON values, which the first token determines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JsonKind {
    /// A string.
    Text,
    /// A number that is an `i64`.
    Int,
    /// A number that is a `u64`.
    Uint,
    /// A number. Integers belong to another kind if there is one.
    Number,
    /// A boolean.
    Bool,
    /// A list.
    List,
    /// An object.
    Object,
}

/// Returns the index of the union variant whose kind the value that is next has.
pub fn find_variant_by_kind(reader: &mut Reader<'_>, kinds: &[JsonKind]) -> Option<usize> {
    let find = |kind: JsonKind| kinds.iter().position(|known| *known == kind);
    let kind = match reader.peek()? {
        b'"' => JsonKind::Text,
        b'[' => JsonKind::List,
        b'{' => JsonKind::Object,
        b't' | b'f' => JsonKind::Bool,
        b'-' | b'0'..=b'9' => {
            let int = find(JsonKind::Int).filter(|_| reader.clone().integer().is_ok());
            let uint = || find(JsonKind::Uint).filter(|_| reader.clone().unsigned().is_ok());
            return int.or_else(uint).or_else(|| find(JsonKind::Number));
        }
        _ => return None,
    };
    find(kind)
}
