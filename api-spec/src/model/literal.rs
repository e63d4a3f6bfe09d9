//! Literal values.

use std::fmt;

/// A literal value in a spec.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Literal {
    /// `true` or `false`.
    Bool(bool),
    /// An integer.
    Int(i64),
    /// A number with a fraction.
    Float(Float),
    /// A string.
    String(String),
}

/// Writes the value without quotes.
impl fmt::Display for Literal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bool(value) => value.fmt(f),
            Self::Int(value) => value.fmt(f),
            Self::Float(value) => value.0.fmt(f),
            Self::String(text) => f.write_str(text),
        }
    }
}

/// A finite 64-bit floating-point number.
#[derive(Clone, Copy, Debug)]
pub struct Float(pub f64);

// The reader rejects NaN, so comparing the bits is reflexive.
impl PartialEq for Float {
    fn eq(&self, other: &Self) -> bool {
        self.0.to_bits() == other.0.to_bits()
    }
}

impl Eq for Float {}
