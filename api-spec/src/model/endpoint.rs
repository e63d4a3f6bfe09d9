//! Endpoints: requests and responses.

use super::auth::Auth;
use super::field::{Direction, Field};
use super::literal::Literal;
use super::method::{Method, Retry};
use super::names::{RustName, WireName};
use super::pages::Pages;
use super::response::{Response, ResponseHeaders};
use super::types::Type;
use super::waiter::Waiter;
use crate::source::Span;

/// An endpoint: a request struct, a response type and a function.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoint {
    /// The name in the spec: `create` in `contexts.create`.
    pub key: String,
    /// The function, e.g. `create`.
    pub rust: RustName,
    /// The request struct, e.g. `Create`.
    pub request: RustName,
    /// The documentation.
    pub doc: String,
    /// The HTTP method.
    pub method: Method,
    /// The path with every prefix, e.g. `/api/1.2/contexts/create`. A parameter is written in braces,
    /// e.g. `/jobs/{id}`, with a plus sign if its value may contain `/`, e.g. `/files/{+path}`.
    pub path: String,
    /// The parameters of the path, in their order in the path.
    pub parameters: Vec<Field>,
    /// The parameters in the query string.
    pub query: Vec<Field>,
    /// The request headers with values from the caller.
    pub headers: Vec<Field>,
    /// The request body.
    pub body: Body,
    /// The media type of the body, if it is not that of its encoding.
    pub content_type: Option<String>,
    /// The response body.
    pub response: Response,
    /// The response headers that are read.
    pub response_headers: Option<ResponseHeaders>,
    /// The type of error bodies.
    pub error: Option<Type>,
    /// Values that are the same in every request.
    pub fixed: Vec<Fixed>,
    /// The retry class.
    pub retry: Retry,
    /// The credentials of the request, if they are not those of the API.
    pub auth: Option<Auth>,
    /// The timeout of the response in milliseconds.
    pub timeout: Option<u64>,
    /// The field that identifies a repeated request.
    pub idempotency_key: Option<IdempotencyKey>,
    /// The deprecation note.
    pub deprecated: Option<String>,
    /// The pagination of the response.
    pub pages: Option<Pages>,
    /// The waiter for the result of the request.
    pub wait: Option<Waiter>,
    /// The position in the spec.
    pub span: Span,
}

impl Endpoint {
    /// Returns all fields of the request struct: path parameters, query, headers, then the body.
    pub fn fields(&self) -> impl Iterator<Item = &Field> {
        let head = self.parameters.iter().chain(&self.query);
        head.chain(&self.headers).chain(self.body.fields())
    }

    /// Returns the types of the fields of the request, or of the response, its headers and error bodies.
    pub fn types_in(&self, direction: Direction) -> Vec<&Type> {
        match direction {
            Direction::Request => self.fields().map(|field| &field.ty).collect(),
            Direction::Response => {
                let headers = self.response_headers.iter();
                let headers = headers.flat_map(ResponseHeaders::types);
                let body = self.response.types().into_iter();
                body.chain(headers).chain(&self.error).collect()
            }
        }
    }

    /// Returns whether the request is sent without credentials.
    pub fn is_unauthenticated(&self) -> bool {
        self.auth.as_ref().is_some_and(Auth::is_none)
    }
}

/// A request body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Body {
    /// No body.
    Empty,
    /// `application/json`: an object with these fields.
    Json(Vec<Field>),
    /// `application/json`: the value of one field.
    JsonValue(Field),
    /// The bytes of one field, with this media type.
    Raw(Field, String),
    /// `application/x-www-form-urlencoded`.
    Form(Vec<Field>),
    /// `multipart/form-data`.
    Multipart(Vec<Field>),
}

impl Body {
    /// Returns the fields of the body in any encoding.
    pub fn fields(&self) -> &[Field] {
        match self {
            Self::Empty => &[],
            Self::JsonValue(field) | Self::Raw(field, _) => std::slice::from_ref(field),
            Self::Json(fields) | Self::Form(fields) | Self::Multipart(fields) => fields,
        }
    }
}

/// A value that is the same in every request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fixed {
    /// The part of the request that contains the value.
    pub location: FieldLocation,
    /// The key on the wire.
    pub wire: WireName,
    /// The value.
    pub value: Literal,
}

/// A field that identifies a repeated request. The client generates a value if the caller sets none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdempotencyKey {
    /// The part of the request that contains the field.
    pub location: FieldLocation,
    /// The key on the wire.
    pub wire: WireName,
    /// The field in Rust.
    pub rust: RustName,
}

/// The part of a request that contains a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FieldLocation {
    /// The query string.
    Query,
    /// The headers.
    Header,
    /// The body.
    Body,
}
