//! Waiters.

use std::fmt;

use super::field_path::FieldPath;
use super::names::RustName;
use crate::source::Span;

/// A function that polls an endpoint until a status is final.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiter {
    /// The generated function, e.g. `wait_for_create`.
    pub function: RustName,
    /// The generated function that classifies a response of the poll, e.g. `create_progress`.
    pub progress: RustName,
    /// The module of the polled endpoint.
    pub group: RustName,
    /// The function of the polled endpoint.
    pub poll: RustName,
    /// The request struct of the polled endpoint.
    pub request: RustName,
    /// The response type of the polled endpoint.
    pub response: RustName,
    /// `true` if the response type is declared under `[structs]`.
    pub declared: bool,
    /// The values of the required fields of the poll request, in the order of these fields.
    pub bind: Vec<Binding>,
    /// The response field with the status. An absent status is pending.
    pub field: FieldPath,
    /// The type of the status.
    pub status: StatusType,
    /// The values that end the wait successfully.
    pub until: Vec<Status>,
    /// The values that end the wait with an error.
    pub fail: Vec<Status>,
    /// The pending values. Unknown values are pending too.
    pub pending: Vec<Status>,
    /// The position in the spec.
    pub span: Span,
}

/// Source of a value for a field of the poll request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Binding {
    /// A field of the first request.
    Request(FieldPath),
    /// A field of the first response.
    Response(FieldPath),
}

/// The type of a status.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StatusType {
    /// A name declared in `[enums]`.
    Enum(RustName),
    /// `bool`
    Bool,
}

/// A value of a status.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Status {
    /// A variant of an enum.
    Variant(RustName),
    /// `true` or `false`.
    Bool(bool),
}

/// Writes the name of the variant, or the value.
impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Variant(name) => f.write_str(name.unraw()),
            Self::Bool(value) => value.fmt(f),
        }
    }
}
