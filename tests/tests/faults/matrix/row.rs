//! A row of the matrix, and how rows are built.

use std::time::Duration;

use api_runtime::{Delivery, ErrorKind};

use crate::mock::{Fault, Response, Step};
use Delivery::Unknown;

/// Maximum delay before the second attempt if the server requests none.
const FIRST_DELAY: Duration = Duration::from_millis(500);

/// Steps of the server, and the expected result of the call.
#[derive(Clone)]
pub(crate) struct Row {
    pub(crate) name: String,
    pub(crate) fault: Fault,
    /// Uses short timeouts, because the server is too slow.
    pub(crate) impatient: bool,
    pub(crate) expected: Expected,
    /// Expected result for endpoints whose response has no required field, if it differs.
    pub(crate) without_required: Option<Expected>,
    /// Minimum and maximum delay before the second attempt.
    pub(crate) delay: (Duration, Duration),
}

/// Result of a call if the server performs the same steps for each attempt.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Expected {
    Success,
    Failure(Failure),
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Failure {
    pub(crate) kind: ErrorKind,
    pub(crate) status: Option<u16>,
    pub(crate) transient: bool,
    pub(crate) delivery: Delivery,
    /// The delay that the server requests exceeds the retry policy.
    pub(crate) exceeds_policy: bool,
}

pub(crate) fn row(name: &str, steps: impl Into<Vec<Step>>, expected: Expected) -> Row {
    Row {
        name: name.to_owned(),
        fault: steps.into().into(),
        impatient: false,
        expected,
        without_required: None,
        delay: (Duration::ZERO, FIRST_DELAY),
    }
}

impl Row {
    pub(crate) fn impatient(mut self) -> Self {
        self.impatient = true;
        self
    }

    pub(crate) fn without_required(mut self, expected: Expected) -> Self {
        self.without_required = Some(expected);
        self
    }

    pub(crate) fn delay(mut self, least: u64, most: u64) -> Self {
        self.delay = (Duration::from_secs(least), Duration::from_secs(most));
        self
    }
}

pub(crate) const fn failure(kind: ErrorKind, delivery: Delivery, transient: bool) -> Expected {
    Expected::Failure(Failure {
        kind,
        status: None,
        transient,
        delivery,
        exceeds_policy: false,
    })
}

/// The connection is lost.
pub(crate) const LOST: Expected = failure(ErrorKind::Disconnected, Unknown, true);
/// A timeout.
pub(crate) const SLOW: Expected = failure(ErrorKind::Timeout, Unknown, true);
/// The response is not valid HTTP.
pub(crate) const INVALID_HTTP: Expected = failure(ErrorKind::InvalidResponse, Unknown, false);
/// The response is valid HTTP with an invalid body.
pub(crate) const INVALID_BODY: Expected = with_status(INVALID_HTTP, 200);

pub(crate) const fn with_status(expected: Expected, status: u16) -> Expected {
    match expected {
        Expected::Success => Expected::Success,
        Expected::Failure(failure) => Expected::Failure(Failure {
            status: Some(status),
            ..failure
        }),
    }
}

pub(crate) const fn error_status(status: u16, delivery: Delivery, transient: bool) -> Expected {
    with_status(failure(ErrorKind::Status, delivery, transient), status)
}

pub(crate) const fn exceeding_policy(expected: Expected) -> Expected {
    match expected {
        Expected::Success => Expected::Success,
        Expected::Failure(failure) => Expected::Failure(Failure {
            exceeds_policy: true,
            ..failure
        }),
    }
}

pub(crate) fn with_key(body: &[u8], value: &str) -> Vec<u8> {
    let open = &body[..body.len() - 1];
    [open, br#", "zzz": "#, value.as_bytes(), b"}"].concat()
}

pub(crate) fn chunked(response: &Response, body: &dyn Fn(&[u8]) -> Vec<u8>) -> Vec<u8> {
    response.framed(&["transfer-encoding: chunked"], &body(&response.body))
}
