//! Parts of a client.

use std::sync::Arc;
use std::time::{Duration, Instant};

use ureq::http::HeaderMap;

use super::observe::Observer;
use super::retry::RetryPolicy;
use crate::auth::Credentials;
use crate::base_url::BaseUrl;
use crate::clock::{Clock, Interrupt, SystemClock};
use crate::redact::Redactor;
use crate::transport::{Timeouts, Transport};

/// Parts that all clones of a client share.
pub(super) struct Shared {
    pub(super) base: BaseUrl,
    pub(super) credentials: Credentials,
    /// Headers of all requests.
    pub(super) headers: HeaderMap,
    pub(super) redactor: Redactor,
    pub(super) transport: Box<dyn Transport>,
    /// `None` is the clock of the operating system.
    pub(super) clock: Option<Box<dyn Clock>>,
    pub(super) observer: Option<Observer>,
}

impl Shared {
    pub(super) fn clock(&self) -> &dyn Clock {
        self.clock.as_deref().unwrap_or(&SystemClock)
    }
}

/// Settings that may differ between clones of a client.
#[derive(Clone)]
pub(super) struct Settings {
    pub(super) interrupt: Interrupt,
    pub(super) retries: RetryPolicy,
    /// Timeout of a call with all its attempts.
    pub(super) timeout: Option<Duration>,
    /// Deadline of all calls.
    pub(super) deadline: Option<Instant>,
    /// See [`Client::grace`](super::Client::grace).
    pub(super) grace: Duration,
    pub(super) timeouts: Option<Timeouts>,
    /// URL of the server that replaces the path and the query of all requests.
    pub(super) url: Option<Arc<str>>,
}

impl Settings {
    /// Returns the deadline of a call that begins now. A time beyond the range of `Instant` is never
    /// reached.
    pub(super) fn call_deadline(&self, clock: &dyn Clock) -> Option<Instant> {
        let timeout = self
            .timeout
            .and_then(|timeout| clock.now().checked_add(timeout));
        self.deadline.into_iter().chain(timeout).min()
    }
}
