//! Polling until an operation has completed.

#[cfg(test)]
mod tests;

use std::time::Duration;

use super::Client;
use super::polls::Polls;
use super::progress::{Progress, WaitProgress};
use crate::error::Error;

/// Timeout and polling schedule of a waiter, and an optional callback for each response.
///
/// The first poll is sent immediately. The pause between polls is a tenth of the time waited so
/// far, from 2 ms to 10 s, and at least as long as the fastest poll took. A result is therefore
/// noticed within about a tenth of the time it took, and an hour costs a few hundred requests. Up to
/// a fifth of each pause is random, so that concurrent waiters do not poll in step.
///
/// The timeout also bounds the polls, whatever the server sends: a poll in flight is abandoned at the
/// deadline. The last poll is sent early enough for its response. With a timeout of zero, there is
/// one poll of at most half a second.
///
/// # Examples
///
/// ```
/// use std::time::Duration;
/// use api_runtime::Wait;
///
/// let hour = Wait::new().timeout(Duration::from_secs(3600));
/// let unlimited = Wait::new().no_timeout();
/// # let _ = (hour, unlimited);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub struct Wait<P = ()> {
    timeout: Option<Duration>,
    on_poll: P,
}

/// Timeout if none is set.
const DEFAULT_TIMEOUT: Duration = Duration::from_secs(20 * 60);

impl Wait {
    /// Creates a wait with a timeout of 20 minutes.
    pub const fn new() -> Self {
        Self {
            timeout: Some(DEFAULT_TIMEOUT),
            on_poll: (),
        }
    }
}

impl<P> Wait<P> {
    /// Sets the timeout.
    pub const fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self
    }

    /// Removes the timeout.
    pub const fn no_timeout(mut self) -> Self {
        self.timeout = None;
        self
    }

    /// Returns the timeout, or `None` if there is none.
    pub const fn duration(&self) -> Option<Duration> {
        self.timeout
    }

    /// Calls `on_poll` with each response of the polled endpoint, including the last one.
    ///
    /// The compiler cannot infer the type of the closure's parameter, so it must be written out.
    ///
    /// # Examples
    ///
    /// ```
    /// use api_runtime::{Client, Progress, Wait, transport::Scripted};
    ///
    /// # let client = Client::builder("https://example.com").transport(Scripted::new()).build()?;
    /// let mut seen = Vec::new();
    /// let wait = Wait::new().on_poll(|percent: &u32| seen.push(*percent));
    /// let mut percent = 50;
    /// let mut poll = |_: &Client| {
    ///     percent += 25;
    ///     Ok(percent)
    /// };
    /// api_runtime::wait(&client, wait, "jobs.run", &mut poll, |percent| match percent {
    ///     100 => Progress::Done,
    ///     _ => Progress::Pending("running"),
    /// })?;
    /// assert_eq!(seen, [75, 100]);
    /// # Ok::<(), api_runtime::Error>(())
    /// ```
    pub fn on_poll<F>(self, on_poll: F) -> Wait<F> {
        self.map(|_| on_poll)
    }

    /// Calls `on_progress` after each poll, including the last one, with the state of the operation and
    /// the elapsed time.
    ///
    /// # Examples
    ///
    /// ```
    /// use api_runtime::{Client, Progress, Wait, WaitProgress, transport::Scripted};
    ///
    /// # let client = Client::builder("https://example.com").transport(Scripted::new()).build()?;
    /// let wait = Wait::new().on_progress(|progress: &WaitProgress| eprintln!("{progress}"));
    /// let mut poll = |_: &Client| Ok(100);
    /// api_runtime::wait(&client, wait, "jobs.run", &mut poll, |percent| match percent {
    ///     100 => Progress::Done,
    ///     _ => Progress::Pending("running"),
    /// })?;
    /// # Ok::<(), api_runtime::Error>(())
    /// ```
    pub fn on_progress<F: FnMut(&WaitProgress<'_>)>(self, on_progress: F) -> Wait<OnProgress<F>> {
        self.map(|_| OnProgress(on_progress))
    }

    /// Converts the callback, e.g. to one for responses of another type.
    pub fn map<Q>(self, convert: impl FnOnce(P) -> Q) -> Wait<Q> {
        Wait {
            timeout: self.timeout,
            on_poll: convert(self.on_poll),
        }
    }
}

impl Default for Wait {
    fn default() -> Self {
        Self::new()
    }
}

/// Callback of a [`Wait`] for responses of type `T`.
///
/// Closures with one parameter of type `&T` implement it, and `()`, which ignores responses.
pub trait OnPoll<T> {
    /// Handles one response, which means `state`.
    fn on_poll(&mut self, response: &T, state: Progress<'_>, polls: &Polls<'_>);
}

impl<T> OnPoll<T> for () {
    fn on_poll(&mut self, _: &T, _: Progress<'_>, _: &Polls<'_>) {}
}

impl<T, F: FnMut(&T)> OnPoll<T> for F {
    fn on_poll(&mut self, response: &T, _: Progress<'_>, _: &Polls<'_>) {
        self(response);
    }
}

/// Callback of [`Wait::on_progress`] for responses of any type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OnProgress<F>(F);

impl<T, F: FnMut(&WaitProgress<'_>)> OnPoll<T> for OnProgress<F> {
    fn on_poll(&mut self, _: &T, state: Progress<'_>, polls: &Polls<'_>) {
        let elapsed = polls.elapsed();
        (self.0)(&WaitProgress { state, elapsed });
    }
}

/// Polls until a response is [`Progress::Done`], and returns that response.
///
/// `operation` is the name of the awaited operation in errors, e.g. `contexts.create`. `poll` is
/// called with a client whose [`deadline`](Client::deadline) is that of the wait.
///
/// # Errors
///
/// Returns the errors of `poll`, and errors of the kinds [`ErrorKind::WaitFailed`],
/// [`ErrorKind::WaitTimeout`] and [`ErrorKind::Interrupted`]. If the deadline passes during a poll,
/// the kind is `WaitTimeout`, and the error of the poll is its source.
///
/// [`ErrorKind::WaitFailed`]: crate::ErrorKind::WaitFailed
/// [`ErrorKind::WaitTimeout`]: crate::ErrorKind::WaitTimeout
/// [`ErrorKind::Interrupted`]: crate::ErrorKind::Interrupted
pub fn wait<T>(
    client: &Client,
    wait: Wait<impl OnPoll<T>>,
    operation: &str,
    poll: &mut dyn FnMut(&Client) -> Result<T, Error>,
    progress: fn(&T) -> Progress<'_>,
) -> Result<T, Error> {
    let mut polls = Polls::new(client, wait.timeout, operation);
    let mut on_poll = wait.on_poll;
    loop {
        let response = polls.poll(poll)?;
        let state = progress(&response);
        on_poll.on_poll(&response, state, &polls);
        if polls.is_done(state)? {
            return Ok(response);
        }
    }
}
