//! Parts of a client.

use std::time::Duration;

use ureq::http::{HeaderMap, HeaderValue};

use super::observe::Observer;
use super::retry::RetryPolicy;
use crate::auth::Credentials;
use crate::base_url::BaseUrl;
use crate::clock::{Clock, Interrupt};
use crate::redact::Redactor;
use crate::transport::{Timeouts, Transport};

/// Parts that all clones of a client share.
pub(super) struct Shared {
    pub(super) base: BaseUrl,
    pub(super) credentials: Credentials,
    /// The `Authorization` header of credentials that are the same for all requests.
    pub(super) authorization: Option<HeaderValue>,
    /// Headers of all requests.
    pub(super) headers: HeaderMap,
    pub(super) redactor: Redactor,
    pub(super) transport: Box<dyn Transport>,
    pub(super) clock: Box<dyn Clock>,
    pub(super) observer: Option<Observer>,
}

/// Settings that may differ between clones of a client.
#[derive(Clone)]
pub(super) struct Settings {
    pub(super) interrupt: Interrupt,
    pub(super) retries: RetryPolicy,
    /// Timeout of a call with all its attempts.
    pub(super) timeout: Option<Duration>,
    pub(super) timeouts: Option<Timeouts>,
}
