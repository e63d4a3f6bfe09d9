//! Encoding of requests and decoding of responses.
//!
//! Generated code implements the traits of this module. Programs implement them for custom types:
//!
//! - [`Request`] writes the fields of a request, each of which is an [`Encode`] value, with an
//!   [`Encoder`].
//! - [`Decode`] and [`DecodeInto`] read a value from the JSON of a response with a [`Reader`].

pub(crate) mod decode;
pub(crate) mod encode;
pub(crate) mod frames;
pub(crate) mod json;
pub(crate) mod secret;
pub(crate) mod serde;
pub(crate) mod types;
pub(crate) mod upload;

pub use self::decode::{Decode, DecodeInto};
pub use self::encode::{Encode, Encoder, List, Request, Shape};
pub use self::json::{Position, ReadError, Reader};
