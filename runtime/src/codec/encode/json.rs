//! JSON text.

use crate::codec::json::scan;

/// Writes the name of a member of an object, with the comma in front of it.
pub(super) fn begin_member(text: &mut Vec<u8>, name: &str) {
    separate(text);
    string(text, name);
    text.push(b':');
}

/// Writes a comma, unless the object or list has just begun.
pub(super) fn separate(text: &mut Vec<u8>) {
    // No value ends with an opening bracket: the last byte shows whether a value precedes.
    if !matches!(text.last(), Some(b'{' | b'[')) {
        text.push(b',');
    }
}

/// Writes a string with its quotes.
pub(super) fn string(text: &mut Vec<u8>, value: &str) {
    text.reserve(value.len() + 2);
    text.push(b'"');
    let mut rest = value.as_bytes();
    loop {
        // Most bytes need no escape. The scan processes eight of them at a time.
        let (plain, special) = rest.split_at(scan::find_special(rest, 0));
        text.extend_from_slice(plain);
        let Some((&byte, behind)) = special.split_first() else {
            break;
        };
        escape(text, byte);
        rest = behind;
    }
    text.push(b'"');
}

fn escape(text: &mut Vec<u8>, byte: u8) {
    const HEX: &[u8; 16] = b"0123456789abcdef";
    let letter = match byte {
        b'"' | b'\\' => byte,
        b'\n' => b'n',
        b'\r' => b'r',
        b'\t' => b't',
        _ => {
            let digits = [HEX[usize::from(byte >> 4)], HEX[usize::from(byte & 15)]];
            text.extend_from_slice(b"\\u00");
            text.extend_from_slice(&digits);
            return;
        }
    };
    text.extend_from_slice(&[b'\\', letter]);
}
