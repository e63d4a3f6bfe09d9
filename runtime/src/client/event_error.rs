//! Errors of responses that consist of items.

use std::time::SystemTime;

use ureq::http::{HeaderMap, StatusCode};

use super::event_response::OpenResponse;
use super::refusal::{self, Refusal};
use crate::codec::json::{ReadError, Reader};
use crate::error::{Error, ErrorKind};
use crate::error_response::request_id;
use crate::operation::{EventStream, Operation, Retry};
use crate::redact::Redactor;
use crate::transport::BodyStream;

/// Facts about the call that its errors contain.
pub(super) struct ErrorContext<'a> {
    operation: &'a Operation<'a>,
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    redactor: Redactor,
    sent_at: SystemTime,
}

impl<'a> ErrorContext<'a> {
    /// Returns the context of a response, and its body.
    pub(super) fn new(
        operation: &'a Operation<'a>,
        response: OpenResponse,
    ) -> (Self, Box<dyn BodyStream>) {
        let context = Self {
            operation,
            status: response.status,
            headers: response.headers,
            redactor: response.redactor,
            sent_at: response.sent_at,
        };
        (context, response.body)
    }

    /// Adds the facts to an error that occurred after the head of the response.
    pub(super) fn complete(&self, error: Error) -> Error {
        let id = request_id(&self.headers).map(|id| self.redactor.line(id));
        let is_sent = error.may_have_been_processed();
        error
            .redacted(&self.redactor)
            .with_operation(self.operation.name)
            .with_changes_state(self.operation.retry != Retry::Safe)
            .with_status(self.status.as_u16())
            .with_request_id(id)
            .with_sent_at(is_sent.then_some(self.sent_at))
    }

    pub(super) fn error(&self, kind: ErrorKind, message: impl Into<String>) -> Error {
        self.complete(Error::after_sending(kind, message))
    }

    /// Returns the error for a response that ends too early.
    pub(super) fn incomplete(&self, message: impl Into<String>) -> Error {
        let error = self.error(ErrorKind::Disconnected, message);
        error.with_transient(true)
    }

    /// Returns whether an item is an error according to the spec.
    pub(super) fn is_error(&self, stream: &EventStream<'_>, name: &str, text: &str) -> bool {
        if name == "error" {
            return true;
        }
        let has_key = |key| {
            let mut reader = Reader::new(text.as_bytes());
            reader.peek() == Some(b'{')
                && matches!(reader.peek_variant(&[(key, 0, false)]), Ok(Some(_)))
        };
        !stream.is_text
            && (stream.error.is_some_and(has_key)
                || refusal::has_error_body(text.as_bytes(), self.operation.errors.conditions))
    }

    /// Returns the error that an item contains.
    pub(super) fn item_error(&self, text: &str) -> Error {
        let (shape, body) = (self.operation.errors, text.as_bytes());
        let refusal = Refusal::read(self.status, body, shape, &self.redactor);
        let message = format!("the response contains an error: {}", refusal.message);
        self.complete(refusal.into_error(message, body))
    }

    /// Returns the error for an item that cannot be decoded. `text` contains the data of an event, and
    /// its name if the items have names.
    pub(super) fn decode_error(&self, data: &str, text: &str, error: &ReadError) -> Error {
        if refusal::has_error_text(data, self.operation.errors) {
            return self.item_error(data);
        }
        let problem = error.describe(text.as_bytes());
        let message = if text.trim_ascii_start().starts_with(['<', '{', '[', '"']) {
            format!("an item of the response does not match the spec: {problem}")
        } else {
            let excerpt = self.redactor.excerpt(text.as_bytes());
            format!("an item of the response ({excerpt}) does not match the spec: {problem}")
        };
        self.error(ErrorKind::InvalidResponse, message)
    }
}
