//! Syntax of numbers and their conversion.

use super::error::{Located, Problem};

/// A parsed number.
#[derive(Clone, Copy)]
pub(super) struct Number {
    /// Offset of the first byte.
    start: usize,
    /// Offset behind the last byte.
    pub(super) end: usize,
    /// Set if there is neither a fraction nor an exponent.
    pub(super) is_integral: bool,
    /// Set if there is a minus sign.
    is_negative: bool,
    /// Number of digits without those of the exponent.
    digits: usize,
    /// Value of these digits without the decimal point. It wraps beyond [`MANTISSA_DIGITS`].
    mantissa: u64,
    /// Power of ten by which the mantissa is multiplied.
    scale: i64,
}

/// Number of digits that always fit into a `u64`.
const MANTISSA_DIGITS: usize = 19;

/// Parses an integer of up to 18 digits and returns it with the offset behind it.
///
/// Returns `None` for all other numbers, which [`parse`] handles, and for invalid ones.
#[inline]
pub(super) fn short_integer(bytes: &[u8], at: usize) -> Option<(i64, usize)> {
    let is_negative = bytes.get(at) == Some(&b'-');
    let first = at + usize::from(is_negative);
    let (magnitude, end) = digits(bytes, first, 0);
    let is_integral = !matches!(bytes.get(end), Some(b'.' | b'e' | b'E'));
    // Leading zeros are invalid, and `-0` keeps its sign as a float only.
    let padded = bytes.get(first) == Some(&b'0') && (is_negative || end - first > 1);
    if end == first || end - first >= MANTISSA_DIGITS || !is_integral || padded {
        return None;
    }
    let magnitude = magnitude.cast_signed();
    Some((if is_negative { -magnitude } else { magnitude }, end))
}

/// Parses the number that starts at `at`.
pub(super) fn parse(bytes: &[u8], at: usize) -> Result<Number, Located> {
    let is_negative = bytes.get(at) == Some(&b'-');
    let first = at + usize::from(is_negative);
    let (mantissa, end) = some_digits(bytes, first, 0)?;
    let digits = end - first;
    if digits > 1 && bytes.get(first) == Some(&b'0') {
        return Err(Problem::Syntax("a number without leading zeros").at(first));
    }
    let number = Number {
        start: at,
        end,
        is_integral: true,
        is_negative,
        digits,
        mantissa,
        scale: 0,
    };
    match bytes.get(end) {
        Some(b'.' | b'e' | b'E') => decimal(bytes, number),
        _ => Ok(number),
    }
}

/// Parses the fraction and exponent of a number.
#[inline]
fn decimal(bytes: &[u8], mut number: Number) -> Result<Number, Located> {
    number.is_integral = false;
    if bytes.get(number.end) == Some(&b'.') {
        let first = number.end + 1;
        (number.mantissa, number.end) = some_digits(bytes, first, number.mantissa)?;
        let decimals = number.end - first;
        number.digits += decimals;
        number.scale = -i64::try_from(decimals).unwrap_or(i64::MAX);
    }
    if let Some(b'e' | b'E') = bytes.get(number.end) {
        let exponent;
        (exponent, number.end) = self::exponent(bytes, number.end + 1)?;
        number.scale = number.scale.saturating_add(exponent);
    }
    Ok(number)
}

/// Parses the exponent at `at`, which may have a sign, and returns it with the offset behind it.
fn exponent(bytes: &[u8], at: usize) -> Result<(i64, usize), Located> {
    let sign = bytes.get(at);
    let first = at + usize::from(matches!(sign, Some(b'+' | b'-')));
    let (exponent, end) = some_digits(bytes, first, 0)?;
    let known = Some(exponent).filter(|_| end - first <= MANTISSA_DIGITS);
    let exponent = known
        .and_then(|exponent| exponent.try_into().ok())
        .unwrap_or(i64::MAX);
    Ok((
        if sign == Some(&b'-') {
            -exponent
        } else {
            exponent
        },
        end,
    ))
}

/// Appends all digits from `at` on to `number`, wrapping on overflow, and returns it with the
/// offset behind the digits.
#[inline]
fn digits(bytes: &[u8], mut at: usize, mut number: u64) -> (u64, usize) {
    while let Some(digit @ b'0'..=b'9') = bytes.get(at) {
        number = number
            .wrapping_mul(10)
            .wrapping_add(u64::from(digit - b'0'));
        at += 1;
    }
    (number, at)
}

/// Appends digits like [`digits`], and at least one.
#[inline]
fn some_digits(bytes: &[u8], at: usize, number: u64) -> Result<(u64, usize), Located> {
    let (number, end) = digits(bytes, at, number);
    if end == at {
        return Err(missing_digit(bytes, at));
    }
    Ok((number, end))
}

/// Returns the error of a missing digit.
#[cold]
fn missing_digit(bytes: &[u8], at: usize) -> Located {
    if at >= bytes.len() {
        Problem::End("a number").at(at)
    } else {
        Problem::Syntax("a digit").at(at)
    }
}

impl Number {
    /// Returns the digits as they appear in `text`, the whole document.
    pub(super) fn literal<'a>(&self, text: &'a str) -> &'a str {
        text.get(self.start..self.end).unwrap_or_default()
    }

    /// Returns the number if it is an integer in the range of `i64`.
    pub(super) fn signed(&self, text: &str) -> Option<i64> {
        let magnitude = self.magnitude(text)?;
        if self.is_negative {
            0_i64.checked_sub_unsigned(magnitude)
        } else {
            magnitude.try_into().ok()
        }
    }

    /// Returns the number if it is an integer in the range of `u64` without a minus sign.
    pub(super) fn unsigned(&self, text: &str) -> Option<u64> {
        if self.is_negative {
            None
        } else {
            self.magnitude(text)
        }
    }

    /// Returns the absolute value of the number if it is an integer in the range of `u64`.
    fn magnitude(&self, text: &str) -> Option<u64> {
        match (self.is_integral, self.digits) {
            (false, _) => None,
            (true, ..=MANTISSA_DIGITS) => Some(self.mantissa),
            (true, _) => self.literal(text).trim_start_matches('-').parse().ok(),
        }
    }

    /// Returns the nearest `f64` if it is finite.
    #[inline]
    pub(super) fn float(&self, text: &str) -> Option<f64> {
        self.exact_quotient().or_else(|| self.parsed(text))
    }

    /// Parses the number with the standard library, which rounds every number correctly.
    fn parsed(&self, text: &str) -> Option<f64> {
        self.literal(text)
            .parse()
            .ok()
            .filter(|float: &f64| float.is_finite())
    }

    /// Returns the nearest `f64` if both the mantissa and the power of ten are exact as `f64`.
    ///
    /// The result is correct because a single operation rounds only once.
    #[inline]
    #[expect(clippy::cast_precision_loss, reason = "integers up to 2^53 are exact")]
    fn exact_quotient(&self) -> Option<f64> {
        if self.digits > MANTISSA_DIGITS || self.mantissa > 1 << f64::MANTISSA_DIGITS {
            return None;
        }
        let power = POWERS.get(usize::try_from(self.scale.unsigned_abs()).ok()?)?;
        let mantissa = self.mantissa as f64;
        let float = if self.scale < 0 {
            mantissa / power
        } else {
            mantissa * power
        };
        Some(if self.is_negative { -float } else { float })
    }
}

/// Powers of ten that are exact as `f64`.
const POWERS: [f64; 23] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
    1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
];
