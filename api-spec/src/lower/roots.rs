//! Fields with which a path can start.

use crate::model::Field;

/// Fields of a request, a response or a struct.
#[derive(Clone, Default)]
pub(super) struct Roots<'a> {
    /// Fields of the struct itself.
    own: Vec<&'a Field>,
    /// Fields of a response body that is the field `body` of that struct.
    in_body: Vec<&'a Field>,
}

impl<'a> Roots<'a> {
    pub(super) fn new(own: impl IntoIterator<Item = &'a Field>) -> Self {
        Self {
            own: own.into_iter().collect(),
            in_body: Vec::new(),
        }
    }

    pub(super) fn in_body(fields: impl IntoIterator<Item = &'a Field>) -> Self {
        Self {
            own: Vec::new(),
            in_body: fields.into_iter().collect(),
        }
    }

    pub(super) fn with_headers(mut self, headers: &'a [Field]) -> Self {
        self.own.extend(headers);
        self
    }

    /// Returns a field, and whether it is in the field `body`.
    pub(super) fn find(&self, name: &str) -> Option<(&'a Field, bool)> {
        let in_body = self.in_body.iter().map(|field| (*field, true));
        let mut all = in_body.chain(self.own.iter().map(|field| (*field, false)));
        all.find(|(field, _)| field.wire.as_str() == name)
    }

    /// Returns the names of all fields.
    pub(super) fn names(&self) -> Vec<&'a str> {
        let fields = self.in_body.iter().chain(&self.own);
        fields.map(|field| field.wire.as_str()).collect()
    }
}
