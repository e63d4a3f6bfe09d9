//! Deadline of a wait and the pauses between its polls.

use std::time::{Duration, Instant};

use super::Client;
use crate::delivery::Delivery;
use crate::error::{Error, ErrorKind};
use crate::redact::ServerText;

pub(super) const MIN_PAUSE: Duration = Duration::from_millis(2);
pub(super) const MAX_PAUSE: Duration = Duration::from_secs(10);

/// Time for the first poll of a wait whose timeout is shorter, e.g. zero.
const MIN_FIRST_POLL: Duration = Duration::from_millis(500);

/// Time that is left for the last poll, in addition to one and a half round trips.
const LAST_POLL_MARGIN: Duration = Duration::from_millis(5);

/// The part of a wait that does not depend on the response type.
#[derive(Debug)]
pub(super) struct Schedule<'a> {
    client: Client,
    operation: &'a str,
    deadline: Option<Instant>,
    /// Set if the deadline is that of the client. The wait began later than its time.
    is_deadline_of_client: bool,
    start: Instant,
    /// Start of the current poll.
    poll_start: Instant,
    /// Duration of the fastest poll.
    round_trip: Duration,
    last_status: Option<String>,
}

impl<'a> Schedule<'a> {
    pub(super) fn new(client: &Client, timeout: Option<Duration>, operation: &'a str) -> Self {
        let start = client.clock().now();
        let after = |timeout: Duration| start.checked_add(timeout);
        let earlier = |end: Option<Instant>| end.into_iter().chain(client.settings.deadline).min();
        let poll_deadline = timeout.map(|timeout| timeout.max(MIN_FIRST_POLL));
        let end = timeout.and_then(after);
        let deadline = earlier(end);
        Self {
            client: client.deadline(earlier(poll_deadline.and_then(after))),
            operation,
            deadline,
            is_deadline_of_client: deadline != end,
            start,
            poll_start: start,
            round_trip: Duration::MAX,
            last_status: None,
        }
    }

    /// Returns the client for the polls, which end at the deadline of the wait.
    pub(super) fn client(&self) -> &Client {
        &self.client
    }

    /// Returns the time since the start of the wait.
    pub(super) fn elapsed(&self) -> Duration {
        let now = self.client.clock().now();
        now.saturating_duration_since(self.start)
    }

    /// Records the response of a poll, after which another one follows.
    pub(super) fn record(&mut self, status: ServerText<'_>) {
        let now = self.client.clock().now();
        let round_trip = now.saturating_duration_since(self.poll_start);
        self.round_trip = self.round_trip.min(round_trip);
        let last_status = self.last_status.get_or_insert_default();
        last_status.clear();
        last_status.push_str(status.as_raw());
    }

    /// Waits until the next poll.
    pub(super) fn pause(&mut self) -> Result<(), Error> {
        let clock = self.client.clock();
        let now = clock.now();
        let left = self.time_left(now);
        let last_poll = left.map(|left| left.saturating_sub(self.time_for_last_poll()));
        let is_last = last_poll.is_some_and(|left| left.is_zero());
        let pause = if is_last {
            left.unwrap_or_default()
        } else {
            let waited = now.saturating_duration_since(self.start);
            let pause = pause_after(waited, self.round_trip, fastrand::f64());
            pause.min(last_poll.unwrap_or(Duration::MAX))
        };
        clock.sleep(pause, self.client.interrupt());
        if self.client.interrupt().is_raised() {
            return Err(self.interrupted());
        }
        if is_last {
            return Err(self.timed_out());
        }
        self.poll_start = self.client.clock().now();
        Ok(())
    }

    /// Returns the error for a status that is a failure.
    pub(super) fn failed(&self, status: ServerText<'_>) -> Error {
        let status = self.client.show(status);
        self.error(
            ErrorKind::WaitFailed,
            format!("failed with the status `{status}`"),
        )
    }

    /// Returns the error for a failed poll: that of the wait if the deadline or the interrupt has
    /// canceled the poll.
    pub(super) fn poll_failed(&self, error: Error) -> Error {
        if error.kind() == ErrorKind::Interrupted {
            return self.interrupted().with_delivery(poll_delivery(&error));
        }
        let left = self.time_left(self.client.clock().now());
        if !error.is_timeout() || left.is_none_or(|left| !left.is_zero()) {
            return error;
        }
        let delivery = poll_delivery(&error);
        self.timed_out().with_delivery(delivery).with_source(error)
    }

    fn time_left(&self, now: Instant) -> Option<Duration> {
        let deadline = self.deadline?;
        Some(deadline.saturating_duration_since(now))
    }

    /// Returns the time before the deadline at which the last poll is sent.
    fn time_for_last_poll(&self) -> Duration {
        self.round_trip
            .mul_f64(1.5)
            .saturating_add(LAST_POLL_MARGIN)
    }

    fn timed_out(&self) -> Error {
        let text = if self.is_deadline_of_client {
            format!("the deadline passed; {}", self.last_status())
        } else {
            let waited = self.elapsed().as_secs_f64();
            format!("timed out after {waited:.1} s; {}", self.last_status())
        };
        self.error(ErrorKind::WaitTimeout, text)
    }

    fn interrupted(&self) -> Error {
        let text = format!("the wait was interrupted; {}", self.last_status());
        self.error(ErrorKind::Interrupted, text)
    }

    fn last_status(&self) -> String {
        match &self.last_status {
            Some(status) => {
                let status = self.client.show(ServerText::new(status));
                format!("the last status was `{status}`")
            }
            None => "there was no response".into(),
        }
    }

    fn error(&self, kind: ErrorKind, text: String) -> Error {
        Error::before_sending(kind, text).with_operation(self.operation)
    }
}

/// Returns the delivery of a wait whose poll was canceled: polls that change nothing do not count.
fn poll_delivery(error: &Error) -> Delivery {
    if error.changes_state() {
        error.delivery()
    } else {
        Delivery::NotProcessed
    }
}

/// Returns the pause after a poll. `random` is between 0 and 1.
///
/// It is never shorter than a round trip, so that a slow line or a busy server is idle for at least
/// half of the time. Up to a fifth is random.
fn pause_after(waited: Duration, round_trip: Duration, random: f64) -> Duration {
    let shortest = round_trip.mul_f64(1.25).clamp(MIN_PAUSE, MAX_PAUSE);
    let pause = (waited / 10).clamp(shortest, MAX_PAUSE);
    pause.mul_f64(1.0 - 0.2 * random)
}
