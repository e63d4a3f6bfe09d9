//! Syntax of the parts of a request.

use super::headers::Headers;
use super::multipart::Multipart;
use super::nested_name::NestedName;
use super::path::Template;
use super::preview::Preview;
use super::raw::RawBody;

/// Syntax of one part of a request.
pub(super) enum Syntax {
    /// A JSON object or value.
    Json,
    /// The first field is a JSON value and the whole body.
    JsonValue,
    /// A query string or form, with the separator in front of the next pair.
    Form(Option<u8>),
    /// A path.
    Path(Template),
    /// Headers.
    Headers(Headers),
    /// The first field is a file and the whole body.
    RawBody(RawBody),
    /// A multipart body.
    Multipart(Multipart),
    /// A list of fields for display.
    Preview(Preview),
    /// A value that is spread over several fields.
    Nested(Box<Nested>),
}

/// A value that is spread over several fields of a form, a query string or a multipart body.
pub(super) struct Nested {
    /// Syntax of the fields.
    pub(super) base: Syntax,
    pub(super) name: NestedName,
}
