//! What is sent with a request beside its own fields.

use std::hash::{BuildHasher as _, RandomState};

use super::{Encode, Encoder, Request};
use crate::operation::{Literal, Operation, Place};

/// A request with the values that are fixed for its operation, and with the key by which the server
/// knows it, if the request has none of its own.
pub(crate) struct Complete<'a> {
    request: &'a dyn Request,
    operation: &'static Operation,
    /// One for all tries.
    key: Option<String>,
}

impl<'a> Complete<'a> {
    pub(crate) fn new(operation: &'static Operation, request: &'a dyn Request) -> Self {
        Self {
            request,
            operation,
            key: operation.key.map(|_| unique()),
        }
    }

    fn write(&self, to: &mut Encoder, here: Place, own: impl FnOnce(&mut Encoder)) {
        for (place, name, value) in self.operation.fixed {
            if *place == here {
                to.field(name, value);
            }
        }
        let key = self.operation.key.filter(|(place, _)| *place == here);
        to.sought = key.map(|(_, name)| name);
        own(to);
        if let (Some(name), Some(key)) = (to.sought.take(), &self.key) {
            to.field(name, key);
        }
    }
}

impl Request for Complete<'_> {
    fn path(&self, to: &mut Encoder) {
        self.request.path(to);
    }

    fn query(&self, to: &mut Encoder) {
        self.write(to, Place::Query, |to| self.request.query(to));
    }

    fn headers(&self, to: &mut Encoder) {
        self.write(to, Place::Header, |to| self.request.headers(to));
    }

    fn body(&self, to: &mut Encoder) {
        self.write(to, Place::Body, |to| self.request.body(to));
    }
}

impl Encode for Literal {
    fn encode(&self, to: &mut Encoder) {
        match self {
            Self::Bool(value) => value.encode(to),
            Self::Int(value) => value.encode(to),
            Self::Float(value) => value.encode(to),
            Self::Text(value) => value.encode(to),
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
