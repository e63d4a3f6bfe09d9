//! Conversion of schemas to types.
//!
//! ```text
//! convert ──▶ a schema becomes a type expression; a type that needs a name is declared and queued
//! complete ─▶ queued types get their fields and variants, which may declare further types
//! ```
//!
//! The queue keeps the recursion shallow: a chain of any number of declared types is converted
//! with the same stack.

mod alternatives;
mod complete;
mod convert;
mod enums;
mod fields;
mod kinds;
mod registry;
mod tags;
mod unions;

pub(super) use fields::field;
pub(super) use registry::Types;
