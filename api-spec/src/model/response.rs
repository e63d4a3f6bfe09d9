//! Responses.

use super::declared::Struct;
use super::field::Field;
use super::names::RustName;
use super::types::Type;
use crate::source::Span;

/// A response body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Response {
    /// A body that is not read.
    Nothing,
    /// A JSON object with its own struct, e.g. `CreateResponse`.
    Object(Struct),
    /// A JSON value of a built-in or declared type.
    Value(Type),
    /// A string, read into memory.
    Text,
    /// Bytes, read into memory.
    Bytes,
    /// Bytes, copied to a writer of the caller as they arrive.
    Stream,
    /// Items that are read while they arrive.
    Events(Box<EventStream>),
    /// One of several bodies, selected by the status code.
    ByStatus(Box<Cases>),
}

impl Response {
    /// Returns the types of the body, and of the headers for each status code.
    pub fn types(&self) -> Vec<&Type> {
        match self {
            Self::Nothing | Self::Text | Self::Bytes | Self::Stream => Vec::new(),
            Self::Object(object) => object.fields.iter().map(|field| &field.ty).collect(),
            Self::Value(ty) => vec![ty],
            Self::Events(events) => events.item.types(),
            Self::ByStatus(cases) => {
                let cases = cases.cases.iter();
                let types = cases.flat_map(|case| {
                    let headers = case.headers.iter().flat_map(ResponseHeaders::types);
                    case.response.types().into_iter().chain(headers)
                });
                types.collect()
            }
        }
    }
}

/// Responses selected by the status code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cases {
    /// The enum, e.g. `CreateResponse`.
    pub name: RustName,
    /// The response for each status code. None of them is a stream, [`Response::Events`] or
    /// [`Response::ByStatus`].
    pub cases: Vec<Case>,
}

/// The response for one status code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Case {
    /// The status code.
    pub status: u16,
    /// The variant, e.g. `NotFound`.
    pub variant: RustName,
    /// The body. An object has its own struct, e.g. `CreateNotFound`.
    pub response: Response,
    /// The response headers that are read.
    pub headers: Option<ResponseHeaders>,
    /// The position in the spec.
    pub span: Span,
}

/// The response headers that are read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResponseHeaders {
    /// The struct of headers and body, e.g. `CreateResponse`. It contains the fields of an object, and
    /// any other body, or the iterator over items, as the field `body`.
    pub name: RustName,
    /// The headers.
    pub headers: Vec<Field>,
}

impl ResponseHeaders {
    /// Returns the types of the headers.
    pub fn types(&self) -> impl Iterator<Item = &Type> {
        self.headers.iter().map(|header| &header.ty)
    }
}

/// A response of items that are read while they arrive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventStream {
    /// The encoding of the items.
    pub format: EventFormat,
    /// An item: [`Response::Object`] with its own struct, e.g. `WatchEvent`, [`Response::Value`] or
    /// [`Response::Text`].
    pub item: Response,
    /// The text that ends the stream. It is not an item.
    pub end: Option<String>,
    /// The key of an item that marks it as an error.
    pub error: Option<String>,
    /// `true` if the server continues a stream after the id in `Last-Event-ID`.
    pub resume: bool,
    /// `true` if an item is an object with the name and the data of an event, as `event` and `data`.
    pub named: bool,
}

/// Encoding of the items of an [`EventStream`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EventFormat {
    /// Server-sent events: `text/event-stream`.
    ServerSent,
    /// One item per line.
    Lines,
}

impl EventFormat {
    /// Returns the key of an endpoint that declares the format.
    pub const fn key(self) -> &'static str {
        match self {
            Self::ServerSent => "events",
            Self::Lines => "lines",
        }
    }

    /// Returns the media type of the response.
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::ServerSent => "text/event-stream",
            Self::Lines => "application/x-ndjson",
        }
    }
}
