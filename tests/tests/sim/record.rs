//! Records of requests and calls: the truth with which the results of the client are compared.

use std::time::Duration;

use crate::request::Request;
use crate::workspace::Response;

/// A request that the client passed to the transport.
#[derive(Debug)]
pub(crate) struct Sent {
    pub(crate) request: Request,
    pub(crate) began: Duration,
    pub(crate) ended: Duration,
    /// A byte of the request has left the client.
    pub(crate) is_written: bool,
    /// The server has processed the request and changed its state. Copies that a gateway sends later
    /// do not count: the client cannot prevent them.
    pub(crate) has_effect: bool,
    /// Response of the server to the first copy of the request.
    pub(crate) response: Option<Response>,
    /// Id that the client received in the server's own response.
    pub(crate) answered: Option<String>,
    pub(crate) outcome: Outcome,
}

/// Result of a request from the point of view of the client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// Response of the server, with this status code.
    Genuine(u16),
    /// Response of someone else, with this status code and `Retry-After`.
    Other(u16, Option<u64>),
    Failed,
}

impl Outcome {
    pub(crate) fn status(self) -> Option<u16> {
        match self {
            Self::Genuine(status) | Self::Other(status, _) => Some(status),
            Self::Failed => None,
        }
    }

    pub(crate) fn retry_after(self) -> Option<u64> {
        match self {
            Self::Other(_, after) => after,
            _ => None,
        }
    }

    fn is_success(self) -> bool {
        self.status() == Some(200)
    }
}

/// A call of the client: one request or more, with the retries.
#[derive(Debug)]
pub(crate) struct CallRecord {
    /// Name of the endpoint, e.g. `contexts.create`.
    pub(crate) operation: String,
    /// Indices of the requests.
    pub(crate) sends: Vec<usize>,
    /// Number of the last attempt according to the client.
    pub(crate) attempt: u32,
    /// The last attempt had an error.
    pub(crate) has_failed: bool,
}

impl CallRecord {
    pub(crate) fn new(operation: &str) -> Self {
        Self {
            operation: operation.to_owned(),
            sends: Vec::new(),
            attempt: 0,
            has_failed: false,
        }
    }
}

impl Sent {
    pub(crate) fn new(request: Request, began: Duration) -> Self {
        Self {
            request,
            began,
            ended: began,
            is_written: false,
            has_effect: false,
            response: None,
            answered: None,
            outcome: Outcome::Failed,
        }
    }

    /// Returns whether the response was a success that the server has not sent.
    pub(crate) fn is_misled(&self) -> bool {
        self.outcome.is_success() && !matches!(self.outcome, Outcome::Genuine(_))
    }
}
