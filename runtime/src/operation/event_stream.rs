//! Responses of items that are read while they arrive.

/// Response of items that are read while they arrive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EventStream<'a> {
    /// Encoding of the items.
    pub format: EventFormat,
    /// `true` if an item is text, and `false` if it is JSON.
    pub is_text: bool,
    /// Text that ends the stream. It is not an item.
    pub end: Option<&'a str>,
    /// Key of a JSON object that marks it as an error, unless its value is null.
    pub error: Option<&'a str>,
    /// `true` if the server continues a stream after the id in `Last-Event-ID`.
    pub resume: bool,
    /// `true` if an item is an object with the name and the data of an event, as `event` and `data`.
    pub named: bool,
}

/// Encoding of the items of an [`EventStream`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EventFormat {
    /// Server-sent events (`text/event-stream`), as the HTML standard defines them.
    ServerSent,
    /// One item per line. Empty lines are skipped.
    Lines,
}
