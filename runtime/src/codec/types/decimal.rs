//! Decimal numbers.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::str::FromStr;

use super::InvalidValue;
use super::newtype::{encode_display, newtypes};
use crate::codec::decode::{Decode, DecodeInto};
use crate::codec::encode::{Encode, Encoder, Shape};
use crate::codec::json::{ReadError, Reader};
use crate::operation::Size;

/// A decimal number of any size and precision, for example an amount of money.
///
/// It is the type of fields declared as `decimal`. It is sent as a JSON number with the digits that it was
/// created from, and read from a number or a string. `Display` and [`as_str`](Self::as_str) return these
/// digits, and comparisons use the value: `1.50` equals `1.5` and `15e-1`. serde's traits of generated
/// types convert it through an `f64`.
///
/// The feature `rust_decimal` converts it from and into the type of this package.
///
/// # Examples
///
/// ```
/// use api_runtime::types::Decimal;
///
/// let price: Decimal = "19.90".parse().unwrap();
/// assert_eq!(price.as_str(), "19.90");
/// assert_eq!(price, "19.9".parse().unwrap());
/// assert!(price < Decimal::from(20));
/// ```
#[derive(Clone)]
pub struct Decimal {
    /// A JSON number. `None` is zero.
    text: Option<Box<str>>,
}

newtypes! {
    /// A [`Decimal`] that is sent as a string, because many JSON libraries convert numbers to floats. A
    /// number is accepted when reading.
    DecimalText(Decimal) = Decimal::ZERO;
}

impl Decimal {
    /// The number zero.
    pub const ZERO: Self = Self { text: None };

    /// Returns the number as text. It is a valid JSON number.
    pub fn as_str(&self) -> &str {
        self.text.as_deref().unwrap_or("0")
    }

    /// Returns the nearest `f64`, which is infinite beyond the range of finite ones.
    pub fn to_f64(&self) -> f64 {
        // Each JSON number is a valid float.
        self.as_str().parse().unwrap_or_default()
    }

    fn parts(&self) -> Parts<'_> {
        Parts::parse(self.as_str()).unwrap_or(Parts::ZERO)
    }

    fn read(reader: &mut Reader<'_>) -> Result<Self, ReadError> {
        let parsed = match reader.peek() {
            Some(b'"') => reader.text()?.parse(),
            Some(b'-' | b'0'..=b'9') => reader.raw()?.parse(),
            _ => return Err(reader.expected(EXPECTED.expected())),
        };
        parsed.map_err(|error: InvalidValue| reader.invalid(error.expected()))
    }
}

const EXPECTED: InvalidValue = InvalidValue::new("a decimal number");

impl FromStr for Decimal {
    type Err = InvalidValue;

    /// Parses the text of a JSON number.
    fn from_str(text: &str) -> Result<Self, InvalidValue> {
        Parts::parse(text).ok_or(EXPECTED)?;
        Ok(Self {
            text: Some(text.into()),
        })
    }
}

macro_rules! from_integers {
    ($($integer:ty)*) => {$(
        impl From<$integer> for Decimal {
            fn from(value: $integer) -> Self {
                Self { text: Some(value.to_string().into()) }
            }
        }

        impl From<$integer> for DecimalText {
            fn from(value: $integer) -> Self {
                Self(value.into())
            }
        }
    )*};
}

from_integers!(i32 u32 i64 u64);

impl Default for Decimal {
    /// Returns zero.
    fn default() -> Self {
        Self::ZERO
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Decimal({self})")
    }
}

impl fmt::Display for DecimalText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl PartialEq for Decimal {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Decimal {}

impl PartialOrd for Decimal {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Decimal {
    fn cmp(&self, other: &Self) -> Ordering {
        let (one, other) = (self.parts(), other.parts());
        one.sign().cmp(&other.sign()).then_with(|| {
            let magnitude = one.compare_magnitude(&other);
            if one.is_negative {
                magnitude.reverse()
            } else {
                magnitude
            }
        })
    }
}

impl Hash for Decimal {
    fn hash<H: Hasher>(&self, state: &mut H) {
        let parts = self.parts();
        (parts.sign(), parts.point).hash(state);
        parts.significant().for_each(|digit| digit.hash(state));
    }
}

/// Parts of a JSON number, whose value is `0.d₁d₂d₃… × 10^point` with the significant digits.
struct Parts<'a> {
    is_negative: bool,
    whole: &'a str,
    fraction: &'a str,
    /// Number of zeros at the start of the digits.
    leading_zeros: usize,
    /// Number of digits between the zeros at the start and at the end.
    length: usize,
    point: i64,
}

impl<'a> Parts<'a> {
    const ZERO: Self = Self {
        is_negative: false,
        whole: "",
        fraction: "",
        leading_zeros: 0,
        length: 0,
        point: 0,
    };

