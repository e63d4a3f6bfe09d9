//! Polls of a wait, one at a time.

use std::time::Duration;

use super::Client;
use super::progress::Progress;
use super::schedule::Schedule;
use crate::error::Error;
use crate::redact::ServerText;

/// Polls of a [`wait`](crate::wait) for callers that do other things between them.
///
/// Timeout, pauses and errors are those of [`Wait`](crate::Wait).
///
/// # Examples
///
/// ```
/// use std::time::Duration;
/// use api_runtime::{Client, Polls, Progress, transport::Scripted};
///
/// # let client = Client::builder("https://example.com").transport(Scripted::new()).build()?;
/// let mut polls = Polls::new(&client, Some(Duration::from_secs(60)), "jobs.run");
/// let mut percent = 50;
/// loop {
///     let response = polls.poll(&mut |_| {
///         percent += 25;
///         Ok(percent)
///     })?;
///     let progress = match response {
///         100 => Progress::Done,
///         _ => Progress::Pending("running"),
///     };
///     println!("{response} % after {:?}", polls.elapsed());
///     if polls.is_done(progress)? {
///         break;
///     }
/// }
/// # Ok::<(), api_runtime::Error>(())
/// ```
#[derive(Debug)]
pub struct Polls<'a> {
    schedule: Schedule<'a>,
    /// Whether a pause precedes the next poll.
    pauses: bool,
}

impl<'a> Polls<'a> {
    /// Starts the timeout. `operation` is the name of the awaited operation in errors. `None` is no
    /// timeout; the deadline of `client` applies in any case.
    #[must_use]
    pub fn new(client: &Client, timeout: Option<Duration>, operation: &'a str) -> Self {
        Self {
            schedule: Schedule::new(client, timeout, operation),
            pauses: false,
        }
    }

    /// Polls once, after the pause that follows the previous poll. `poll` is called with a client
    /// whose [`deadline`](Client::deadline) is that of the wait.
    ///
    /// # Errors
    ///
    /// See [`wait`](crate::wait).
    pub fn poll<T>(
        &mut self,
        poll: &mut dyn FnMut(&Client) -> Result<T, Error>,
    ) -> Result<T, Error> {
        if self.pauses {
            self.schedule.pause()?;
        }
        poll(self.schedule.client()).map_err(|error| self.schedule.poll_failed(error))
    }

    /// Records the state according to the last response. Returns whether the operation has completed.
    ///
    /// # Errors
    ///
    /// Returns [`ErrorKind::WaitFailed`](crate::ErrorKind::WaitFailed) for [`Progress::Failed`].
    pub fn is_done(&mut self, progress: Progress<'_>) -> Result<bool, Error> {
        match progress {
            Progress::Done => Ok(true),
            Progress::Failed(status) => Err(self.schedule.failed(ServerText::new(status))),
            Progress::Pending(status) => {
                self.schedule.record(ServerText::new(status));
                self.pauses = true;
                Ok(false)
            }
        }
    }

    /// Returns the time since the start of the wait.
    #[must_use]
    pub fn elapsed(&self) -> Duration {
        self.schedule.elapsed()
    }
}
