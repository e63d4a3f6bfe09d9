//! Lists as one text.

use super::encoder::{Encode, Encoder, Shape};

/// A list that is written as one text with a separator between the items. The field
/// of an empty list is omitted.
pub struct Joined<'a>(pub &'a dyn Encode, pub char);

impl Encode for Joined<'_> {
    fn encode(&self, encoder: &mut Encoder) {
        let Shape::List(list) = self.0.shape() else {
            return self.0.encode(encoder);
        };
        for (index, item) in list.items().enumerate() {
            if index > 0 {
                encoder.separator(self.1);
            }
            item.encode(encoder);
        }
    }

    fn shape(&self) -> Shape<'_> {
        match self.0.shape() {
            Shape::List(list) => Shape::Joined(list.count()),
            other => other,
        }
    }
}
