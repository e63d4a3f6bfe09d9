//! Items of a response, separated while the bytes arrive.

mod item;
mod lines;
mod server_sent;

use std::borrow::Cow;
use std::time::Duration;

pub(crate) use self::item::{Rest, TooLong};
use self::lines::LineParser;
use self::server_sent::ServerSentParser;
use crate::operation::{EventFormat, EventStream};

/// Parser of one of the formats.
///
/// The bytes of a response are passed to [`feed`](Self::feed) in pieces of any length. Each byte is
/// examined once, and at most one item is kept in memory.
#[derive(Debug)]
pub(crate) enum FrameParser {
    ServerSent(ServerSentParser),
    Lines(LineParser),
}

impl FrameParser {
    pub(crate) fn new(stream: &EventStream<'_>) -> Self {
        match stream.format {
            EventFormat::ServerSent => Self::ServerSent(ServerSentParser::default()),
            EventFormat::Lines => Self::Lines(LineParser::new(stream.is_text)),
        }
    }

    /// Reads bytes up to the end of the next item. Returns their number, and whether there is an item.
    /// The item before it is discarded.
    pub(crate) fn feed(&mut self, bytes: &[u8], max: usize) -> Result<(usize, bool), TooLong> {
        match self {
            Self::ServerSent(parser) => parser.feed(bytes, max),
            Self::Lines(parser) => parser.feed(bytes, max),
        }
    }

    /// Ends the parsing at the end of the response. [`text`](Self::text) is that of the rest.
    pub(crate) fn finish(&mut self) -> Rest {
        match self {
            Self::ServerSent(parser) => {
                parser.finish();
                Rest::Nothing
            }
            Self::Lines(parser) => parser.finish(),
        }
    }

    /// Prepares for another response, which continues this one.
    pub(crate) fn restart(&mut self) {
        match self {
            Self::ServerSent(parser) => parser.restart(),
            Self::Lines(parser) => parser.restart(),
        }
    }

    /// Returns the text of the item. Invalid UTF-8 becomes U+FFFD.
    pub(crate) fn text(&self) -> Cow<'_, str> {
        String::from_utf8_lossy(match self {
            Self::ServerSent(parser) => parser.data(),
            Self::Lines(parser) => parser.line(),
        })
    }

    /// Returns the name of the event, or an empty text.
    pub(crate) fn name(&self) -> Cow<'_, str> {
        String::from_utf8_lossy(match self {
            Self::ServerSent(parser) => parser.name(),
            Self::Lines(_) => &[],
        })
    }

    /// Returns the id of the last event, or an empty text.
    pub(crate) fn last_id(&self) -> Cow<'_, str> {
        String::from_utf8_lossy(match self {
            Self::ServerSent(parser) => parser.last_id(),
            Self::Lines(_) => &[],
        })
    }

    /// Returns the delay before a reconnection that the server has requested.
    pub(crate) fn retry(&self) -> Option<Duration> {
        match self {
            Self::ServerSent(parser) => parser.retry(),
            Self::Lines(_) => None,
        }
    }
}

#[cfg(test)]
mod tests;
