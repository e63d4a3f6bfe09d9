//! Search for the end of strings, containers and white space.

use super::error::{Located, Problem};

/// Returns the offset of the first byte from `at` on that is not white space.
#[inline]
pub(super) fn skip_whitespace(bytes: &[u8], mut at: usize) -> usize {
    while let Some(b' ' | b'\n' | b'\r' | b'\t') = bytes.get(at) {
        at += 1;
    }
    at
}

/// Returns the offset of the first byte from `at` on that a string cannot contain unescaped: a quote,
/// a backslash or a control character.
#[expect(
    clippy::inline_always,
    reason = "a call per escape would cost a third of the time of encoding program text"
)]
#[inline(always)]
pub(crate) fn find_special(bytes: &[u8], mut at: usize) -> usize {
    while let Some((first, second)) = two_words(bytes, at) {
        let (first, second) = (mark_special(first), mark_special(second));
        if first != 0 {
            return at + first_mark(first);
        }
        if second != 0 {
            return at + 8 + first_mark(second);
        }
        at += 16;
    }
    if let Some(chunk) = bytes.get(at..).and_then(<[u8]>::first_chunk) {
        let special = mark_special(u64::from_le_bytes(*chunk));
        if special != 0 {
            return at + first_mark(special);
        }
        at += 8;
    }
    while bytes
        .get(at)
        .is_some_and(|&byte| byte >= b' ' && byte != b'"' && byte != b'\\')
    {
        at += 1;
    }
    at
}

/// Returns the next 16 bytes.
#[inline]
fn two_words(bytes: &[u8], at: usize) -> Option<(u64, u64)> {
    let (first, rest) = bytes.get(at..)?.split_first_chunk()?;
    let second = rest.first_chunk()?;
    Some((u64::from_le_bytes(*first), u64::from_le_bytes(*second)))
}

/// Marks the lowest byte for which [`find_special`] searches, like [`mark_zeros`].
#[inline]
fn mark_special(bytes: u64) -> u64 {
    let control = bytes.wrapping_sub(ONES * u64::from(b' '));
    let quote = (bytes ^ (ONES * u64::from(b'"'))).wrapping_sub(ONES);
    let backslash = (bytes ^ (ONES * u64::from(b'\\'))).wrapping_sub(ONES);
    // The highest bit is set after a borrow, and in bytes that had it before. Only ASCII characters
    // are searched, so the latter are never found, and one mask serves all three.
    (control | quote | backslash) & !bytes & HIGHS
}

/// Marks the lowest quote, bracket or brace, like [`mark_zeros`].
#[inline]
fn mark_structural(bytes: u64) -> u64 {
    // `[` and `{`, and also `]` and `}`, differ in the same bit.
    let folded = bytes | (ONES * u64::from(b'{' - b'['));
    mark_zeros(bytes ^ (ONES * u64::from(b'"')))
        | mark_zeros(folded ^ (ONES * u64::from(b'{')))
        | mark_zeros(folded ^ (ONES * u64::from(b'}')))
}

/// The lowest bit of each byte.
const ONES: u64 = u64::MAX / 255;

/// The highest bit of each byte.
const HIGHS: u64 = ONES << 7;

/// Marks the lowest zero byte by its highest bit. Higher marks may be wrong because the subtraction
/// borrows.
#[inline]
fn mark_zeros(bytes: u64) -> u64 {
    bytes.wrapping_sub(ONES) & !bytes & HIGHS
}

/// Returns the index of the lowest byte with a mark.
#[inline]
fn first_mark(marks: u64) -> usize {
    marks.trailing_zeros() as usize / 8
}

/// Returns the character of the escape sequence at `at`, and the offset behind it.
pub(super) fn unescape(bytes: &[u8], at: usize) -> Result<(char, usize), Located> {
    let character = match bytes.get(at + 1) {
        Some(b'"') => '"',
        Some(b'\\') => '\\',
        Some(b'/') => '/',
        Some(b'b') => '\u{8}',
        Some(b'f') => '\u{c}',
        Some(b'n') => '\n',
        Some(b'r') => '\r',
        Some(b't') => '\t',
        Some(b'u') => return unescape_unicode(bytes, at),
        Some(_) => {
            return Err(Problem::Escape.at(at));
        }
        None => {
            return Err(Problem::End("a string").at(bytes.len()));
        }
    };
    Ok((character, at + 2))
}

