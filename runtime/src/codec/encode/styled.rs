//! Values with a style.

use super::encoder::{Encode, Encoder, Shape};
use super::joined::Joined;
use crate::operation::FieldStyle;

/// A value in a query, a form, a header or a multipart body, in this style.
pub struct Styled<'a>(pub &'a dyn Encode, pub FieldStyle<'a>);

impl Encode for Styled<'_> {
    fn encode(&self, encoder: &mut Encoder) {
        match self.1 {
            FieldStyle::Joined(separator) => Joined(self.0, separator).encode(encoder),
            FieldStyle::Json => encoder.json_text(self.0),
            FieldStyle::Brackets | FieldStyle::Indices | FieldStyle::Dots | FieldStyle::Part(_) => {
                self.0.encode(encoder);
            }
        }
    }

    fn shape(&self) -> Shape<'_> {
        let shape = self.0.shape();
        if let Shape::Absent | Shape::OutOfBounds(_) = shape {
            return shape;
        }
        match (self.1, shape) {
            (FieldStyle::Joined(_), Shape::List(list)) => Shape::Joined(list.count()),
            (FieldStyle::Json, Shape::List(list)) => Shape::Members(list.count()),
            (FieldStyle::Joined(_) | FieldStyle::Json, shape) => shape,
            (FieldStyle::Brackets, _) => Shape::Nested(self.0, FieldStyle::Brackets),
            (FieldStyle::Indices, _) => Shape::Nested(self.0, FieldStyle::Indices),
            (FieldStyle::Dots, _) => Shape::Nested(self.0, FieldStyle::Dots),
            (FieldStyle::Part(media_type), _) => Shape::Part(self.0, media_type),
        }
    }
}
