//! Deadline and pauses of repeated requests.

use std::time::{Duration, Instant};

use api_runtime::Client;

/// Pause before the next request or context, doubled after each context.
pub(super) const MIN_PAUSE: Duration = Duration::from_secs(1);
const MAX_PAUSE: Duration = Duration::from_secs(10);

/// Returns the pause after an attempt.
pub(super) fn pause_after(attempt: u32) -> Duration {
    MIN_PAUSE
        .saturating_mul(1 << (attempt - 1).min(8))
        .min(MAX_PAUSE)
}

/// Deadline for repeated requests, on the clock of the client.
pub(super) struct Deadline<'a> {
    client: &'a Client,
    /// `None` is no deadline.
    end: Option<Instant>,
}

impl<'a> Deadline<'a> {
    pub(super) fn new(client: &'a Client, timeout: Duration) -> Self {
        let end = client.clock().now().checked_add(timeout);
        let ends = [end, client.current_deadline()];
        Self {
            client,
            end: ends.into_iter().flatten().min(),
        }
    }

    pub(super) fn left(&self) -> Duration {
        let now = self.client.clock().now();
        self.end
            .map_or(Duration::MAX, |end| end.saturating_duration_since(now))
    }

    /// Sleeps, unless the deadline is earlier. Returns whether it slept.
    pub(super) fn pause(&self, pause: Duration) -> bool {
        let is_in_time = pause < self.left();
        if is_in_time {
            self.client.clock().sleep(pause, self.client.interrupt());
        }
        is_in_time
    }
}
