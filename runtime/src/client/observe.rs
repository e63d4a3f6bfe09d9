//! Events for logs and metrics.

use std::fmt;
use std::time::{Duration, SystemTime};

use crate::error::Error;
use crate::operation::Operation;

/// A completed attempt to send a request, for observers.
///
/// It contains no secrets: no parameters, headers or bodies.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct AttemptEvent<'a> {
    /// The endpoint.
    pub operation: &'a Operation<'a>,
    /// Number of the attempt, starting at 1.
    pub attempt: u32,
    /// Status code of the response, if there was one.
    pub status: Option<u16>,
    /// Time in the `Date` header of the response, for observers.
    pub date: Option<SystemTime>,
    /// Duration of the attempt.
    pub elapsed: Duration,
    /// The error, if the attempt failed.
    pub error: Option<&'a Error>,
}

/// Function that is called after each attempt. See
/// [`ClientBuilder::observe`](crate::ClientBuilder::observe).
pub(super) type Observer = Box<dyn Fn(&AttemptEvent<'_>) + Send + Sync>;

/// Writes for example `POST /api/1.2/contexts/create 200, 790 ms`, with the number of a repeated attempt and the
/// error.
impl fmt::Display for AttemptEvent<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Operation { method, path, .. } = self.operation;
        write!(f, "{method} {path} ")?;
        match self.status {
            Some(status) => write!(f, "{status}")?,
            None => f.write_str("no response")?,
        }
        write!(f, ", {:.0} ms", self.elapsed.as_secs_f64() * 1000.0)?;
        if self.attempt > 1 {
            write!(f, ", attempt {}", self.attempt)?;
        }
        match self.error {
            Some(error) => write!(f, ": {}", error.message()),
            None => Ok(()),
        }
    }
}

/// Logs the attempt: at level debug if it succeeded, and at level warn otherwise.
pub(super) fn log(event: &AttemptEvent<'_>) {
    let level = if event.error.is_some() {
        log::Level::Warn
    } else {
        log::Level::Debug
    };
    log::log!(target: "api_runtime", level, "{event}");
}
