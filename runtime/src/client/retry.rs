//! Retries of failed attempts.

use std::time::{Duration, Instant, SystemTime};

use crate::delivery::Delivery;
use crate::error::{Error, ErrorKind};
use crate::operation::Retry;
use crate::time_limit::TimeLimit;

/// Limits of the retries of a call.
///
/// An attempt is retried only after a transient error. If the request may have been processed, it is
/// retried only if the retry class of the operation allows it: see
/// [`Retry`](crate::operation::Retry). Rejected credentials, an invalid certificate or an unknown
/// host are not transient. No attempt begins after the deadline of the call or an interrupt.
///
/// The delay before a retry is random, with an upper bound of 0.5 s that doubles with each attempt up
/// to 10 s ("full jitter"). If the server requests a delay with `Retry-After`, that is used instead.
///
/// # Examples
///
/// ```
/// use std::time::Duration;
/// use api_runtime::{Client, RetryPolicy};
///
/// let client = Client::builder("https://example.com").build()?;
/// let persistent = client.retries(RetryPolicy::new().attempts(20).budget(Duration::from_secs(600)));
/// let single = client.retries(RetryPolicy::none());
/// # let _ = (persistent, single);
/// # Ok::<(), api_runtime::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub struct RetryPolicy {
    attempts: u32,
    budget: Duration,
}

/// Bounds of the random delay: before the first retry, and before later ones.
const FIRST_MAX_DELAY: Duration = Duration::from_millis(500);
const MAX_DELAY: Duration = Duration::from_secs(10);

impl RetryPolicy {
    /// Creates a policy of up to five attempts, the last of which begins within a minute.
    pub const fn new() -> Self {
        Self {
            attempts: 5,
            budget: Duration::from_secs(60),
        }
    }

    /// Creates a policy without retries.
    pub const fn none() -> Self {
        Self {
            attempts: 1,
            budget: Duration::ZERO,
        }
    }

    /// Returns the number of attempts, including the first one.
    pub(super) const fn max_attempts(&self) -> u32 {
        self.attempts
    }

    /// Sets the maximum number of attempts, including the first one.
    pub const fn attempts(mut self, attempts: u32) -> Self {
        self.attempts = attempts;
        self
    }

    /// Sets the time within which the last attempt must begin, counted from the first one.
    pub const fn budget(mut self, budget: Duration) -> Self {
        self.budget = budget;
        self
    }
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self::new()
    }
}

/// The attempts of one call.
pub(super) struct Attempts<'a> {
    policy: RetryPolicy,
    class: Retry,
    time: TimeLimit<'a>,
    start: Instant,
    number: u32,
    /// Delivery of all attempts together.
    delivery: Delivery,
    /// Time of the first attempt that may have been processed.
    sent_at: Option<SystemTime>,
}

impl<'a> Attempts<'a> {
    pub(super) fn new(policy: RetryPolicy, class: Retry, time: TimeLimit<'a>) -> Self {
        Self {
            policy,
            class,
            time,
            start: time.now(),
            number: 1,
            delivery: Delivery::NotProcessed,
            sent_at: None,
        }
    }

    /// Returns the number of the current attempt, starting at 1.
    pub(super) fn number(&self) -> u32 {
        self.number
    }

    /// Returns an error if the call was interrupted or its deadline has passed, so that no further
    /// attempt begins.
    pub(super) fn check_canceled(&self) -> Result<(), Error> {
        let (kind, message) = if self.time.is_interrupted() {
            (ErrorKind::Interrupted, "interrupted before it was sent")
        } else if self.time.has_passed() {
            (ErrorKind::Timeout, "the deadline passed before it was sent")
        } else {
            return Ok(());
        };
        Err(self.finish(Error::before_sending(kind, message)))
    }

    /// Counts an attempt that follows immediately after the credentials were refreshed. The policy
    /// does not apply to it.
    pub(super) fn count_refresh(&mut self, error: &Error) {
        self.record(error);
        self.number += 1;
    }

