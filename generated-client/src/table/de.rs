//! Deserialization of rows into the types of the caller.
//!
//! ```text
//! value ──▶ access ──▶ key
//!       └──────┴────────┴───▶ error
//! ```

mod access;
mod error;
mod key;
mod value;

pub(super) use self::error::CellError;
pub(super) use self::value::Record;
