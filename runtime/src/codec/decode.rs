//! Decoding of responses.

mod boxed;
mod directions;
mod fields;
mod traits;
mod values;

pub use self::boxed::Boxed;
pub use self::directions::{RequestPlace, ResponsePlace};
pub use self::fields::{Defaulted, decode_fields};
pub use self::traits::{Decode, DecodeInto};
