//! Time for clean-up.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use api_runtime::{Client, Interrupt};

/// Time that the clean-up requests of one context share, and clients that keep to it.
///
/// It begins with an interrupt or a deadline, at which a request that creates a context or runs a
/// command may be in flight. Its response is awaited, as it contains the id that is needed to clean
/// up.
#[derive(Debug)]
pub(crate) struct Cleanup {
    timeout: Duration,
    /// Start of the last clean-up.
    start: Mutex<Option<Instant>>,
}

/// Timeout if none is set.
pub(crate) const DEFAULT_TIMEOUT: Duration = Duration::from_secs(5);

/// Minimum time for a request, so that it is sent even if no time is left. Sending it is more
/// important than its response.
const MIN_TIME: Duration = Duration::from_millis(500);

impl Cleanup {
    pub(crate) fn new(timeout: Duration) -> Self {
        Self {
            timeout,
            start: Mutex::new(None),
        }
    }

    /// Returns a client for the request that creates the context.
    pub(crate) fn creating(&self, client: &Client) -> Client {
        client.grace(self.timeout)
    }

    /// Returns a client for a request that runs a command.
    pub(crate) fn executing(&self, client: &Client) -> Client {
        // The rest is for cancelling the command and destroying the context, which are possible
        // without the response as well.
        client.grace(self.timeout.saturating_sub(self.timeout / 5))
    }

    /// Returns a client for canceling a command.
    pub(crate) fn canceling(&self, client: &Client) -> Client {
        // The rest is for destroying the context, which ends the command as well.
        self.client(client, |left| left / 2)
    }

    /// Returns a client for canceling a command of a context that is used further.
    pub(crate) fn canceling_only(&self, client: &Client) -> Client {
        self.client(client, |left| left)
    }

    /// Returns a client for the status of the context, which belongs to the clean-up only if `client`
    /// was canceled.
    pub(crate) fn checking(&self, client: &Client) -> Client {
        match canceled_at(client) {
            Some(_) => self.canceling(client),
            None => client.clone(),
        }
    }

    /// Returns a client for destroying the context.
    pub(crate) fn destroying(&self, client: &Client) -> Client {
        self.client(client, |left| left)
    }

    /// Begins a clean-up. Its time is counted from the interrupt or the deadline of `client`, or from
    /// now after any other error.
    pub(crate) fn begin(&self, client: &Client) {
        let start = canceled_at(client).unwrap_or_else(|| client.clock().now());
        *self.start.lock().unwrap_or_else(PoisonError::into_inner) = Some(start);
    }

    /// Ends a clean-up after which the context is used further, unless the interrupt or the deadline of
    /// `client` have begun another one in the meantime.
    pub(crate) fn finish(&self, client: &Client) {
        *self.start.lock().unwrap_or_else(PoisonError::into_inner) = canceled_at(client);
    }

    /// Returns a client that the interrupt and the deadline of `client` do not affect.
    fn client(&self, client: &Client, share: fn(Duration) -> Duration) -> Client {
        let now = client.clock().now();
        let end = self.end(now).map(|end| {
            let left = end.saturating_duration_since(now);
            now + share(left).max(MIN_TIME)
        });
        client.with_interrupt(Interrupt::new()).deadline(end)
    }

    /// Returns the end of the clean-up in progress, or else of one that begins now. `None` is no limit.
    fn end(&self, now: Instant) -> Option<Instant> {
        // The minimum time of its requests can exceed the end of a clean-up.
        let max = self.timeout.saturating_add(4 * MIN_TIME);
        let is_in_progress = |start: &Instant| now.saturating_duration_since(*start) <= max;
        let mut start = self.start.lock().unwrap_or_else(PoisonError::into_inner);
        let begun = start.filter(is_in_progress).unwrap_or(now);
        *start = Some(begun);
        begun.checked_add(self.timeout)
    }
}

/// Returns the time at which the interrupt of the client was raised or its deadline passed, if so.
pub(crate) fn canceled_at(client: &Client) -> Option<Instant> {
    let now = client.clock().now();
    let deadline = client
        .current_deadline()
        .filter(|deadline| *deadline <= now);
    let raised = client.interrupt().raised_at();
    [raised, deadline].into_iter().flatten().min()
}
