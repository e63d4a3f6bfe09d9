//! Decoding of responses.

mod fields;
mod traits;
mod values;

pub use self::fields::{Defaulted, decode_fields};
pub use self::traits::{Decode, DecodeInto};
