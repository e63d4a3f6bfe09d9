//! Deserialization of rows into the types of the caller.
//!
//! ```text
//! cell ──▶ access ──▶ key
//!      └──────┴────────┴───▶ error
//! ```

mod access;
mod cell;
mod error;
mod key;

pub(super) use self::cell::{FieldOrder, Record};
pub(super) use self::error::CellError;
