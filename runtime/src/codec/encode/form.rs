//! `application/x-www-form-urlencoded` text, which is also the syntax of query strings.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// All characters except for the unreserved ones of RFC 3986.
pub(super) const RESERVED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// Space for a typical query string or form, allocated with its first pair.
const INITIAL_CAPACITY: usize = 128;

/// Writes the name of a pair, with the `&` in front of it.
pub(super) fn begin_pair(text: &mut Vec<u8>, name: &str) {
    if text.is_empty() {
        // Requests without a query string allocate nothing.
        *text = Vec::with_capacity(INITIAL_CAPACITY);
    } else {
        text.push(b'&');
    }
    percent_encode(text, name);
    text.push(b'=');
}

/// Writes a name or value with all reserved characters escaped.
pub(super) fn percent_encode(text: &mut Vec<u8>, value: &str) {
    for piece in utf8_percent_encode(value, RESERVED) {
        text.extend_from_slice(piece.as_bytes());
    }
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