/// Returns the character of the `\u` sequence or surrogate pair at `at`, and the offset behind it.
///
/// An unpaired surrogate becomes U+FFFD: servers cut text at UTF-16 code units.
fn unescape_unicode(bytes: &[u8], at: usize) -> Result<(char, usize), Located> {
    let unit = utf16_unit(bytes, at)?;
    if let Some(character) = char::from_u32(unit) {
        return Ok((character, at + 6));
    }
    if bytes.get(at + 6..at + 8) == Some(b"\\u") {
        let units = [unit, utf16_unit(bytes, at + 6)?];
        if let Some(character) = surrogate_pair(units) {
            return Ok((character, at + 12));
        }
    }
    // The second sequence may be the first half of a pair, and is read next.
    Ok((char::REPLACEMENT_CHARACTER, at + 6))
}

/// Returns the character of two UTF-16 code units if they are a surrogate pair.
fn surrogate_pair([high, low]: [u32; 2]) -> Option<char> {
    let is_pair = (0xD800..0xDC00).contains(&high) && (0xDC00..0xE000).contains(&low);
    let code_point = || 0x1_0000 + ((high - 0xD800) << 10) + (low - 0xDC00);
    is_pair.then(code_point).and_then(char::from_u32)
}

/// Replaces the escape sequences of unpaired surrogates by `\ufffd` in a valid document.
pub(super) fn replace_unpaired(text: &str) -> String {
    let mut paired = String::with_capacity(text.len());
    let (mut copied, mut at) = (0, 0);
    while let Some(offset) = text[at..].find('\\') {
        at += offset;
        let Ok((character, next)) = unescape(text.as_bytes(), at) else {
            break;
        };
        if character == char::REPLACEMENT_CHARACTER {
            paired.push_str(&text[copied..at]);
            paired.push_str("\\ufffd");
            copied = next;
        }
        at = next;
    }
    paired.push_str(&text[copied..]);
    paired
}

/// Returns the UTF-16 code unit of the `\u` sequence at `at`.
fn utf16_unit(bytes: &[u8], at: usize) -> Result<u32, Located> {
    let Some(digits) = bytes.get(at + 2..at + 6) else {
        return Err(Problem::End("a string").at(bytes.len()));
    };
    let mut digits = digits.iter().map(|&byte| char::from(byte).to_digit(16));
    digits
        .try_fold(0, |unit, digit| Some(unit << 4 | digit?))
        .ok_or(Problem::Escape.at(at))
}

/// Returns the offset behind the list or object that was opened in front of `at`. Only brackets,
/// braces and strings are considered.
pub(super) fn find_container_end(bytes: &[u8], mut at: usize) -> usize {
    let mut depth = 1_usize;
    loop {
        at = find_structural(bytes, at);
        match bytes.get(at) {
            Some(b'"') => at = find_closing_quote(bytes, at + 1),
            Some(b'[' | b'{') => depth += 1,
            Some(_) => depth -= 1,
            None => return bytes.len(),
        }
        at += 1;
        if depth == 0 {
            return at;
        }
    }
}

/// Returns the offset behind the value at `at` in a document whose syntax was checked.
#[inline]
pub(super) fn find_value_end(bytes: &[u8], mut at: usize) -> usize {
    match bytes.get(at) {
        Some(b'"') => find_closing_quote(bytes, at + 1) + 1,
        Some(b'[' | b'{') => find_container_end(bytes, at + 1),
        _ => {
            while let Some(b'a'..=b'z' | b'0'..=b'9' | b'.' | b'+' | b'-' | b'E') = bytes.get(at) {
                at += 1;
            }
            at
        }
    }
}

/// Returns the offset of the quote that closes the string around `at`.
#[inline]
pub(super) fn find_closing_quote(bytes: &[u8], mut at: usize) -> usize {
    loop {
        at = find_special(bytes, at);
        match bytes.get(at) {
            Some(b'"') | None => return at,
            Some(b'\\') => at += 2,
            Some(_) => at += 1,
        }
    }
}

/// Returns the offset of the first quote, bracket or brace from `at` on.
#[inline]
fn find_structural(bytes: &[u8], mut at: usize) -> usize {
    while let Some(chunk) = bytes.get(at..).and_then(<[u8]>::first_chunk) {
        let found = mark_structural(u64::from_le_bytes(*chunk));
        if found != 0 {
            return at + first_mark(found);
        }
        at += 8;
    }
    while bytes.get(at).is_some_and(|byte| !b"\"[]{}".contains(byte)) {
        at += 1;
    }
    at
}
