//! Open enums of strings.

use crate::codec::decode::{Decode, DecodeInto};
use crate::codec::json::{ReadError, Reader};

/// Returns the index of the row with this name. If no name is equal, ASCII case is ignored, unless names
/// of several rows differ only in case.
pub fn find_name(rows: &[&[&str]], name: &str) -> Option<usize> {
    // Not generic over the items, so that the program contains it once and not once per enum.
    let find = |start: usize, matches: fn(&str, &str) -> bool| {
        let mut rows = rows.iter().enumerate().skip(start);
        let found = rows.find(|(_, row)| row.iter().any(|known| matches(known, name)));
        found.map(|(index, _)| index)
    };
    let exact = find(0, |known, name| known == name);
    exact.or_else(|| {
        let first = find(0, str::eq_ignore_ascii_case)?;
        let is_unique = find(first + 1, str::eq_ignore_ascii_case).is_none();
        is_unique.then_some(first)
    })
}

/// Enum of strings with a variant for unknown values.
pub trait OpenEnum: Clone + 'static {
    /// The values of the enum.
    const VALUES: EnumValues<Self>;
}

/// Values of an [`OpenEnum`].
pub struct EnumValues<T: 'static> {
    /// A row of names for each variant but the one for unknown values.
    pub names: &'static [&'static [&'static str]],
    /// The variants in the order of the rows.
    pub variants: &'static [T],
    /// The variant for unknown values.
    pub unknown: fn(String) -> T,
}

/// Returns the variant of a value.
pub fn parse_enum<T: OpenEnum>(value: &str) -> T {
    variant(find_name(T::VALUES.names, value).ok_or_else(|| value.to_owned()))
}

impl<T: OpenEnum> DecodeInto for T {
    fn decode_into(&mut self, reader: &mut Reader<'_>) -> Result<(), ReadError> {
        *self = variant(decode_name(reader, T::VALUES.names)?);
        Ok(())
    }
}

impl<T: OpenEnum> Decode for T {
    fn empty() -> Self {
        (T::VALUES.unknown)(String::new())
    }
}

/// Decodes a string as the index of a row of names, or as an unknown name.
fn decode_name(
    reader: &mut Reader<'_>,
    rows: &[&[&str]],
) -> Result<Result<usize, String>, ReadError> {
    let name = reader.text()?;
    Ok(find_name(rows, &name).ok_or_else(|| name.into_owned()))
}

fn variant<T: OpenEnum>(found: Result<usize, String>) -> T {
    match found {
        // The index is one of a name, and each variant has names.
        Ok(index) => T::VALUES.variants[index].clone(),
        Err(value) => (T::VALUES.unknown)(value),
    }
}
