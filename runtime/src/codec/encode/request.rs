//! The fields of a request.

use super::encoder::Encoder;

/// The fields of a request, by location. Generated request structs implement it.
pub trait Request {
    /// Writes the parameters of the path in the order of the path, each with [`Encoder::field`].
    fn path(&self, _encoder: &mut Encoder) {}

    /// Writes the parameters of the query string, each with [`Encoder::field`].
    fn query(&self, _encoder: &mut Encoder) {}

    /// Writes the headers, each with [`Encoder::field`].
    fn headers(&self, _encoder: &mut Encoder) {}

    /// Writes the fields of the body, each with [`Encoder::field`].
    fn body(&self, _encoder: &mut Encoder) {}
}
