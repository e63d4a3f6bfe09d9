//! Values with bounds.

use super::encoder::{Encode, Encoder, Shape};
use crate::operation::Bounds;

/// A value that must be within bounds. A request with a value outside of them is not sent.
///
/// The encoder checks the bounds, instead of the setters of a request, because the fields of
/// requests are public and because calls by name do not use request structs.
pub struct Bounded<'a>(pub &'a dyn Encode, pub Bounds);

impl Encode for Bounded<'_> {
    fn encode(&self, encoder: &mut Encoder) {
        self.0.encode(encoder);
    }

    fn shape(&self) -> Shape<'_> {
        let shape = self.0.shape();
        let violation = shape
            .size()
            .and_then(|size| self.1.violation(size, shape.unit()));
        violation.map_or(shape, Shape::OutOfBounds)
    }
}
