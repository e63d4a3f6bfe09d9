//! Encoding of requests and decoding of responses.

pub(crate) mod decode;
pub(crate) mod encode;
pub(crate) mod json;
pub(crate) mod secret;
pub(crate) mod serde;
pub mod types;
pub(crate) mod upload;

pub use self::decode::{Decode, DecodeInto};
pub use self::encode::{Encode, Encoder, List, Request, Shape};
pub use self::json::{ReadError, Reader};
