//! Streams that are requested again after they break.

use std::time::Duration;

use ureq::http::{HeaderValue, StatusCode};

use super::Client;
use super::event_error::ErrorContext;
use super::event_response::OpenResponse;
use crate::codec::encode::Request;
use crate::codec::frames::FrameParser;
use crate::error::{Error, ErrorKind};
use crate::operation::Operation;
use crate::transport::BodyStream;

/// Delay before a stream is requested again, unless the server has requested another one.
const DEFAULT_DELAY: Duration = Duration::from_secs(1);

/// Upper bound of the delay if streams end repeatedly without an event.
const MAX_DELAY: Duration = Duration::from_secs(30);

/// The request of a stream, for its continuation.
pub(super) struct Resume<'a> {
    /// A client with the deadline of the first request.
    client: Client,
    operation: &'a Operation<'a>,
    request: Box<dyn Request + Send + 'a>,
    /// Id of the last event when the stream was requested.
    last_id: String,
    /// Number of responses since then.
    without_events: u32,
}

/// Result of a request for the rest of a stream.
pub(super) enum Reopened<'a> {
    Continued(ErrorContext<'a>, Box<dyn BodyStream>),
    /// The server has no further events: it responded with 204.
    Ended,
}

impl<'a> Resume<'a> {
    /// Creates a continuation for a stream that is requested now with `client`.
    pub(super) fn new(
        client: &Client,
        operation: &'a Operation<'a>,
        request: Box<dyn Request + Send + 'a>,
    ) -> Self {
        let deadline = client.time_limit().deadline;
        Self {
            client: client.timeout(None).deadline(deadline),
            operation,
            request,
            last_id: String::new(),
            without_events: 0,
        }
    }

    /// Sends the first request.
    pub(super) fn open(&self) -> Result<OpenResponse, Error> {
        self.client.open(self.operation, &*self.request, None)
    }

    /// Returns whether the retry policy allows further requests.
    pub(super) fn is_enabled(&self) -> bool {
        self.client.settings.retries.max_attempts() > 1
    }

    /// Waits, and requests the events after the last one that the parser has read.
    pub(super) fn reopen(&mut self, parser: &FrameParser) -> Result<Reopened<'a>, Error> {
        let last_id = parser.last_id();
        if last_id == self.last_id {
            self.without_events = self.without_events.saturating_add(1);
        } else {
            self.last_id = last_id.into_owned();
            self.without_events = 0;
        }
        let delay = parser.retry().unwrap_or(DEFAULT_DELAY);
        let backoff = delay.saturating_mul(1 << self.without_events.min(16));
        self.sleep(backoff.min(MAX_DELAY.max(delay)))?;
        let id = match self.last_id.as_bytes() {
            [] => None,
            bytes => Some(HeaderValue::from_bytes(bytes).map_err(|_| {
                let message = "the id of the last event does not fit into a header";
                self.error(ErrorKind::InvalidResponse, message)
            })?),
        };
        let request = &*self.request;
        let response = self.client.open(self.operation, request, id.as_ref())?;
        if response.status == StatusCode::NO_CONTENT {
            return Ok(Reopened::Ended);
        }
        let (context, body) = ErrorContext::new(self.operation, response);
        Ok(Reopened::Continued(context, body))
    }

    fn sleep(&self, delay: Duration) -> Result<(), Error> {
        let time = self.client.time_limit();
        let left = time.time_left().unwrap_or(delay);
        time.sleep(delay.min(left));
        if time.is_interrupted() {
            let message = "interrupted before the stream was requested again";
            return Err(self.error(ErrorKind::Interrupted, message));
        }
        Ok(())
    }

    fn error(&self, kind: ErrorKind, message: &str) -> Error {
        Error::before_sending(kind, message).with_operation(self.operation.name)
    }
}
