//! Pull reader of JSON, driven by the types that are decoded.
//!
//! There is no data model between the bytes and the types, and no function is generic over them. The
//! reader is therefore compiled once, and decoding a type is a few calls:
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
//! The reader accepts the documents that [`serde_json::from_slice`] accepts as a
//! [`serde_json::Value`]. In addition, it accepts unpaired surrogates such as `"\ud83d"`, which become
//! U+FFFD: text that a server has cut is not lost. The syntax of skipped values is checked as well.
//! Floating point numbers are rounded correctly, as by [`str::parse`].

mod any;
mod error;
mod lookahead;
mod number;
mod path;
mod position;
mod reader;
mod scalars;
pub(crate) mod scan;
mod skip;
mod syntax;

#[cfg(test)]
mod tests;

pub(crate) use self::any::parse;
pub use self::error::ReadError;
pub use self::position::Position;
pub use self::reader::Reader;
pub(crate) use self::syntax::TableSize;
