//! `application/x-www-form-urlencoded` text, which is also the syntax of query strings.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// All characters except for the unreserved ones of RFC 3986.
pub(super) const RESERVED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// The bytes that are not in [`RESERVED`].
const UNRESERVED: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0_u8;
    while byte.is_ascii() {
        let is_mark = matches!(byte, b'-' | b'.' | b'_' | b'~');
        table[byte as usize] = byte.is_ascii_alphanumeric() || is_mark;
        byte += 1;
    }
    table
};

/// Writes the name of a pair, with the separator in front of it, and sets that of the next pair.
pub(super) fn begin_pair(text: &mut Vec<u8>, separator: &mut Option<u8>, name: &str) {
    text.extend(separator.replace(b'&'));
    percent_encode(text, name);
    text.push(b'=');
}

/// Writes a name or value with all reserved characters escaped.
pub(crate) fn percent_encode(text: &mut Vec<u8>, value: &str) {
    escape(text, value, RESERVED);
}

/// Writes a value with these characters escaped, none of which is unreserved.
pub(super) fn escape(text: &mut Vec<u8>, value: &str, escapes: &'static AsciiSet) {
    // Names and most values, e.g. ids, need no escapes. The escaping iterator costs about 20
    // instructions per byte.
    if is_unreserved(value.as_bytes()) {
        text.extend_from_slice(value.as_bytes());
        return;
    }
    for piece in utf8_percent_encode(value, escapes) {
        text.extend_from_slice(piece.as_bytes());
    }
}

/// Returns whether all bytes are those of unreserved characters.
fn is_unreserved(bytes: &[u8]) -> bool {
    let (chunks, rest) = bytes.as_chunks::<8>();
    let all = |bytes: &[u8]| {
        bytes
            .iter()
            .fold(true, |all, &byte| all & UNRESERVED[usize::from(byte)])
    };
    chunks.iter().all(|chunk| all(chunk)) && all(rest)
}

/// Writes the separator between two items of a joined list.
pub(super) fn separator(text: &mut Vec<u8>, separator: &str) {
    // A literal comma separates items. A comma within an item is escaped.
    if separator == "," {
        text.push(b',');
    } else {
        percent_encode(text, separator);
    }
}
