//! Severity of diagnostics.

/// Severity of a [`Diagnostic`](super::Diagnostic).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// No client can be generated from the spec.
    Error,
    /// The spec is valid, but probably not what its author meant.
    Warning,
}
