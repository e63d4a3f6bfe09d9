//! Responses of items that are read while they arrive.

use std::fmt;

use ureq::http::HeaderMap;

use super::Client;
use super::event_error::ErrorContext;
use super::event_reader::EventReader;
use super::resume::Resume;
use crate::codec::decode::Decode;
use crate::codec::encode::Request;
use crate::codec::json::{ReadError, Reader};
use crate::error::{Error, ErrorKind};
use crate::operation::{EventFormat, EventStream, Operation};

/// Iterator over the items of a response, which reads them while they arrive.
///
/// It blocks until the next item arrives, up to the idle timeout and the deadline of the call; a
/// [table](crate#time-limits) lists the limits. It ends with the stream. After an error it ends as well,
/// except that items which follow one that does not match the spec are returned.
///
/// Dropping it closes the connection.
///
/// # Examples
///
/// ```
/// # mod api {
/// #     #![allow(missing_docs)]
/// #     api_runtime::api! { r#"
/// #         [api]
/// #         name = "Chat"
/// #         doc = "Chats."
/// #         [endpoints.chat.complete]
/// #         doc = "Completes a chat."
/// #         http = "GET /chat"
/// #         events = { item = { text = "string" }, end = "[DONE]" }
/// #     "# }
/// # }
/// # use api::chat;
/// use api_runtime::{Client, transport::Scripted};
///
/// let body = "data: {\"text\": \"Hello\"}\n\ndata: {\"text\": \"!\"}\n\ndata: [DONE]\n\n";
/// let server = Scripted::new().respond(200, body);
/// let client = Client::builder("https://example.com").transport(server).build()?;
/// let mut text = String::new();
/// for event in chat::complete(&client, &chat::Complete::new())? {
///     text += &event?.text;
/// }
/// assert_eq!(text, "Hello!");
/// # Ok::<(), api_runtime::Error>(())
/// ```
#[must_use = "iterators are lazy: items are read when they are requested"]
pub struct Events<'a, T> {
    reader: EventReader<'a>,
    decode: DecodeItem<T>,
}

/// Function that decodes the text of an item.
type DecodeItem<T> = fn(&str) -> Result<T, ReadError>;

/// Item with the fields of the event that contained it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Event<T> {
    /// Name of the event, or an empty string. Lines have none.
    pub name: String,
    /// Id of the event or of the last one with an id, or an empty string. Lines have none.
    pub id: String,
    /// The item.
    pub data: T,
}

impl<'a, T> Events<'a, T> {
    /// Sends a request.
    pub(crate) fn open(
        client: &Client,
        operation: &'a Operation<'a>,
        request: &dyn Request,
        decode: DecodeItem<T>,
    ) -> Result<Self, Error> {
        let response = client.open(operation, request, None)?;
        let (context, body) = ErrorContext::new(operation, response);
        let interrupt = client.interrupt().clone();
        let reader = EventReader::new(context, body, stream(operation), interrupt, None);
        Ok(Self { reader, decode })
    }

    /// Sends a request, which is sent again with the id of the last event if the stream breaks.
    pub(crate) fn open_with_resume(
        client: &Client,
        operation: &'a Operation<'a>,
        request: Box<dyn Request + Send + 'a>,
        decode: DecodeItem<T>,
    ) -> Result<Self, Error> {
        let resume = Resume::new(client, operation, request);
        let (context, body) = ErrorContext::new(operation, resume.open()?);
        let interrupt = client.interrupt().clone();
        let reader = EventReader::new(context, body, stream(operation), interrupt, Some(resume));
        Ok(Self { reader, decode })
    }

    /// Sets the maximum size of an item in bytes. The default is 16 MiB. A larger item is an error.
    pub fn max_item_size(mut self, bytes: usize) -> Self {
        self.reader.max_item_size = bytes;
        self
    }

    /// Returns the status code of the response.
    pub fn status(&self) -> u16 {
        self.reader.context.status.as_u16()
    }

    /// Returns the headers of the response.
    pub fn headers(&self) -> &HeaderMap {
        &self.reader.context.headers
    }

    /// Creates an error of the response.
    pub(super) fn error(&self, kind: ErrorKind, message: String) -> Error {
        self.reader.context.error(kind, message)
    }

    /// Returns the next item with the name and the id of its event.
    ///
    /// # Errors
    ///
    /// Returns the errors of the iterator.
    pub fn next_event(&mut self) -> Option<Result<Event<T>, Error>> {
        let data = self.next()?;
        let parser = &self.reader.parser;
        Some(data.map(|data| Event {
            name: parser.name().into_owned(),
            id: parser.last_id().into_owned(),
            data,
        }))
    }
}

fn stream<'a>(operation: &'a Operation<'a>) -> EventStream<'a> {
    operation.events.unwrap_or(EventStream {
        format: EventFormat::ServerSent,
        is_text: false,
        end: None,
        error: None,
        resume: false,
        named: false,
    })
}

impl<T> Iterator for Events<'_, T> {
    type Item = Result<T, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        if let Err(error) = self.reader.advance()? {
            return Some(Err(error));
        }
        let data = self.reader.parser.text();
        let item = self.reader.item(&data);
        let decoded = (self.decode)(&item);
        let context = &self.reader.context;
        let decoded = decoded.map_err(|error| context.decode_error(&data, &item, &error));
        // Nothing follows an error that the server reports.
        if matches!(&decoded, Err(error) if error.kind() == ErrorKind::Status) {
            self.reader.close();
        }
        Some(decoded)
    }
}

impl<T> std::iter::FusedIterator for Events<'_, T> {}

impl<T> fmt::Debug for Events<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Events").field(&self.reader).finish()
    }
}

/// Decodes an item of JSON.
///
/// # Errors
///
/// Returns an error if the text is not JSON of the type.
pub fn event_json<T: Decode>(text: &str) -> Result<T, ReadError> {
    let mut reader = Reader::new(text.as_bytes());
    let value = T::decode(&mut reader)?;
    reader.finish().map(|()| value)
}

/// Decodes an item of text.
///
/// # Errors
///
/// Never fails.
pub fn event_text(text: &str) -> Result<String, ReadError> {
    Ok(text.to_owned())
}
