//! Encoding of requests.
//!
//! ```text
//! RequestParts ──▶ Request ──▶ Encoder ──▶ one file per syntax: json form path headers multipart …
//!                                │
//!                                ▼
//!                              Encode: values, Bounded, Joined, Styled, RequestOnly, ResponseOnly
//! ```

mod body;
mod bounded;
mod directions;
mod encoder;
mod error;
mod form;
mod headers;
mod joined;
mod json;
mod multipart;
mod nested;
mod nested_name;
mod part;
mod parts;
mod path;
mod preview;
mod raw;
mod request;
mod scalars;
mod secrets;
mod styled;
mod syntax;
#[cfg(test)]
mod tests;
mod values;

pub(crate) use self::body::{body, to_json};
pub use self::bounded::Bounded;
pub use self::directions::{RequestOnly, ResponseOnly};
pub use self::encoder::{Encode, Encoder, List, Shape};
pub(crate) use self::form::percent_encode;
pub use self::joined::Joined;
pub(crate) use self::parts::RequestParts;
pub(crate) use self::preview::BodyPreview;
pub use self::request::Request;
pub use self::styled::Styled;
