//! Values of standard types.

use std::collections::BTreeMap;

use serde_json::Value;

use super::encoder::{Encode, Encoder, List, Shape};
use crate::codec::secret::Secret;
use crate::codec::upload::Upload;
use crate::operation::{Literal, Size};

impl<T: Encode + ?Sized> Encode for &T {
    fn encode(&self, encoder: &mut Encoder) {
        (**self).encode(encoder);
    }

    fn shape(&self) -> Shape<'_> {
        (**self).shape()
    }
}

impl<T: Encode + ?Sized> Encode for Box<T> {
    fn encode(&self, encoder: &mut Encoder) {
        (**self).encode(encoder);
    }

    fn shape(&self) -> Shape<'_> {
        (**self).shape()
    }
}

impl Encode for str {
    fn encode(&self, encoder: &mut Encoder) {
        encoder.string(self);
    }

    fn shape(&self) -> Shape<'_> {
        Shape::Text(self)
    }
}

impl Encode for String {
    fn encode(&self, encoder: &mut Encoder) {
        encoder.string(self);
    }

    fn shape(&self) -> Shape<'_> {
        Shape::Text(self)
    }
}

impl Encode for bool {
    fn encode(&self, encoder: &mut Encoder) {
        encoder.literal(if *self { "true" } else { "false" });
    }
}

impl Encode for Secret {
    fn encode(&self, encoder: &mut Encoder) {
        encoder.secret(self);
    }
}

impl Encode for u64 {
    fn encode(&self, encoder: &mut Encoder) {
        encoder.literal(&self.to_string());
    }

    fn shape(&self) -> Shape<'_> {
        Shape::Number(Size::Int((*self).into()))
    }
}

impl Encode for i64 {
    fn encode(&self, encoder: &mut Encoder) {
        encoder.literal(&self.to_string());
    }

    fn shape(&self) -> Shape<'_> {
        Shape::Number(Size::Int((*self).into()))
    }
}

impl Encode for f64 {
    /// Writes a number. A request with a number that is not finite is not sent.
    fn encode(&self, encoder: &mut Encoder) {
        encoder.float(*self);
    }

    fn shape(&self) -> Shape<'_> {
        Shape::Number(Size::Float(*self))
    }
}

impl Encode for Value {
    fn encode(&self, encoder: &mut Encoder) {
        encoder.json_value(self);
    }

    fn shape(&self) -> Shape<'_> {
        match self {
            Self::Null | Self::Bool(_) => Shape::Value,
            Self::Number(number) => match (number.as_i128(), number.as_f64()) {
                (Some(int), _) => Shape::Number(Size::Int(int)),
                (None, Some(float)) => Shape::Number(Size::Float(float)),
                (None, None) => Shape::Value,
            },
            Self::String(text) => Shape::Text(text),
            Self::Array(items) => Shape::Members(items.len()),
            Self::Object(members) => Shape::Members(members.len()),
        }
    }
}

impl Encode for Literal<'_> {
    fn encode(&self, encoder: &mut Encoder) {
        match self {
            Self::Bool(value) => value.encode(encoder),
            Self::Int(value) => value.encode(encoder),
            Self::Float(value) => value.encode(encoder),
            Self::String(value) => value.encode(encoder),
        }
    }
}

impl Encode for Upload {
    /// Writes the file name. Specs accept files in multipart bodies and as raw bodies only, where
    /// the content is streamed instead.
    fn encode(&self, encoder: &mut Encoder) {
        encoder.string(self.name());
    }

    fn shape(&self) -> Shape<'_> {
        Shape::Upload(self)
    }
}

impl<T: Encode> Encode for Option<T> {
    fn encode(&self, encoder: &mut Encoder) {
        match self {
            Some(value) => value.encode(encoder),
            None => encoder.null(),
        }
    }

    fn shape(&self) -> Shape<'_> {
        self.as_ref().map_or(Shape::Absent, Encode::shape)
    }
}

impl<T: Encode> Encode for Vec<T> {
    fn encode(&self, encoder: &mut Encoder) {
        encoder.begin_list();
        for value in self {
            encoder.begin_item();
            value.encode(encoder);
        }
        encoder.end_list();
    }

    fn shape(&self) -> Shape<'_> {
        Shape::List(self)
    }
}

impl<T: Encode> List for Vec<T> {
    fn count(&self) -> usize {
        self.len()
    }

    fn item(&self, index: usize) -> Option<&dyn Encode> {
        self.get(index).map(|item| item as &dyn Encode)
    }
}

impl<T: Encode> Encode for BTreeMap<String, T> {
    fn encode(&self, encoder: &mut Encoder) {
        encoder.begin_object();
        for (name, value) in self {
            encoder.field(name, value);
        }
        encoder.end_object();
    }

    fn shape(&self) -> Shape<'_> {
        Shape::Members(self.len())
    }
}
