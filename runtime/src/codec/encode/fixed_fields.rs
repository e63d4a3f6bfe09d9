//! What is sent with a request beside its own fields.

use std::hash::{BuildHasher as _, RandomState};

use super::{Encode, Encoder, Request};
use crate::operation::{FieldLocation, Literal, Operation};

/// A request with the values that are fixed for its operation, and with the key by which the server
/// knows it, if the request has none of its own.
pub(crate) struct WithFixedFields<'a> {
    request: &'a dyn Request,
    operation: &'static Operation,
    /// One for all tries.
    key: Option<String>,
}

impl<'a> WithFixedFields<'a> {
    pub(crate) fn new(operation: &'static Operation, request: &'a dyn Request) -> Self {
        Self {
            request,
            operation,
            key: operation.idempotency_key.map(|_| unique()),
        }
    }

    fn write(&self, encoder: &mut Encoder, here: FieldLocation, own: impl FnOnce(&mut Encoder)) {
        for (location, name, value) in self.operation.fixed {
            if *location == here {
                encoder.field(name, value);
            }
        }
        let key = self
            .operation
            .idempotency_key
            .filter(|(location, _)| *location == here);
        encoder.pending_key = key.map(|(_, name)| name);
        own(encoder);
        if let (Some(name), Some(key)) = (encoder.pending_key.take(), &self.key) {
            encoder.field(name, key);
        }
    }
}

impl Request for WithFixedFields<'_> {
    fn path(&self, encoder: &mut Encoder) {
        self.request.path(encoder);
    }

    fn query(&self, encoder: &mut Encoder) {
        self.write(encoder, FieldLocation::Query, |encoder| {
            self.request.query(encoder)
        });
    }

    fn headers(&self, encoder: &mut Encoder) {
        self.write(encoder, FieldLocation::Header, |encoder| {
            self.request.headers(encoder)
        });
    }

    fn body(&self, encoder: &mut Encoder) {
        self.write(encoder, FieldLocation::Body, |encoder| {
            self.request.body(encoder)
        });
    }
}

impl Encode for Literal {
    fn encode(&self, encoder: &mut Encoder) {
        match self {
            Self::Bool(value) => value.encode(encoder),
            Self::Int(value) => value.encode(encoder),
            Self::Float(value) => value.encode(encoder),
            Self::Text(value) => value.encode(encoder),
        }
    }
}

/// A UUID of version 4. Its bits come from the keys of a hasher, which the operating system seeds:
/// what jitter is made of would not do, as two machines may begin it alike.
fn unique() -> String {
    let hasher = RandomState::new();
    let [high, low] = [0_u8, 1].map(|half| hasher.hash_one(half));
    format!(
        "{:08x}-{:04x}-4{:03x}-{:04x}-{:012x}",
        high >> 32,
        (high >> 16) & 0xffff,
        high & 0xfff,
        0x8000 | (low >> 48) & 0x3fff,
        low & 0xffff_ffff_ffff,
    )
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn no_text_comes_twice() {
        let texts: HashSet<_> = (0..10_000).map(|_| unique()).collect();
        assert_eq!(texts.len(), 10_000);
        for text in texts {
            let bytes = text.as_bytes();
            assert_eq!(text.len(), 36, "{text}");
            assert!(text.split('-').map(str::len).eq([8, 4, 4, 4, 12]), "{text}");
            assert!(bytes[14] == b'4' && b"89ab".contains(&bytes[19]), "{text}");
        }
    }
}
