//! Reading the items of a response while they arrive.

use std::borrow::Cow;
use std::fmt;

use serde_json::Value;
use ureq::http::StatusCode;

use super::event_error::ErrorContext;
use super::resume::{Reopened, Resume};
use crate::clock::Interrupt;
use crate::codec::frames::{FrameParser, Rest};
use crate::codec::json::Reader;
use crate::error::{Error, ErrorKind};
use crate::operation::EventStream;
use crate::transport::{BodyStream, TransportError};

/// Size of the buffer of bytes from the transport.
const BUFFER_BYTES: usize = 16 << 10;

/// Default limit of one item.
const MAX_ITEM_BYTES: usize = 16 << 20;

/// Reader of the items of a response. The parser contains the current one.
pub(super) struct EventReader<'a> {
    pub(super) context: ErrorContext<'a>,
    pub(super) parser: FrameParser,
    pub(super) max_item_size: usize,
    stream: EventStream<'a>,
    interrupt: Interrupt,
    /// `None` after the last item and after an error.
    body: Option<Box<dyn BodyStream>>,
    buffer: Box<[u8]>,
    /// Range of the bytes in the buffer that have not been parsed.
    start: usize,
    end: usize,
    /// Set for a stream that is resumed.
    resume: Option<Resume<'a>>,
    /// Set once an item was read.
    has_items: bool,
}

/// Result of one step.
enum Step {
    Item,
    Continue,
}

impl<'a> EventReader<'a> {
    pub(super) fn new(
        context: ErrorContext<'a>,
        body: Box<dyn BodyStream>,
        stream: EventStream<'a>,
        interrupt: Interrupt,
        resume: Option<Resume<'a>>,
    ) -> Self {
        Self {
            context,
            parser: FrameParser::new(&stream),
            max_item_size: MAX_ITEM_BYTES,
            stream,
            interrupt,
            body: Some(body),
            buffer: vec![0; BUFFER_BYTES].into_boxed_slice(),
            start: 0,
            end: 0,
            resume,
            has_items: false,
        }
    }

    /// Moves to the next item. Returns `None` at the end.
    pub(super) fn advance(&mut self) -> Option<Result<(), Error>> {
        while self.body.is_some() {
            match self.step() {
                Ok(Step::Item) => {
                    self.has_items = true;
                    return Some(Ok(()));
                }
                Ok(Step::Continue) => {}
                Err(error) => {
                    self.body = None;
                    return Some(Err(error));
                }
            }
        }
        None
    }

    /// Closes the connection. No item follows.
    pub(super) fn close(&mut self) {
        self.body = None;
    }

    fn step(&mut self) -> Result<Step, Error> {
        if self.interrupt.is_raised() {
            let message = "interrupted while the response was read";
            return Err(self.context.error(ErrorKind::Interrupted, message));
        }
        if self.start == self.end {
            return self.fill();
        }
        let bytes = &self.buffer[self.start..self.end];
        let Ok((length, is_complete)) = self.parser.feed(bytes, self.max_item_size) else {
            let message = format!(
                "an item of the response is larger than the limit of {} bytes",
                self.max_item_size
            );
            return Err(self.context.error(ErrorKind::InvalidResponse, message));
        };
        self.start += length;
        if is_complete {
            self.accept()
        } else {
            Ok(Step::Continue)
        }
    }

    /// Decides about the text that the parser contains.
    fn accept(&mut self) -> Result<Step, Error> {
        let (name, text) = (self.parser.name(), self.parser.text());
        if self.is_end(&text) {
            if let Some(body) = self.body.take() {
                body.finish();
            }
            return Ok(Step::Continue);
        }
        if self.context.is_error(&self.stream, &name, &text) {
            return Err(self.context.item_error(&text));
        }
        // Servers send an id without data before the first event.
        let is_named = self.stream.named && !name.is_empty();
        if !self.stream.is_text && !is_named && text.trim_ascii().is_empty() {
            return Ok(Step::Continue);
        }
        Ok(Step::Item)
    }

    /// Returns the text of the item with this data.
    pub(super) fn item<'t>(&self, data: &'t str) -> Cow<'t, str> {
        if self.stream.named {
            Cow::Owned(named_item(&self.parser.name(), data))
        } else {
            Cow::Borrowed(data)
        }
    }

    fn is_end(&self, text: &str) -> bool {
        self.stream.end.is_some_and(|end| text.trim() == end)
    }

    /// Waits for bytes.
    fn fill(&mut self) -> Result<Step, Error> {
        let Some(body) = &mut self.body else {
            return Ok(Step::Continue);
        };
        match body.read(&mut self.buffer) {
            Ok(0) => self.end_of_body(),
            Ok(length) => {
                (self.start, self.end) = (0, length);
                Ok(Step::Continue)
            }
            Err(error) => self.broken(error),
        }
    }

    fn end_of_body(&mut self) -> Result<Step, Error> {
        if self.parser.finish() == Rest::Item {
            let text = self.parser.text();
            if !self.stream.is_text && !is_json(&text) {
                let message = "the connection failed: the response ends within a line";
                return Err(self.context.incomplete(message));
            }
            let step = self.accept()?;
            // The next step ends the response.
            if matches!(step, Step::Item) {
                return Ok(step);
            }
        }
        if self.is_end(&self.parser.text()) || self.body.is_none() {
            self.body = None;
            return Ok(Step::Continue);
        }
        if self.can_resume() {
            return self.reopen();
        }
        self.body = None;
        match self.stream.end {
            Some(end) => {
                let message = format!("the connection failed: the response ends before `{end}`");
                Err(self.context.incomplete(message))
            }
            None => Ok(Step::Continue),
        }
    }

    fn broken(&mut self, error: TransportError) -> Result<Step, Error> {
        if error.transient && self.can_resume() {
            return self.reopen();
        }
        Err(self.context.complete(Error::from(error)))
    }

    /// Returns whether the server can continue the stream without a gap.
    fn can_resume(&self) -> bool {
        self.resume.as_ref().is_some_and(Resume::is_enabled)
            // With this status code, the server ends the stream.
            && self.context.status != StatusCode::NO_CONTENT
            && (!self.has_items || !self.parser.last_id().is_empty())
    }

    /// Requests the rest of the stream.
    fn reopen(&mut self) -> Result<Step, Error> {
        self.body = None;
        let Some(resume) = &mut self.resume else {
            return Ok(Step::Continue);
        };
        self.parser.restart();
        match resume.reopen(&self.parser)? {
            Reopened::Ended => {}
            Reopened::Continued(context, body) => {
                self.context = context;
                self.body = Some(body);
            }
        }
        Ok(Step::Continue)
    }
}

/// Returns the object of an event. Data that are not JSON are a string.
fn named_item(name: &str, data: &str) -> String {
    // The name of an event without one, according to the HTML standard.
    let name = if name.is_empty() { "message" } else { name };
    let name = Value::from(name);
    if is_json(data) {
        return format!(r#"{{"event":{name},"data":{data}}}"#);
    }
    format!(r#"{{"event":{name},"data":{}}}"#, Value::from(data))
}

fn is_json(text: &str) -> bool {
    let mut reader = Reader::new(text.as_bytes());
    reader.skip().and_then(|()| reader.finish()).is_ok()
}

impl fmt::Debug for EventReader<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EventReader")
            .field("status", &self.context.status)
            .field("has_ended", &self.body.is_none())
            .finish_non_exhaustive()
    }
}
