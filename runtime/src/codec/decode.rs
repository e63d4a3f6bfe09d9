//! Decoding of responses.

mod boxed;
mod fields;
mod traits;
mod values;

pub use self::boxed::Boxed;
pub use self::fields::{Defaulted, decode_fields};
pub use self::traits::{Decode, DecodeInto};
