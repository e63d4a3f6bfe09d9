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
    /// The encoding of a value outside of JSON. Without it, each item of a list is a separate parameter
    /// or part.
    pub style: Option<FieldStyle>,
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

/// Encoding of a value in a query, a form, a header or a multipart body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FieldStyle {
    /// `comma`, `space` and `pipe`: a list as one string with this separator.
    Joined(char),
    /// `brackets`: `a[key]=1`, `a[]=1` and `a[][key]=1`.
    Brackets,
    /// `indices`: `a[key]=1`, `a[0]=1` and `a[0][key]=1`.
    Indices,
    /// `dots`: `a.key=1`, `a=1` and `a[0].key=1`.
    Dots,
    /// `json`: JSON text.
    Json,
    /// `content_type`: a part of a multipart body with this media type.
    Part(String),
}

impl FieldStyle {
    /// Returns the value of `style`, or `None` for a media type.
    pub fn keyword(&self) -> Option<&'static str> {
        Some(match self {
            Self::Joined(' ') => "space",
            Self::Joined('|') => "pipe",
            Self::Joined(_) => "comma",
            Self::Brackets => "brackets",
            Self::Indices => "indices",
            Self::Dots => "dots",
            Self::Json => "json",
            Self::Part(_) => return None,
        })
    }

    /// Returns the style in the notation of field tables.
    pub(super) fn code(&self) -> String {
        match self {
            Self::Joined(separator) => separator.to_string(),
            Self::Brackets => "b".to_owned(),
            Self::Indices => "i".to_owned(),
            Self::Dots => "d".to_owned(),
            Self::Json => "j".to_owned(),
            Self::Part(media_type) => format!("m{media_type}"),
        }
    }
}
