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

/// Replaces the escape sequences of unpaired surrogates by `\ufffd`.
pub(super) fn pair_surrogates(mut rest: &[u8]) -> Vec<u8> {
    let unit = |bytes: &[u8]| {
        let digits = bytes.strip_prefix(b"\\u")?.get(..4)?;
        let digits = str::from_utf8(digits).ok()?;
        let is_hex = digits.bytes().all(|digit| digit.is_ascii_hexdigit());
        u16::from_str_radix(digits, 16).ok().filter(|_| is_hex)
    };
    let mut paired = Vec::new();
    while !rest.is_empty() {
        let second = || unit(rest.get(6..)?);
        let (length, is_unpaired) = match unit(rest) {
            Some(0xD800..=0xDBFF) if matches!(second(), Some(0xDC00..=0xDFFF)) => (12, false),
            Some(0xD800..=0xDFFF) => (6, true),
            Some(_) => (6, false),
            None if rest[0] == b'\\' => (rest.len().min(2), false),
            None => (1, false),
        };
        let (sequence, after) = rest.split_at(length);
        paired.extend_from_slice(if is_unpaired { b"\\ufffd" } else { sequence });
        rest = after;
    }
    paired
}
