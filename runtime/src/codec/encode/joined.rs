//! Lists as one text.

use super::encoder::{Encode, Encoder, Shape};

/// A list that is written as one text with a separator between the items. An empty list is absent.
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
            Shape::List(list) if list.count() == 0 => Shape::Absent,
            // Not a list any more, which the encoder would write as one field per item.
            Shape::List(list) => Shape::Items(list.count()),
            other => other,
        }
    }
}
