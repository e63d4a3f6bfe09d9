//! Bounds of the fields of requests.

use std::fmt;

/// Size of a value: a number itself, the number of characters of a string, or the number of items of
/// a list or map.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Size {
    /// An integer.
    Int(i128),
    /// A floating point number.
    Float(f64),
}

impl Size {
    fn parse(text: &str) -> Option<Self> {
        let int = text.parse().ok().map(Self::Int);
        int.or_else(|| text.parse().ok().map(Self::Float))
    }

    /// Returns the size of a value with `count` characters or items.
    pub(crate) fn of_count(count: usize) -> Self {
        Self::Int(i128::try_from(count).unwrap_or(i128::MAX))
    }

    #[expect(
        clippy::cast_precision_loss,
        reason = "only fields of the type `float` have bounds with fractions"
    )]
    fn is_less_than(self, other: Self) -> bool {
        match (self, other) {
            (Self::Int(one), Self::Int(other)) => one < other,
            (Self::Float(one), Self::Float(other)) => one < other,
            (Self::Int(one), Self::Float(other)) => (one as f64) < other,
            (Self::Float(one), Self::Int(other)) => one < other as f64,
        }
    }
}

impl fmt::Display for Size {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Int(number) => number.fmt(f),
            Self::Float(number) => number.fmt(f),
        }
    }
}

/// Inclusive bounds of the [`Size`] of a field.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bounds {
    /// The smallest valid size.
    pub min: Option<Size>,
    /// The largest valid size.
    pub max: Option<Size>,
}

impl Bounds {
    /// Parses the bounds of a field table, in which a missing bound is an empty text.
    pub(crate) fn parse(min: &str, max: &str) -> Option<Self> {
        let (min, max) = (Size::parse(min), Size::parse(max));
        (min.is_some() || max.is_some()).then_some(Self { min, max })
    }

    /// Returns the bound that a value of this size violates.
    pub(crate) fn violation(self, size: Size) -> Option<Violation> {
        let min = self.min.filter(|min| size.is_less_than(*min));
        let max = self.max.filter(|max| max.is_less_than(size));
        min.map(Violation::LessThanMin)
            .or_else(|| max.map(Violation::GreaterThanMax))
    }
}

/// A violated bound. Its `Display` form states the requirement, for example `at least 1`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Violation {
    /// The size is less than this minimum.
    LessThanMin(Size),
    /// The size is greater than this maximum.
    GreaterThanMax(Size),
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::LessThanMin(min) => write!(f, "at least {min}"),
            Self::GreaterThanMax(max) => write!(f, "at most {max}"),
        }
    }
}
