//! When a failed call is made again.

use std::time::{Duration, Instant, SystemTime};

use crate::client::Client;
use crate::delivery::Delivery;
use crate::error::{Error, ErrorKind};
use crate::operation::{Operation, Retry};

/// How often and how long a call is tried.
///
/// Only failures that may pass lead to another try, and after one that may have come after the
/// request was processed, only a call that may be repeated: see [`Retry`]. A refused credential, a
/// bad certificate or an unknown host end the call at once.
///
/// Between two tries lies a random pause, of up to half a second, then one, two, four, up to ten
/// ("full jitter"); or what the server asks for with `Retry-After`, unless that is none at all.
///
/// # Example
///
/// ```
/// use std::time::Duration;
/// use api_runtime::{Client, RetryPolicy};
///
/// let client = Client::builder("https://example.com").build()?;
/// let patient = client.retries(RetryPolicy::new().attempts(20).budget(Duration::from_secs(600)));
/// let single = client.retries(RetryPolicy::none());
/// # let _ = (patient, single);
/// # Ok::<(), api_runtime::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub struct RetryPolicy {
    attempts: u32,
    budget: Duration,
}

const FIRST_PAUSE: Duration = Duration::from_millis(500);
const LONGEST_PAUSE: Duration = Duration::from_secs(10);

impl RetryPolicy {
    /// Up to five tries, the last of which begins within a minute.
    pub const fn new() -> Self {
        Self {
            attempts: 5,
            budget: Duration::from_secs(60),
        }
    }

    /// One try.
    pub const fn none() -> Self {
        Self {
            attempts: 1,
            budget: Duration::ZERO,
        }
    }

    /// Up to this many tries, the first included.
    pub const fn attempts(mut self, attempts: u32) -> Self {
        self.attempts = attempts;
        self
    }

    /// The same, with no try later than `limit`.
    pub(crate) fn within(mut self, limit: Duration) -> Self {
        self.budget = self.budget.min(limit);
        self
    }

    /// No try begins later than this after the first.
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

/// The tries of one call.
pub(crate) struct Tries<'a> {
    client: &'a Client,
    policy: RetryPolicy,
    retry: Retry,
    start: Instant,
    made: u32,
    /// Of all of them: once one may have been processed, the call may.
    delivery: Delivery,
}

impl<'a> Tries<'a> {
    pub(crate) fn new(client: &'a Client, policy: RetryPolicy, operation: &Operation) -> Self {
        Self {
            client,
            policy,
            retry: operation.retry,
            start: client.clock().now(),
            made: 1,
            delivery: Delivery::NotProcessed,
        }
    }

    /// The number of the try under way, from 1.
    pub(crate) fn current(&self) -> u32 {
        self.made
    }

    /// Counts a try that comes at once, whatever the policy.
    pub(crate) fn again(&mut self, error: &Error) {
        self.record(error);
        self.made += 1;
    }

    fn record(&mut self, error: &Error) {
        self.delivery = self.delivery.and(error.delivery());
    }

    /// Waits until it is time for another try; gives the error back if there is none.
    pub(crate) fn next(&mut self, error: Error) -> Result<(), Error> {
        self.record(&error);
        let Some(pause) = self.pause(&error).filter(|pause| self.is_left(*pause)) else {
            return Err(self.last(error));
        };
        let interrupt = self.client.interrupt();
        self.client.clock().sleep(pause, interrupt);
        if interrupt.is_raised() {
            let text = format!("interrupted before another try; the last ended with: {error}");
            let error = Error::before_sending(ErrorKind::Interrupted, text);
            return Err(self.last(error));
        }
        self.made += 1;
        Ok(())
    }

    /// The error that the call ends with. It tells of all tries.
    pub(crate) fn last(&self, error: Error) -> Error {
        error.with_attempts(self.made).with_delivery(self.delivery)
    }

    /// Whether the policy has another try, after so long a pause.
    fn is_left(&self, pause: Duration) -> bool {
        let spent = self
            .client
            .clock()
            .now()
            .saturating_duration_since(self.start);
        self.made < self.policy.attempts && spent.saturating_add(pause) <= self.policy.budget
    }

    /// How long to wait before another try, if there may be one.
    fn pause(&self, error: &Error) -> Option<Duration> {
        let asked = error.retry_after().filter(|pause| !pause.is_zero());
        may_retry(self.retry, error)
            .then(|| asked.unwrap_or_else(|| backoff(self.made, fastrand::f64())))
    }
}

/// Returns whether a request of this class may be retried after `error`.
fn may_retry(class: Retry, error: &Error) -> bool {
    error.is_transient() && is_repeatable(class, error)
}

/// Returns whether sending the request again cannot process it twice where that must not happen.
pub(crate) fn is_repeatable(class: Retry, error: &Error) -> bool {
    error.delivery() == Delivery::NotProcessed || class != Retry::Never
}

/// A part, from 0 to 1, of a bound that doubles with each try.
fn backoff(made: u32, part: f64) -> Duration {
    let bound = FIRST_PAUSE
        .saturating_mul(1 << (made - 1).min(16))
        .min(LONGEST_PAUSE);
    bound.mul_f64(part)
}

/// What a `Retry-After` asks for (RFC 9110, section 10.2.3): seconds or a date. A date in the past
/// is no wait.
pub(crate) fn retry_after(value: &str, now: SystemTime) -> Option<Duration> {
    let value = value.trim();
    if let Ok(seconds) = value.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let date = httpdate::parse_http_date(value).ok()?;
    Some(date.duration_since(now).unwrap_or(Duration::ZERO))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_transient_errors_are_retried_and_never_if_possibly_processed() {
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
    fn pauses_double_up_to_a_bound() {
        let bounds: Vec<_> = (1..=7).map(|made| backoff(made, 1.0).as_millis()).collect();
        assert_eq!(bounds, [500, 1000, 2000, 4000, 8000, 10_000, 10_000]);
        assert_eq!(backoff(u32::MAX, 1.0), LONGEST_PAUSE);
        assert_eq!(backoff(3, 0.25).as_millis(), 500);
    }

    #[test]
    fn retry_after_in_each_form() {
        let now = httpdate::parse_http_date("Sun, 06 Nov 1994 08:49:30 GMT").unwrap();
        for (value, expected) in [
            ("7", Some(7)),
            (" 0 ", Some(0)),
            ("Sun, 06 Nov 1994 08:49:37 GMT", Some(7)),
            ("Sunday, 06-Nov-94 08:49:37 GMT", Some(7)),
            ("Sun Nov  6 08:49:37 1994", Some(7)),
            ("Sun, 06 Nov 1994 08:00:00 GMT", Some(0)),
            ("18446744073709551615", Some(u64::MAX)),
            ("-1", None),
            ("1.5", None),
            ("soon", None),
            ("", None),
        ] {
            assert_eq!(
                retry_after(value, now),
                expected.map(Duration::from_secs),
                "{value}"
            );
        }
    }
}
