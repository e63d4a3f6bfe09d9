//! Numbers: as they are written, and the nearest that a type has.

use super::error::{Fault, Problem};

/// A number as it is written.
#[derive(Clone, Copy)]
pub(super) struct Number {
    /// The offset of its first byte.
    start: usize,
    /// The offset behind it.
    pub(super) end: usize,
    /// Whether it has neither a fraction nor an exponent.
    pub(super) integral: bool,
    /// Whether a minus precedes it.
    negative: bool,
    /// How many digits it has, but for the exponent.
    digits: usize,
    /// What these digits make without the decimal point. Wrong if they are more than
    /// [`MANTISSA_DIGITS`].
    mantissa: u64,
    /// The power of ten that the mantissa is to be multiplied with.
    scale: i64,
}

/// So many digits always fit `u64`.
const MANTISSA_DIGITS: usize = 19;

/// The integer that starts at `at` and the offset behind it, if it is so short that it fits at
/// once, as most are. Whatever is special is left to [`number`], as is what is wrong.
#[inline]
pub(super) fn short(bytes: &[u8], at: usize) -> Option<(i64, usize)> {
    let negative = bytes.get(at) == Some(&b'-');
    let first = at + usize::from(negative);
    let (magnitude, end) = digits(bytes, first, 0);
    let integral = !matches!(bytes.get(end), Some(b'.' | b'e' | b'E'));
    let padded = bytes.get(first) == Some(&b'0') && (negative || end - first > 1);
    if end == first || end - first >= MANTISSA_DIGITS || !integral || padded {
        return None;
    }
    let magnitude = magnitude.cast_signed();
    Some((if negative { -magnitude } else { magnitude }, end))
}

/// The number that starts at `at`.
pub(super) fn number(bytes: &[u8], at: usize) -> Result<Number, Fault> {
    let negative = bytes.get(at) == Some(&b'-');
    let first = at + usize::from(negative);
    let (mantissa, end) = some_digits(bytes, first, 0)?;
    let digits = end - first;
    if digits > 1 && bytes.get(first) == Some(&b'0') {
        return Err(Problem::Syntax("a number without leading zeros").at(first));
    }
    let number = Number {
        start: at,
        end,
        integral: true,
        negative,
        digits,
        mantissa,
        scale: 0,
    };
    match bytes.get(end) {
        Some(b'.' | b'e' | b'E') => decimal(bytes, number),
        _ => Ok(number),
    }
}

/// The number, of which a fraction or an exponent follows.
#[inline]
fn decimal(bytes: &[u8], mut number: Number) -> Result<Number, Fault> {
    number.integral = false;
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

/// The exponent at `at`, which may have a sign, and the offset behind it.
fn exponent(bytes: &[u8], at: usize) -> Result<(i64, usize), Fault> {
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

/// Appends all digits from `at` on to `number`, which wraps, and gives the offset behind them.
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

/// [`digits`], but at least one.
#[inline]
fn some_digits(bytes: &[u8], at: usize, number: u64) -> Result<(u64, usize), Fault> {
    let (number, end) = digits(bytes, at, number);
    if end == at {
        return Err(no_digit(bytes, at));
    }
    Ok((number, end))
}

/// There should be a digit at `at`.
#[cold]
fn no_digit(bytes: &[u8], at: usize) -> Fault {
    let ended = at >= bytes.len();
    if ended {
        Problem::End("a number").at(at)
    } else {
        Problem::Syntax("a digit").at(at)
    }
}

impl Number {
    /// It as it is written. `text` is the whole that it is in, here and below.
    pub(super) fn literal<'a>(&self, text: &'a str) -> &'a str {
        text.get(self.start..self.end).unwrap_or_default()
    }

    /// It as `i64`, if it is an integer in its range.
    pub(super) fn signed(&self, text: &str) -> Option<i64> {
        let magnitude = self.magnitude(text)?;
        if self.negative {
            0_i64.checked_sub_unsigned(magnitude)
        } else {
            magnitude.try_into().ok()
        }
    }

    /// It as `u64`, if it is an integer in its range and has no minus.
    pub(super) fn unsigned(&self, text: &str) -> Option<u64> {
        if self.negative {
            None
        } else {
            self.magnitude(text)
        }
    }

    /// It without its sign, if it is an integer that is not too large.
    fn magnitude(&self, text: &str) -> Option<u64> {
        match (self.integral, self.digits) {
            (false, _) => None,
            (true, ..=MANTISSA_DIGITS) => Some(self.mantissa),
            (true, _) => self.literal(text).trim_start_matches('-').parse().ok(),
        }
    }

    /// The nearest `f64`, if it is finite.
    #[inline]
    pub(super) fn float(&self, text: &str) -> Option<f64> {
        self.quotient().or_else(|| self.parsed(text))
    }

    /// [`float`](Self::float) for the difficult.
    fn parsed(&self, text: &str) -> Option<f64> {
        self.literal(text)
            .parse()
            .ok()
            .filter(|float: &f64| float.is_finite())
    }

    /// The nearest `f64` if both the mantissa and the power of ten are exact as `f64`: then a
    /// single operation, which rounds once, gives it.
    #[inline]
    #[expect(clippy::cast_precision_loss, reason = "up to 2^53 nothing is lost")]
    fn quotient(&self) -> Option<f64> {
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
        Some(if self.negative { -float } else { float })
    }
}

/// The powers of ten that `f64` has exactly.
const POWERS: [f64; 23] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
    1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
];
