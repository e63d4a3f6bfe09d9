//! Paths to fields.

use std::fmt;

use super::literal::Literal;
use super::names::{RustName, WireName};
use super::types::Type;

/// A field, or a field of a struct in another field, e.g. `state.life_cycle_state`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldPath {
    /// `true` if the value is in the field `body` of a struct of a response body and headers.
    pub in_body: bool,
    /// The fields, from the outermost one to the value. Empty for a whole response body.
    pub steps: Vec<Step>,
}

/// A field on a [`FieldPath`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// The key on the wire.
    pub wire: WireName,
    /// The field in Rust.
    pub rust: RustName,
    /// The type.
    pub ty: Type,
    /// The value of an absent field.
    pub default: Option<Literal>,
}

impl FieldPath {
    /// Returns whether the value may be absent, because it or one of its parents is optional.
    pub fn is_optional(&self) -> bool {
        self.steps.iter().any(|step| step.ty.is_optional())
    }

    /// Returns whether the value is a field of another one.
    pub fn is_nested(&self) -> bool {
        self.in_body || self.steps.len() != 1
    }

    /// Returns the path as written in a spec.
    pub fn wire(&self) -> String {
        let names: Vec<&str> = self.steps.iter().map(|step| step.wire.as_str()).collect();
        match names.as_slice() {
            [] => "body".to_owned(),
            names => names.join("."),
        }
    }
}

/// Writes the path in Rust.
impl fmt::Display for FieldPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let body = (self.in_body || self.steps.is_empty()).then_some("body");
        let names = self.steps.iter().map(|step| step.rust.as_str());
        let names: Vec<&str> = body.into_iter().chain(names).collect();
        f.write_str(&names.join("."))
    }
}
