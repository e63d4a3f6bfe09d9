//! What happens, for logs and metrics.

use std::fmt;
use std::time::Duration;

use crate::error::Error;
use crate::operation::Operation;

/// One try of a call, as an observer sees it when it is over. Nothing in it is secret: neither
/// parameters, nor headers, nor bodies.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Call<'a> {
    /// The endpoint.
    pub operation: &'static Operation,
    /// The number of the try, from 1.
    pub attempt: u32,
    /// The status code of the answer, if one came.
    pub status: Option<u16>,
    /// How long the try took.
    pub elapsed: Duration,
    /// Why it did not end well.
    pub error: Option<&'a Error>,
}

/// Is told of every try; set with [`ClientBuilder::observe`](crate::ClientBuilder::observe).
pub(crate) type Observer = Box<dyn Fn(&Call<'_>) + Send + Sync>;

impl fmt::Display for Call<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Operation {
            name, method, path, ..
        } = self.operation;
        write!(f, "{name}: {method} {path}, try {}: ", self.attempt)?;
        match self.status {
            Some(status) => write!(f, "{status}")?,
            None => f.write_str("no answer")?,
        }
        write!(f, " in {:.1} ms", self.elapsed.as_secs_f64() * 1000.0)?;
        match self.error {
            Some(error) => write!(f, ": {}", error.message()),
            None => Ok(()),
        }
    }
}

/// Writes the try to the log: a good one at debug, another at warn.
pub(crate) fn log(call: &Call<'_>) {
    let level = if call.error.is_some() {
        log::Level::Warn
    } else {
        log::Level::Debug
    };
    log::log!(target: "api_runtime", level, "{call}");
}
