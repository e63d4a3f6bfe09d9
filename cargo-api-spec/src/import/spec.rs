//! The resulting spec: its model, and how it is written.
//!
//! ```text
//! draft ──▶ cycles, directions ──▶ prune ──▶ write ──▶ validate
//! ```

mod cycles;
mod directions;
mod draft;
pub(super) mod names;
mod prune;
mod validate;
mod write;

pub(super) use draft::{
    Content, Draft, Endpoint, EnumValue, Field, KindVariant, Request, TypeDecl, TypeExpr, TypeKind,
    Variant,
};
pub(super) use validate::write_valid;
