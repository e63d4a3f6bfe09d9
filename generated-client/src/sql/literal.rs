//! Values of parameters, and their literals.

use std::error::Error;
use std::fmt;
use std::str::FromStr;

/// Value of a parameter. `Display` writes the literal of SQL.
///
/// # Examples
///
/// ```
/// use generated_client::sql::Literal;
///
/// assert_eq!(Literal::from("Köln").to_string(), "'Köln'");
/// assert_eq!(Literal::from("it's").to_string(), "CAST(X'69742773' AS STRING)");
/// assert_eq!(Literal::from(-3).to_string(), "(-3)");
/// assert_eq!(Literal::from(0.5).to_string(), "5e-1");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Literal {
    /// `NULL`
    Null,
    /// `TRUE` or `FALSE`
    Bool(bool),
    /// A number: `INT`, `BIGINT` or `DECIMAL` by its digits, or `DOUBLE` if it has an exponent.
    Number(Number),
    /// `STRING`
    Text(String),
}

/// Number with the digits that it was written with, in the syntax of JSON.
///
/// # Examples
///
/// ```
/// use generated_client::sql::{Literal, Number};
///
/// // `DECIMAL(3,2)`
/// let price: Number = "1.50".parse()?;
/// assert_eq!(Literal::from(price).to_string(), "1.50");
/// # Ok::<(), generated_client::sql::InvalidNumber>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Number(String);

impl Number {
    /// Returns the number as it was written.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Text is not a number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidNumber(());

impl fmt::Display for InvalidNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("expected a number such as `5`, `-0.50` or `1e3`")
    }
}

impl Error for InvalidNumber {}

impl FromStr for Number {
    type Err = InvalidNumber;

    fn from_str(text: &str) -> Result<Self, InvalidNumber> {
        if is_number(text) {
            Ok(Self(text.to_owned()))
        } else {
            Err(InvalidNumber(()))
        }
    }
}

/// Returns whether text has the syntax of a number in JSON.
fn is_number(text: &str) -> bool {
    let is_digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (unsigned, None),
    };
    let (integer, fraction) = match mantissa.split_once('.') {
        Some((integer, fraction)) => (integer, Some(fraction)),
        None => (mantissa, None),
    };
    let exponent = exponent.map(|text| text.strip_prefix(['+', '-']).unwrap_or(text));
    is_digits(integer)
        && (integer == "0" || !integer.starts_with('0'))
        && fraction.is_none_or(is_digits)
        && exponent.is_none_or(is_digits)
}

impl fmt::Display for Literal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => f.write_str("NULL"),
            Self::Bool(true) => f.write_str("TRUE"),
            Self::Bool(false) => f.write_str("FALSE"),
            // `3-:n` must not begin a comment.
            Self::Number(Number(text)) if text.starts_with('-') => write!(f, "({text})"),
            Self::Number(Number(text)) => f.write_str(text),
            Self::Text(text) if is_plain(text) => write!(f, "'{text}'"),
            Self::Text(text) => write_as_bytes(text, f),
        }
    }
}

/// Returns whether text means the same in a string of every configuration of Spark: escapes can be switched
/// off, and `${...}` is substituted also in strings.
fn is_plain(text: &str) -> bool {
    !text.contains(|c: char| matches!(c, '\'' | '\\' | '$') || c.is_control())
}

fn write_as_bytes(text: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    f.write_str("CAST(X'")?;
    text.bytes().try_for_each(|byte| write!(f, "{byte:02X}"))?;
    f.write_str("' AS STRING)")
}

impl From<Number> for Literal {
    fn from(value: Number) -> Self {
        Self::Number(value)
    }
}

impl From<bool> for Literal {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl From<i32> for Literal {
    fn from(value: i32) -> Self {
        Self::Number(Number(value.to_string()))
    }
}

impl From<i64> for Literal {
    fn from(value: i64) -> Self {
        Self::Number(Number(value.to_string()))
    }
}

/// `NaN` and the infinities are strings, which Spark converts to numbers.
impl From<f64> for Literal {
    fn from(value: f64) -> Self {
        if value.is_finite() {
            // The exponent makes the literal a `DOUBLE`.
            Self::Number(Number(format!("{value:e}")))
        } else {
            Self::Text(value.to_string())
        }
    }
}

impl From<&str> for Literal {
    fn from(value: &str) -> Self {
        Self::Text(value.to_owned())
    }
}

impl From<String> for Literal {
    fn from(value: String) -> Self {
        Self::Text(value)
    }
}

/// `None` is `NULL`.
impl<T: Into<Literal>> From<Option<T>> for Literal {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}
