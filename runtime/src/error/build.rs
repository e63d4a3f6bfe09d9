//! Construction of errors.

use std::error::Error as StdError;
use std::time::{Duration, SystemTime};

use super::{Body, Error, ErrorKind, Inner};
use crate::delivery::Delivery;
use crate::redact::{self, Redactor};

/// Longer bodies of error responses are not kept: they are web pages rather than error objects.
const MAX_BODY_BYTES: usize = 1 << 20;

impl Error {
    /// Creates an error that occurred while no request was in flight. Its
    /// [`delivery`](Self::delivery) is [`Delivery::NotProcessed`].
    ///
    /// `message` is in lower case, without a full stop.
    pub fn before_sending(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self::new(kind, Delivery::NotProcessed, message.into())
    }

    /// Creates an error that occurred after the request was sent, in part or as a whole. Its
    /// [`delivery`](Self::delivery) is [`Delivery::Unknown`].
    ///
    /// `message` is in lower case, without a full stop.
    pub fn after_sending(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self::new(kind, Delivery::Unknown, message.into())
    }

    pub(crate) fn new(kind: ErrorKind, delivery: Delivery, message: String) -> Self {
        Self(Box::new(Inner {
            kind,
            operation: None,
            changes_state: false,
            status: None,
            code: None,
            // The last resort: text from servers was cleaned before.
            message: redact::clean(message),
            delivery,
            transient: false,
            rejects_credentials: false,
            timed_out: matches!(kind, ErrorKind::Timeout | ErrorKind::WaitTimeout),
            untrusted_certificate: false,
            retry_after: None,
            attempts: 1,
            sent_at: None,
            request_id: None,
            body: Body::default(),
            source: None,
            attachment: None,
        }))
    }

    /// Copies the error with another message. The source is not copied, as it cannot be cloned.
    pub(crate) fn copy_with_message(&self, message: String) -> Self {
        let mut copy = Self::new(self.kind(), self.delivery(), message)
            .with_code(self.code().map(str::to_owned))
            .with_transient(self.is_transient())
            .with_timed_out(self.is_timeout())
            .with_untrusted_certificate(self.is_certificate())
            .with_retry_after(self.retry_after());
        copy.0.status = self.status();
        copy
    }

    /// Replaces secrets in the message and the code.
    pub(crate) fn redacted(mut self, redactor: &Redactor) -> Self {
        self.0.message = redactor.redact(&self.0.message);
        self.0.code = self.0.code.map(|code| redactor.redact(&code));
        self
    }

    pub(crate) fn with_body(mut self, body: &[u8]) -> Self {
        if body.len() <= MAX_BODY_BYTES {
            self.0.body.0 = body.to_vec();
        }
        self
    }

    /// Sets the delivery of the request.
    #[must_use]
    pub fn with_delivery(mut self, delivery: Delivery) -> Self {
        self.0.delivery = delivery;
        self
    }

    pub(crate) fn with_transient(mut self, transient: bool) -> Self {
        self.0.transient = transient;
        self
    }

    pub(crate) fn with_rejects_credentials(mut self, rejects_credentials: bool) -> Self {
        self.0.rejects_credentials = rejects_credentials;
        self
    }

    pub(crate) fn with_timed_out(mut self, timed_out: bool) -> Self {
        self.0.timed_out = timed_out;
        self
    }

    pub(crate) fn with_untrusted_certificate(mut self, untrusted: bool) -> Self {
        self.0.untrusted_certificate = untrusted;
        self
    }

    pub(crate) fn with_retry_after(mut self, delay: Option<Duration>) -> Self {
        self.0.retry_after = delay;
        self
    }

    pub(crate) fn with_attempts(mut self, attempts: u32) -> Self {
        self.0.attempts = attempts;
        self
    }

    pub(crate) fn with_sent_at(mut self, time: Option<SystemTime>) -> Self {
        self.0.sent_at = time;
        self
    }

    pub(crate) fn with_request_id(mut self, id: Option<String>) -> Self {
        self.0.request_id = id;
        self
    }

    /// Sets the name of the endpoint, unless there is one.
    #[must_use]
    pub fn with_operation(mut self, name: &str) -> Self {
        self.0.operation.get_or_insert_with(|| name.into());
        self
    }

    pub(crate) fn with_changes_state(mut self, changes_state: bool) -> Self {
        self.0.changes_state = changes_state;
        self
    }

    pub(crate) fn with_status(mut self, status: u16) -> Self {
        self.0.status = Some(status);
        self
    }

    pub(crate) fn with_code(mut self, code: Option<String>) -> Self {
        self.0.code = code;
        self
    }

    pub(crate) fn with_source(
        mut self,
        source: impl Into<Box<dyn StdError + Send + Sync>>,
    ) -> Self {
        self.0.source = Some(source.into());
        self
    }
}
