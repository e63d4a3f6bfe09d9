//! Fields that exist in one direction.

use super::encoder::{Encode, Encoder, Shape};

/// A field that requests must have. A value from a response lacks it, and is not sent without it.
pub struct RequestOnly<'a>(pub &'a dyn Encode);

impl Encode for RequestOnly<'_> {
    fn encode(&self, encoder: &mut Encoder) {
        self.0.encode(encoder);
    }

    fn shape(&self) -> Shape<'_> {
        match self.0.shape() {
            Shape::Absent => Shape::Missing,
            shape => shape,
        }
    }
}

/// A field that is not sent. It is part of the representation in serde.
pub struct ResponseOnly<'a>(pub &'a dyn Encode);

impl Encode for ResponseOnly<'_> {
    fn encode(&self, encoder: &mut Encoder) {
        self.0.encode(encoder);
    }

    fn shape(&self) -> Shape<'_> {
        Shape::Received(self.0)
    }
}
