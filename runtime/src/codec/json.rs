//! Reads JSON, driven by generated code: each type asks the [`Reader`] for what it is made of.
//!
//! There is no data model between the bytes and the types, and nothing here is generic: the reader is
//! compiled once, and the `decode` of a type is a handful of calls.
//!
//! ```text
//! reader.begin_object()?;
//! while let Some(index) = reader.next_field(&["id", "tags"])? {
//!     match index {
//!         0 => id = Some(reader.id()?),
//!         _ => {
//!             reader.begin_list()?;
//!             while reader.next_item()? {
//!                 tags.push(reader.string()?);
//!             }
//!         }
//!     }
//! }
//! ```
//!
//! What is accepted is what [`serde_json::from_slice`] accepts as a [`serde_json::Value`], to the
//! letter: also the values that are skipped are checked in full. Floating point numbers are the
//! nearest to what was written, as from [`str::parse`].

mod error;
mod number;
mod path;
mod reader;
mod scan;
mod value;

#[cfg(test)]
mod tests;

pub use error::ReadError;
pub use reader::Reader;
