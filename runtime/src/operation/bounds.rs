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
    /// Parses a number.
    pub(crate) fn parse(text: &str) -> Option<Self> {
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
    pub(crate) fn violation(self, size: Size, unit: Unit) -> Option<Violation> {
        let min = self.min.filter(|min| size.is_less_than(*min));
        let max = self.max.filter(|max| max.is_less_than(size));
        let violation = |side, bound| Violation { side, bound, unit };
        min.map(|min| violation("at least", min))
            .or_else(|| max.map(|max| violation("at most", max)))
    }
}

/// Unit of a [`Size`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// The size is the value itself.
    None,
    /// The number of characters of a string.
    Characters,
    /// The number of items of a list or map.
    Items,
}

/// A violated bound. Its `Display` form states the requirement, for example `at least 1` or `at most 3
/// characters long`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Violation {
    side: &'static str,
    bound: Size,
    unit: Unit,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.side, self.bound)?;
        let unit = match self.unit {
            Unit::None => return Ok(()),
            Unit::Characters => "character",
            Unit::Items => "item",
        };
        let plural = if self.bound == Size::Int(1) { "" } else { "s" };
        write!(f, " {unit}{plural} long")
    }
}
