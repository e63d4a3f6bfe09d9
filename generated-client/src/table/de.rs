//! Deserialization of rows into the types of the caller.
//!
//! ```text
//! record ──▶ cell ──▶ access, key ──▶ error
//! ```

mod access;
mod cell;
mod error;
mod forward;
mod key;
mod record;

pub(super) use self::error::CellError;
pub(super) use self::record::{FieldOrder, Record};
