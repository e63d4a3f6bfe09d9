//! Fields and their bounds.

use std::sync::Arc;

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
    /// The type. It is optional for a required field that some values of its struct lack, see
    /// [`Only`].
    pub ty: Type,
    /// The direction in which the field exists. Without it, the field exists in both.
    pub only: Option<Only>,
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
    /// The documentation; may be empty. Fields with the same one share it.
    pub doc: Arc<str>,
    /// The position in the spec.
    pub span: Span,
}

impl Field {
    /// Returns whether a value must be given to construct the request or struct.
    pub fn is_required(&self) -> bool {
        match self.partial() {
            Some(Direction::Response) => false,
            Some(Direction::Request) => self.is_required_in(Direction::Request),
            None => !self.ty.is_optional() && self.default.is_none(),
        }
    }

    /// Returns whether a value in this direction is invalid without the field.
    pub fn is_required_in(&self, direction: Direction) -> bool {
        self.exists_in(direction) && !self.declared_type().is_optional() && self.default.is_none()
    }

    /// Returns whether values in this direction may have the field.
    pub fn exists_in(&self, direction: Direction) -> bool {
        self.only.is_none_or(|only| only.direction == direction)
    }

    /// Returns whether a value of the struct may have the field. Other fields do not exist in Rust.
    pub fn is_used(&self) -> bool {
        self.only
            .is_none_or(|only| only.presence != Presence::Never)
    }

    /// Returns the direction of a field that does not exist in all values of its struct.
    pub fn partial(&self) -> Option<Direction> {
        let only = self.only.filter(|it| it.presence == Presence::Sometimes);
        only.map(|only| only.direction)
    }

    /// Returns whether the caller may set the field after the construction of the request or struct.
    pub fn has_setter(&self) -> bool {
        !self.is_required() && self.partial() != Some(Direction::Response)
    }

    /// Returns the type in the spec.
    pub fn declared_type(&self) -> &Type {
        match (&self.ty, self.only) {
            (Type::Optional(ty), Some(only)) if only.is_wrapped => ty,
            (ty, _) => ty,
        }
    }

    /// Sets the presence of a field with `only`.
    pub(crate) fn set_presence(&mut self, presence: Presence) {
        let is_required = !self.ty.is_optional() && self.default.is_none();
        if let Some(only) = &mut self.only {
            only.presence = presence;
            only.is_wrapped = is_required && presence == Presence::Sometimes;
            if only.is_wrapped {
                self.ty = Type::Optional(Box::new(self.ty.clone()));
            }
        }
    }
}

/// Direction of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// Values that are sent.
    Request,
    /// Values that are received.
    Response,
}

impl Direction {
    /// Returns the value of `only`.
    pub const fn keyword(self) -> &'static str {
        match self {
            Self::Request => "request",
            Self::Response => "response",
        }
    }
}

/// Restriction of a field to one direction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Only {
    /// The direction in which the field exists.
    pub direction: Direction,
    /// The values of the struct with the field.
    pub presence: Presence,
    /// `true` if the field is required, and its type is optional because some values lack it.
    is_wrapped: bool,
}

impl Only {
    /// Returns the restriction of a field whose struct has values in its direction only.
    pub(crate) const fn new(direction: Direction) -> Self {
        Self {
            direction,
            presence: Presence::Always,
            is_wrapped: false,
        }
    }
}

/// Presence of a field with `only`, which depends on the endpoints that use the struct.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    /// All values of the struct are in the direction of the field.
    Always,
    /// The struct has values in both directions.
    Sometimes,
    /// No value of the struct is in the direction of the field.
    Never,
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
