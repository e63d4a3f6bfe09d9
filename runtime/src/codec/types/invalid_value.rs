//! Error of values that a type cannot represent.

use std::error::Error;
use std::fmt;

/// Error of a conversion to [`Date`](super::Date) or [`Decimal`](super::Decimal), or from one of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidValue {
    expected: &'static str,
}

impl InvalidValue {
    pub(super) const fn new(expected: &'static str) -> Self {
        Self { expected }
    }

    /// Returns the description of valid values.
    pub(super) const fn expected(self) -> &'static str {
        self.expected
    }
}

impl fmt::Display for InvalidValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "invalid value, expected {}", self.expected)
    }
}

impl Error for InvalidValue {}
