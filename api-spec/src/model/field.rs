//! Fields and their bounds.

use super::literal::Literal;
use super::names::{RustName, WireName};
use super::types::Type;
use crate::source::Span;

/// A field of a request, a response, a struct or a variant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// The key on the wire.
    pub wire: WireName,
    /// The field in Rust.
    pub rust: RustName,
    /// The type.
    pub ty: Type,
    /// The separator of a list that is sent as one string. Otherwise each item of a list is a
    /// separate parameter or part.
    pub join: Option<char>,
    /// The value of an absent field.
    pub default: Option<Literal>,
    /// `true` if the type of the field contains the one with the field, so that Rust needs a `Box`.
    pub is_boxed: bool,
    /// Bounds that are checked before a request is sent.
    pub bounds: Bounds,
    /// The deprecation note.
    pub deprecated: Option<String>,
    /// The documentation; may be empty.
    pub doc: String,
    /// The position in the spec.
    pub span: Span,
}

impl Field {
    /// Returns whether a value must be given to construct the request or struct.
    pub fn is_required(&self) -> bool {
        !self.ty.is_optional() && self.default.is_none()
    }
}

/// Inclusive bounds of a number, of the number of characters of a string, or of the number of items of
/// a list or map.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bounds {
    /// The minimum, a number.
    pub min: Option<Literal>,
    /// The maximum, a number.
    pub max: Option<Literal>,
}

impl Bounds {
    /// Returns whether there are no bounds.
    pub fn is_empty(&self) -> bool {
        self.min.is_none() && self.max.is_none()
    }
}
