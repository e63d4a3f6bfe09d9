//! State of awaited operations.

use std::fmt;
use std::time::Duration;

use crate::redact::ServerText;

/// State of the awaited operation according to one response.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress<'a> {
    /// Completed.
    Done,
    /// Failed, with this status.
    Failed(&'a str),
    /// Not completed yet, with this status.
    Pending(&'a str),
}

/// Progress of a wait, for callbacks. See [`Wait::on_progress`](crate::Wait::on_progress).
///
/// `Display` writes the status and the elapsed time on one line.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct WaitProgress<'a> {
    /// State according to the last response. Its text is as sent by the server.
    pub state: Progress<'a>,
    /// Time since the start of the wait.
    pub elapsed: Duration,
}

impl fmt::Display for WaitProgress<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let status = match self.state {
            Progress::Done => "completed".to_owned(),
            Progress::Failed(status) | Progress::Pending(status) => {
                format!("`{}`", ServerText::new(status).line())
            }
        };
        write!(f, "{status} after {:.1} s", self.elapsed.as_secs_f64())
    }
}
