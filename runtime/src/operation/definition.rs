//! Definition of an endpoint as data.

use std::time::Duration;

use super::credential_location::CredentialLocation;
use super::error_shape::{ErrorShape, Literal};
use super::event_stream::EventStream;
use super::field::FieldLocation;
use super::method::Method;

/// Definition of one endpoint, for [`Client::send`](crate::Client::send). Generated code declares it as
/// a constant; one that is created at run time borrows its parts.
#[derive(Clone, Copy, Debug)]
pub struct Operation<'a> {
    /// Group and endpoint, for example `contexts.create`.
    pub name: &'a str,
    /// HTTP method.
    pub method: &'a Method<'a>,
    /// Path below the base URL, with a leading slash.
    ///
    /// Parameters are in braces, for example `/jobs/{id}`. A plus marks a parameter whose slashes
    /// are not escaped, for example `/files/{+path}`. A path that consists of a single parameter,
    /// for example `{location}`, is a URL that the server returned.
    pub path: &'a str,
    /// Format of the request body.
    pub format: BodyFormat<'a>,
    /// Media type of a JSON body or a form, if it is not the usual one.
    pub content_type: Option<&'a str>,
    /// Kind of the response body.
    pub response: ResponseBody,
    /// Encoding of the items, if the response is [`ResponseBody::Events`].
    pub events: Option<EventStream<'a>>,
    /// Status codes for which the spec defines a response. They are never errors.
    pub statuses: &'a [u16],
    /// Retry class.
    pub retry: Retry,
    /// Sets of credentials. The first one that the client has is sent; an empty set is none. `None`
    /// sends all credentials of the client.
    pub credentials: Option<&'a [&'a [CredentialLocation<'a>]]>,
    /// Maximum time until the response, if the spec sets one.
    pub timeout: Option<Duration>,
    /// Location and name of the field with the idempotency key, by which the server recognizes a
    /// retried request. If the request omits the field, the client generates a UUID.
    pub idempotency_key: Option<(FieldLocation, &'a str)>,
    /// Location, name and value of the fields that are part of every request.
    pub fixed: &'a [(FieldLocation, &'a str, Literal<'a>)],
    /// Shape of the error bodies.
    pub errors: &'a ErrorShape<'a>,
}

impl Operation<'_> {
    /// A `GET` without a body and with a JSON response, as the base of struct update syntax.
    pub const DEFAULT: Self = Self {
        name: "",
        method: &Method::GET,
        path: "/",
        format: BodyFormat::Empty,
        content_type: None,
        response: ResponseBody::Json,
        events: None,
        statuses: &[],
        retry: Retry::Safe,
        credentials: None,
        timeout: None,
        idempotency_key: None,
        fixed: &[],
        errors: &ErrorShape {
            message: &["message", "error"],
            code: &["code", "error_code"],
            expired: &[],
            conditions: &[],
            refused: &[],
            failed: &[],
        },
    };

    /// Returns whether the path is a single parameter that holds a URL.
    pub(crate) fn is_link(&self) -> bool {
        self.path.starts_with('{')
    }
}

/// Format of a request body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum BodyFormat<'a> {
    /// No body.
    Empty,
    /// `application/json`: an object with all fields.
    Json,
    /// `application/json`: the value of the first field, whatever its name. No body if the field
    /// is absent.
    JsonValue,
    /// The file in the first field, with this media type.
    Raw(&'a str),
    /// `application/x-www-form-urlencoded`.
    Form,
    /// `multipart/form-data`.
    Multipart,
}

/// Kind of a response body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ResponseBody {
    /// A body that is not decoded.
    Ignored,
    /// JSON.
    Json,
    /// Text.
    Text,
    /// Bytes.
    Bytes,
    /// Items that are read while they arrive; see [`Events`](crate::Events).
    Events,
    /// A body whose kind depends on the status code.
    ByStatus,
}

/// Retry class of an endpoint: whether a request may be sent again although an earlier attempt may
/// have been processed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Retry {
    /// Always, because the request changes nothing.
    Safe,
    /// Always, because processing the request twice has the same effect as processing it once.
    Idempotent,
    /// Never.
    Never,
}
