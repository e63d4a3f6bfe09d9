//! Strings and what is between the values: where they end and what they mean.

use super::error::{Fault, Problem};

/// The offset of the first byte from `at` on that is not white space.
#[inline]
pub(super) fn space(bytes: &[u8], mut at: usize) -> usize {
    while let Some(b' ' | b'\n' | b'\r' | b'\t') = bytes.get(at) {
        at += 1;
    }
    at
}

/// The offset of the first byte from `at` on that is not plain in a string: a quote, a backslash or
/// a control character.
#[inline]
pub(super) fn plain(bytes: &[u8], mut at: usize) -> usize {
    while let Some(chunk) = bytes.get(at..).and_then(<[u8]>::first_chunk) {
        let special = special(u64::from_le_bytes(*chunk));
        if special != 0 {
            return at + first(special);
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

/// [`plain`] for eight bytes at once, as of [`zeros`].
#[inline]
fn special(bytes: u64) -> u64 {
    let control = bytes.wrapping_sub(ONES * u64::from(b' ')) & !bytes & HIGHS;
    control | zeros(bytes ^ (ONES * u64::from(b'"'))) | zeros(bytes ^ (ONES * u64::from(b'\\')))
}

/// Each byte is 1.
const ONES: u64 = u64::MAX / 255;

/// The highest bit of each byte.
const HIGHS: u64 = ONES << 7;

/// Marks the lowest byte that is zero by its highest bit. Marks above it mean nothing: the
/// subtraction borrows.
#[inline]
fn zeros(bytes: u64) -> u64 {
    bytes.wrapping_sub(ONES) & !bytes & HIGHS
}

/// The index of the lowest byte that is marked.
#[inline]
fn first(marks: u64) -> usize {
    marks.trailing_zeros() as usize / 8
}

/// The character that the backslash at `at` introduces, and the offset behind it.
pub(super) fn escape(bytes: &[u8], at: usize) -> Result<(char, usize), Fault> {
    let character = match bytes.get(at + 1) {
        Some(b'"') => '"',
        Some(b'\\') => '\\',
        Some(b'/') => '/',
        Some(b'b') => '\u{8}',
        Some(b'f') => '\u{c}',
        Some(b'n') => '\n',
        Some(b'r') => '\r',
        Some(b't') => '\t',
        Some(b'u') => return unicode(bytes, at),
        Some(_) => {
            return Err(Problem::Escape.at(at));
        }
        None => {
            return Err(Problem::End("a string").at(bytes.len()));
        }
    };
    Ok((character, at + 2))
}

/// The character that the `\u` at `at` introduces: one unit of UTF-16, or a pair of surrogates.
fn unicode(bytes: &[u8], at: usize) -> Result<(char, usize), Fault> {
    let high = unit(bytes, at)?;
    if let Some(character) = char::from_u32(high) {
        return Ok((character, at + 6));
    }
    let lone = Problem::Surrogate.at(at);
    if high >= 0xDC00 || bytes.get(at + 6..at + 8) != Some(b"\\u") {
        return Err(lone);
    }
    let low = unit(bytes, at + 6)?;
    if !(0xDC00..0xE000).contains(&low) {
        return Err(lone);
    }
    let character = char::from_u32(0x1_0000 + ((high - 0xD800) << 10) + (low - 0xDC00));
    character.map(|character| (character, at + 12)).ok_or(lone)
}

/// The number that the four hexadecimal digits of the `\u` at `at` make.
fn unit(bytes: &[u8], at: usize) -> Result<u32, Fault> {
    let Some(digits) = bytes.get(at + 2..at + 6) else {
        return Err(Problem::End("a string").at(bytes.len()));
    };
    let mut digits = digits.iter().map(|&byte| char::from(byte).to_digit(16));
    digits
        .try_fold(0, |unit, digit| Some(unit << 4 | digit?))
        .ok_or(Problem::Escape.at(at))
}

/// The offset behind the list or object whose first byte is before `at`: that is where brackets and
/// braces are balanced, and it is all that is looked at.
pub(super) fn leap(bytes: &[u8], mut at: usize) -> usize {
    let mut depth = 1_usize;
    loop {
        at = structure(bytes, at);
        match bytes.get(at) {
            Some(b'"') => at = quoted(bytes, at + 1),
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

/// The offset of the quote that ends the string that `at` is in.
#[inline]
pub(super) fn quoted(bytes: &[u8], mut at: usize) -> usize {
    loop {
        at = plain(bytes, at);
        match bytes.get(at) {
            Some(b'"') | None => return at,
            Some(b'\\') => at += 2,
            Some(_) => at += 1,
        }
    }
}

/// The offset of the first quote, bracket or brace from `at` on.
#[inline]
fn structure(bytes: &[u8], mut at: usize) -> usize {
    while let Some(chunk) = bytes.get(at..).and_then(<[u8]>::first_chunk) {
        let chunk = u64::from_le_bytes(*chunk);
        let folded = chunk | (ONES * u64::from(b'{' - b'['));
        let found = zeros(chunk ^ (ONES * u64::from(b'"')))
            | zeros(folded ^ (ONES * u64::from(b'{')))
            | zeros(folded ^ (ONES * u64::from(b'}')));
        if found != 0 {
            return at + first(found);
        }
        at += 8;
    }
    while bytes.get(at).is_some_and(|byte| !b"\"[]{}".contains(byte)) {
        at += 1;
    }
    at
}
