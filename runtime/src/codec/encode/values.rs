//! How the values of Rust are written.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{Encode, Encoder, Size};
use crate::codec::secret::Secret;
use crate::codec::upload::Upload;

impl<T: Encode + ?Sized> Encode for &T {
    fn encode(&self, encoder: &mut Encoder) {
        (**self).encode(encoder);
    }

    fn is_absent(&self) -> bool {
        (**self).is_absent()
    }

    fn as_upload(&self) -> Option<&Upload> {
        (**self).as_upload()
    }

    fn size(&self) -> Option<Size> {
        (**self).size()
    }

    fn fault(&self) -> Option<String> {
        (**self).fault()
    }

    fn each(&self, take: &mut dyn FnMut(&dyn Encode)) -> bool {
        (**self).each(take)
    }
}

impl Encode for str {
    fn encode(&self, encoder: &mut Encoder) {
        encoder.string(self);
    }

    fn size(&self) -> Option<Size> {
        Some(Size::of(self.chars().count()))
    }
}

impl Encode for String {
    fn encode(&self, encoder: &mut Encoder) {
        encoder.string(self);
    }

    fn size(&self) -> Option<Size> {
        self.as_str().size()
    }
}

impl Encode for bool {
    fn encode(&self, encoder: &mut Encoder) {
        encoder.literal(if *self { "true" } else { "false" });
    }
}

impl Encode for Secret {
    fn encode(&self, encoder: &mut Encoder) {
        encoder.string(if encoder.redact { "***" } else { self.expose() });
    }
}

impl Encode for u64 {
    fn encode(&self, encoder: &mut Encoder) {
        encoder.literal(&self.to_string());
    }

    fn size(&self) -> Option<Size> {
        Some(Size::Int((*self).into()))
    }
}

impl Encode for i64 {
    fn encode(&self, encoder: &mut Encoder) {
        encoder.literal(&self.to_string());
    }

    fn size(&self) -> Option<Size> {
        Some(Size::Int((*self).into()))
    }
}

impl Encode for f64 {
    /// A number; null where it is not finite, as JSON has no word for that.
    fn encode(&self, encoder: &mut Encoder) {
        match serde_json::Number::from_f64(*self) {
            Some(number) => encoder.literal(&number.to_string()),
            None => encoder.literal("null"),
        }
    }

    fn size(&self) -> Option<Size> {
        Some(Size::Float(*self))
    }
}

impl Encode for Value {
    fn encode(&self, encoder: &mut Encoder) {
        match self {
            Self::String(text) => encoder.string(text),
            other => encoder.literal(&other.to_string()),
        }
    }

    fn size(&self) -> Option<Size> {
        match self {
            Self::Null | Self::Bool(_) => None,
            Self::Number(number) => match number.as_i128() {
                Some(whole) => Some(Size::Int(whole)),
                None => number.as_f64().map(Size::Float),
            },
            Self::String(text) => text.size(),
            Self::Array(items) => Some(Size::of(items.len())),
            Self::Object(members) => Some(Size::of(members.len())),
        }
    }
}

impl Encode for Upload {
    /// A file outside a multipart body has no bytes to show; the spec language refuses it there.
    fn encode(&self, encoder: &mut Encoder) {
        encoder.string(self.name());
    }

    fn as_upload(&self) -> Option<&Upload> {
        Some(self)
    }
}

impl<T: Encode> Encode for Option<T> {
    fn encode(&self, encoder: &mut Encoder) {
        match self {
            Some(value) => value.encode(encoder),
            None => encoder.literal("null"),
        }
    }

    fn is_absent(&self) -> bool {
        self.is_none()
    }

    fn as_upload(&self) -> Option<&Upload> {
        self.as_ref().and_then(Encode::as_upload)
    }

    fn size(&self) -> Option<Size> {
        self.as_ref()?.size()
    }

    fn each(&self, take: &mut dyn FnMut(&dyn Encode)) -> bool {
        self.as_ref().is_some_and(|value| value.each(take))
    }
}

impl<T: Encode> Encode for Vec<T> {
    fn encode(&self, encoder: &mut Encoder) {
        encoder.text.push(b'[');
        for value in self {
            encoder.separate();
            value.encode(encoder);
        }
        encoder.text.push(b']');
    }

    fn size(&self) -> Option<Size> {
        Some(Size::of(self.len()))
    }

    fn each(&self, take: &mut dyn FnMut(&dyn Encode)) -> bool {
        for item in self {
            take(item);
        }
        true
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

    fn size(&self) -> Option<Size> {
        Some(Size::of(self.len()))
    }
}