    /// Waits until the next attempt.
    ///
    /// # Errors
    ///
    /// Returns the error of the call if there is no further attempt.
    pub(super) fn wait_for_next(&mut self, error: Error) -> Result<(), Error> {
        self.record(&error);
        let Some(delay) = self.delay(&error) else {
            return Err(self.finish(error));
        };
        self.time.sleep(delay);
        if self.time.is_interrupted() {
            let message = format!("interrupted before a retry; the last error was: {error}");
            let error = Error::before_sending(ErrorKind::Interrupted, message);
            return Err(self.finish(error));
        }
        self.number += 1;
        Ok(())
    }

    /// Adds the number and the delivery of all attempts to the error of the call.
    pub(super) fn finish(&self, error: Error) -> Error {
        error
            .with_attempts(self.number)
            .with_delivery(self.delivery)
            .with_sent_at(self.sent_at)
    }

    fn record(&mut self, error: &Error) {
        self.delivery = self.delivery.and(error.delivery());
        self.sent_at = self.sent_at.or(error.sent_at());
    }

    /// Returns the delay before the next attempt, or `None` if there is no further attempt.
    fn delay(&self, error: &Error) -> Option<Duration> {
        if !may_retry(self.class, error) || self.number >= self.policy.attempts {
            return None;
        }
        // Some servers send `Retry-After: 0`, which must not lead to retries without any delay.
        let requested = error.retry_after().filter(|delay| !delay.is_zero());
        let delay = requested.unwrap_or_else(|| backoff(self.number, fastrand::f64()));
        let elapsed = self.time.now().saturating_duration_since(self.start);
        let is_in_budget = elapsed.saturating_add(delay) <= self.policy.budget;
        let is_in_time = self.time.time_left().is_none_or(|left| delay < left);
        (is_in_budget && is_in_time).then_some(delay)
    }
}

/// Returns whether a request of this class may be retried after `error`.
fn may_retry(class: Retry, error: &Error) -> bool {
    error.is_transient() && is_repeatable(class, error)
}

/// Returns whether the request can be sent again without being processed twice, or whether that does
/// no harm.
pub(super) fn is_repeatable(class: Retry, error: &Error) -> bool {
    error.delivery() == Delivery::NotProcessed || class != Retry::Never
}

/// Returns a random delay. `fraction` is between 0 and 1.
fn backoff(attempt: u32, fraction: f64) -> Duration {
    let bound = FIRST_MAX_DELAY
        .saturating_mul(1 << (attempt - 1).min(16))
        .min(MAX_DELAY);
    bound.mul_f64(fraction)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_transient_errors_are_retried_and_only_if_repeatable() {
        use Delivery::{NotProcessed, Unknown};
        use Retry::{Idempotent, Never, Safe};
        for (class, delivery, transient, expected) in [
            (Safe, NotProcessed, true, true),
            (Idempotent, NotProcessed, true, true),
            (Never, NotProcessed, true, true),
            (Safe, Unknown, true, true),
            (Idempotent, Unknown, true, true),
            (Never, Unknown, true, false),
            (Safe, NotProcessed, false, false),
            (Idempotent, Unknown, false, false),
            (Never, NotProcessed, false, false),
        ] {
            let error = Error::new(ErrorKind::Status, delivery, String::new());
            let error = error.with_transient(transient);
            assert_eq!(
                may_retry(class, &error),
                expected,
                "{class:?} {delivery:?} {transient}"
            );
        }
    }

    #[test]
    fn backoff_doubles_up_to_a_bound() {
        let bounds: Vec<_> = (1..=7)
            .map(|attempt| backoff(attempt, 1.0).as_millis())
            .collect();
        assert_eq!(bounds, [500, 1000, 2000, 4000, 8000, 10_000, 10_000]);
        assert_eq!(backoff(u32::MAX, 1.0), MAX_DELAY);
        assert_eq!(backoff(3, 0.25).as_millis(), 500);
    }
}
