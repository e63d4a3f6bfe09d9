//! Timeouts of the phases of a request.

use std::time::Duration;

/// Timeouts of the phases of a request. `None` is no timeout.
///
/// They bound phases rather than the whole request: a large upload may take any time as long as it
/// makes progress. [`Client::timeout`](crate::Client::timeout) bounds the whole. A
/// [table](crate#time-limits) lists all limits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Timeouts {
    /// Timeout for establishing a connection, including DNS lookup, proxy and TLS. 10 s by default.
    pub connect: Option<Duration>,
    /// Timeout from the end of the request to the head of the response. 60 s by default.
    pub response: Option<Duration>,
    /// Timeout of each write of the request, and of each KiB of the response body. For a body that is
    /// written to a sink or read as [`Events`](crate::Events), it is the timeout of each read. 60 s by default.
    pub idle: Option<Duration>,
}

impl Default for Timeouts {
    fn default() -> Self {
        let minute = Some(Duration::from_secs(60));
        Self {
            connect: Some(Duration::from_secs(10)),
            response: minute,
            idle: minute,
        }
    }
}
