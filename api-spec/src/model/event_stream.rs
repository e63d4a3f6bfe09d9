//! Responses of items that are read while they arrive.

use super::endpoint::Response;

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
