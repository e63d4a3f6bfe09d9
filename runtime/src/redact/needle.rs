//! Search for a secret in text, in all forms in which a server may repeat it.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use zeroize::Zeroizing;

use super::characters::{Plain, is_hidden};

/// Shorter secrets are not searched: they would be found in ordinary text.
const MIN_SECRET_CHARS: usize = 4;

/// Minimum length of the searched part of an encoded secret.
const MIN_BASE64_CHARS: usize = 8;

/// Maximum number of Base64 characters at each end that belong to the same bytes or padding.
const MAX_SHARED_CHARS: usize = 3;

/// A form of a secret.
///
/// Each of its characters may be percent-encoded or escaped as in JSON, and may be preceded by white
/// space or hidden characters.
pub(super) struct Needle {
    chars: Zeroizing<Vec<char>>,
    is_base64: bool,
}

/// A secret that was found at the start of a text.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Match {
    /// Length in bytes.
    pub(super) length: usize,
    pub(super) is_base64: bool,
}

impl Needle {
    /// Returns the forms of a secret: unchanged, and within Base64 text.
    pub(super) fn forms(secret: &str) -> Vec<Self> {
        let chars = Plain::new(secret).filter(|&c| c.is_whitespace() || !is_hidden(c));
        let plain = Self {
            chars: Zeroizing::new(chars.collect()),
            is_base64: false,
        };
        let visible = plain.chars.iter().filter(|c| !c.is_whitespace()).count();
        if visible < MIN_SECRET_CHARS {
            return Vec::new();
        }
        let mut forms = base64_forms(secret.as_bytes());
        forms.push(plain);
        forms
    }

    /// Returns the maximum number of characters that the form takes, without white space.
    pub(super) fn max_chars(&self) -> usize {
        // For example `\u0041` and `%F0%9F%98%80`.
        let longest = |c: &char| if c.is_ascii() { 6 } else { 12 };
        self.chars.iter().map(longest).sum()
    }

    /// Returns the match at the start of a text.
    pub(super) fn find_at_start(&self, text: &str) -> Option<Match> {
        // Positions behind a character that has two forms here, e.g. `%` as `%25` and as `%`.
        let mut alternatives = Vec::new();
        let (mut index, mut rest) = (0, text);
        while let Some(&c) = self.chars.get(index) {
            let mut forms = forms_at_start(rest, c);
            if let Some(behind) = forms.next() {
                index += 1;
                rest = behind;
                alternatives.extend(forms.next().map(|behind| (index, behind)));
            } else if c.is_whitespace() {
                index += 1;
            } else if let Some(behind) = strip_hidden(rest).filter(|_| index > 0) {
                rest = behind;
            } else {
                (index, rest) = alternatives.pop()?;
            }
        }
        Some(Match {
            length: text.len() - rest.len(),
            is_base64: self.is_base64,
        })
    }
}

/// Removes a hidden character or white space from the start of a text.
fn strip_hidden(text: &str) -> Option<&str> {
    let mut chars = text.chars();
    let c = chars.next()?;
    (c.is_whitespace() || is_hidden(c)).then_some(chars.as_str())
}

/// Returns the characters that do not depend on the text around the secret, for each position of the
/// secret relative to the groups of three bytes.
fn base64_forms(secret: &[u8]) -> Vec<Needle> {
    let mut forms = Vec::new();
    for offset in 0..3_usize {
        let padded = Zeroizing::new([&[0; 2][..offset], secret].concat());
        let (start, end) = ((offset * 8).div_ceil(6), padded.len() * 8 / 6);
        for engine in [STANDARD_NO_PAD, URL_SAFE_NO_PAD] {
            let encoded = Zeroizing::new(engine.encode(&padded));
            let chars = encoded.get(start..end).unwrap_or("").chars();
            let chars = Zeroizing::new(chars.collect::<Vec<_>>());
            let is_new = forms.iter().all(|form: &Needle| form.chars != chars);
            if is_new && chars.len() >= MIN_BASE64_CHARS {
                let is_base64 = true;
                forms.push(Needle { chars, is_base64 });
            }
        }
    }
    forms
}

/// Removes the end of a text that belongs to the Base64 text in which a secret was found.
pub(super) fn trim_base64_end(text: &mut String) {
    for _ in 0..MAX_SHARED_CHARS {
        if text.ends_with(is_base64_char) {
            text.pop();
        }
    }
}

/// Returns the length of the start of a text that belongs to the Base64 text in which a secret was
/// found.
pub(super) fn base64_start(text: &str) -> usize {
    let shared = text.chars().take(MAX_SHARED_CHARS);
    shared.take_while(|&c| is_base64_char(c)).count()
}

fn is_base64_char(c: char) -> bool {
    c.is_ascii_alphanumeric() || "+/-_=".contains(c)
}

/// Returns the text behind each form of a character at the start of a text.
fn forms_at_start(text: &str, c: char) -> impl Iterator<Item = &str> {
    let encoded = match text.as_bytes().first() {
        Some(b'%') => strip_percent_encoded(text, c),
        Some(b'\\') => strip_escaped(&text[1..], c),
        // The space in forms.
        Some(b'+') if c == ' ' => Some(&text[1..]),
        _ => None,
    };
    encoded.into_iter().chain(text.strip_prefix(c))
}

fn strip_percent_encoded(mut text: &str, c: char) -> Option<&str> {
    let mut buffer = [0; 4];
    for byte in c.encode_utf8(&mut buffer).bytes() {
        text = strip_hex(text.strip_prefix('%')?, 2, byte.into())?;
    }
    Some(text)
}

/// Removes a character behind a backslash: itself, or its code.
fn strip_escaped(text: &str, c: char) -> Option<&str> {
    text.strip_prefix(c)
        .or_else(|| strip_hex(text.strip_prefix('u')?, 4, c.into()))
}

/// Removes this number of hexadecimal digits if they have this value.
fn strip_hex(text: &str, digits: usize, value: u32) -> Option<&str> {
    let (number, rest) = text.split_at_checked(digits)?;
    let is_hex = number.bytes().all(|digit| digit.is_ascii_hexdigit());
    let parsed = u32::from_str_radix(number, 16).ok().filter(|_| is_hex);
    (parsed == Some(value)).then_some(rest)
}
