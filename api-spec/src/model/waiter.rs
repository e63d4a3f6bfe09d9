//! Waiters.

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
    /// The response field with the status.
    pub field: RustName,
    /// `true` if that field may be absent. An absent status is pending.
    pub optional: bool,
    /// The enum of the status.
    pub status: RustName,
    /// The variants that end the wait successfully.
    pub until: Vec<RustName>,
    /// The variants that end the wait with an error.
    pub fail: Vec<RustName>,
    /// The pending variants. Unknown values are pending too.
    pub pending: Vec<RustName>,
    /// The position in the spec.
    pub span: Span,
}

/// Source of a value for a field of the poll request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Binding {
    /// A field of the first request.
    Request(RustName),
    /// A field of the first response.
    Response(RustName),
}