    fn parse(text: &'a str) -> Option<Self> {
        let (is_negative, text) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let (mantissa, exponent) = match text.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, parse_exponent(exponent)?),
            None => (text, 0),
        };
        let (whole, fraction) = match mantissa.split_once('.') {
            Some((_, "")) => return None,
            Some(parts) => parts,
            None => (mantissa, ""),
        };
        let mut digits = whole.bytes().chain(fraction.bytes());
        let is_padded = whole.len() > 1 && whole.starts_with('0');
        if whole.is_empty() || is_padded || !digits.all(|it| it.is_ascii_digit()) {
            return None;
        }
        let mut parts = Self {
            is_negative,
            whole,
            fraction,
            ..Self::ZERO
        };
        let is_zero = |digit: &u8| *digit == b'0';
        let count = whole.len() + fraction.len();
        parts.leading_zeros = parts.digits().take_while(is_zero).count();
        if parts.leading_zeros < count {
            let digits = fraction.bytes().rev().chain(whole.bytes().rev());
            parts.length = count - parts.leading_zeros - digits.take_while(is_zero).count();
            let whole = i64::try_from(whole.len()).ok()?;
            parts.point = whole + exponent - i64::try_from(parts.leading_zeros).ok()?;
        }
        Some(parts)
    }

    fn digits(&self) -> impl Iterator<Item = u8> + use<'a> {
        self.whole.bytes().chain(self.fraction.bytes())
    }

    fn significant(&self) -> impl Iterator<Item = u8> + use<'a> {
        self.digits().skip(self.leading_zeros).take(self.length)
    }

    fn sign(&self) -> i8 {
        match (self.length, self.is_negative) {
            (0, _) => 0,
            (_, true) => -1,
            (_, false) => 1,
        }
    }

    fn compare_magnitude(&self, other: &Self) -> Ordering {
        let points = self.point.cmp(&other.point);
        points.then_with(|| self.significant().cmp(other.significant()))
    }
}

/// Parses an exponent of up to nine digits. Larger ones belong to no quantity, and could overflow.
fn parse_exponent(text: &str) -> Option<i64> {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    let is_valid = (1..=9).contains(&digits.len()) && digits.bytes().all(|it| it.is_ascii_digit());
    let exponent: i64 = is_valid.then(|| digits.parse().ok())??;
    Some(if text.starts_with('-') {
        -exponent
    } else {
        exponent
    })
}

impl Encode for Decimal {
    fn encode(&self, encoder: &mut Encoder) {
        encoder.literal(self.as_str());
    }

    fn shape(&self) -> Shape<'_> {
        Shape::Number(Size::Float(self.to_f64()))
    }
}

encode_display! {
    DecimalText as string;
}

impl DecodeInto for Decimal {
    fn decode_into(&mut self, reader: &mut Reader<'_>) -> Result<(), ReadError> {
        *self = Self::read(reader)?;
        Ok(())
    }
}

impl Decode for Decimal {
    #[inline]
    fn empty() -> Self {
        Self::ZERO
    }
}

impl DecodeInto for DecimalText {
    fn decode_into(&mut self, reader: &mut Reader<'_>) -> Result<(), ReadError> {
        self.0.decode_into(reader)
    }
}

#[cfg(test)]
mod tests {
    use std::hash::{BuildHasher as _, BuildHasherDefault, DefaultHasher};

    use arbtest::arbtest;

    use super::*;

    #[track_caller]
    fn decimal(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    #[test]
    fn json_numbers_are_parsed_and_keep_their_text() {
        for text in [
            "0",
            "-0",
            "1.50",
            "100",
            "1e5",
            "-1.5E-7",
            "1e+999999999",
            "0.000",
        ] {
            assert_eq!(decimal(text).to_string(), text);
        }
        for text in [
            "",
            "-",
            "+1",
            ".5",
            "1.",
            "01",
            "-01",
            "1e",
            "1e1.5",
            "1e1234567890",
            "NaN",
            "Infinity",
            "1 ",
            "１",
            "1,5",
            "0x1",
            "1_000",
            "--1",
            "1.-5",
        ] {
            assert!(text.parse::<Decimal>().is_err(), "{text}");
        }
        assert_eq!(Decimal::default().as_str(), "0");
    }

    #[test]
    fn numbers_are_compared_by_value() {
        let ordered = [
            "-1e9",
            "-10",
            "-1.5",
            "-0.1",
            "0",
            "1e-9",
            "0.09",
            "0.1",
            "1",
            "1.01",
            "1.1",
            "9",
            "10",
            "12345678901234567890.1",
            "12345678901234567890.2",
            "1e999999999",
        ];
        for (index, one) in ordered.iter().enumerate() {
            for (other_index, other) in ordered.iter().enumerate() {
                let order = index.cmp(&other_index);
                assert_eq!(decimal(one).cmp(&decimal(other)), order, "{one} {other}");
            }
        }
        let state = BuildHasherDefault::<DefaultHasher>::new();
        for equal in [
            ["1.50", "15e-1"],
            ["0", "-0.00e5"],
            ["100", "1e2"],
            ["0.001", "1.0E-3"],
            ["-2", "-2.0"],
        ] {
            let [one, other] = equal.map(decimal);
            assert_eq!(one, other, "{equal:?}");
            assert_eq!(state.hash_one(&one), state.hash_one(&other), "{equal:?}");
        }
    }

    #[test]
    fn order_is_that_of_integers() {
        arbtest(|u| {
            let (one, other): (i64, i64) = (u.arbitrary()?, u.arbitrary()?);
            let shift = u.int_in_range(0..=20)?;
            let shifted = |number: i64| decimal(&format!("{number}e-{shift}"));
            assert_eq!(shifted(one).cmp(&shifted(other)), one.cmp(&other));
            assert_eq!(
                Decimal::from(one).cmp(&Decimal::from(other)),
                one.cmp(&other)
            );
            Ok(())
        });
    }
}
