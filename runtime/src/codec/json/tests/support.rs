//! Reading of whole documents.

use std::fmt::Debug;

use crate::codec::json::{ReadError, Reader};

/// Reads a whole document.
pub(super) fn read<'a, T>(
    bytes: &'a [u8],
    decode: impl FnOnce(&mut Reader<'a>) -> Result<T, ReadError>,
) -> Result<T, String> {
    let mut reader = Reader::new(bytes);
    let read = decode(&mut reader).and_then(|value| reader.finish().map(|()| value));
    read.map_err(|error| error.describe(bytes))
}

/// Returns the message of a text that must be rejected.
pub(super) fn read_error<'a, T: Debug>(
    text: &'a str,
    decode: impl FnOnce(&mut Reader<'a>) -> Result<T, ReadError>,
) -> String {
    read(text.as_bytes(), decode).unwrap_err()
}
