//! What may be sent for a field.

use std::fmt;

use super::{Encode, Encoder};
use crate::codec::upload::Upload;

/// How large a value is: a number itself, a text in characters, a list or a map in items.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Size {
    /// A whole number.
    Int(i128),
    /// A number with a fraction.
    Float(f64),
}

impl Size {
    fn read(text: &str) -> Option<Self> {
        let whole = text.parse().ok().map(Self::Int);
        whole.or_else(|| text.parse().ok().map(Self::Float))
    }

    /// The size of what has this many pieces.
    pub(crate) fn of(length: usize) -> Self {
        Self::Int(i128::try_from(length).unwrap_or(i128::MAX))
    }

    #[expect(
        clippy::cast_precision_loss,
        reason = "bounds with fractions are for floats"
    )]
    fn is_less(self, other: Self) -> bool {
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

/// The least and the greatest that may be sent.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bounds {
    /// The least.
    pub min: Option<Size>,
    /// The greatest.
    pub max: Option<Size>,
}

impl Bounds {
    /// Bounds as texts, empty where there is none.
    pub(crate) fn read(min: &str, max: &str) -> Option<Self> {
        let (min, max) = (Size::read(min), Size::read(max));
        (min.is_some() || max.is_some()).then_some(Self { min, max })
    }

    /// What is wrong with a value of this size.
    fn fault(self, size: Size) -> Option<String> {
        let low = self.min.filter(|min| size.is_less(*min));
        let high = self.max.filter(|max| max.is_less(size));
        low.map(|min| format!("at least {min}"))
            .or_else(|| high.map(|max| format!("at most {max}")))
    }
}

/// A value that is refused where it is out of bounds. The check is here, not where requests are
/// made, so that nothing gets past it: fields are public, and calls by name have no requests.
pub struct Bounded<'a>(pub &'a dyn Encode, pub Bounds);

impl Encode for Bounded<'_> {
    fn encode(&self, encoder: &mut Encoder) {
        self.0.encode(encoder);
    }

    fn is_absent(&self) -> bool {
        self.0.is_absent()
    }

    fn as_upload(&self) -> Option<&Upload> {
        self.0.as_upload()
    }

    fn each(&self, take: &mut dyn FnMut(&dyn Encode)) -> bool {
        self.0.each(take)
    }

    fn fault(&self) -> Option<String> {
        self.1.fault(self.0.size()?)
    }
}
