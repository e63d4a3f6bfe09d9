//! When a failed call is made again.

use std::time::{Duration, Instant, SystemTime};

use crate::client::Client;
use crate::error::{Error, ErrorKind, Passing};
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
    /// Whether one of them may have been processed.
    processed: bool,
}

impl<'a> Tries<'a> {
    pub(crate) fn new(client: &'a Client, policy: RetryPolicy, operation: &Operation) -> Self {
        Self {
            client,
            policy,
            retry: operation.retry,
            start: client.clock().now(),
            made: 1,
            processed: false,
        }
    }

    /// The number of the try under way, from 1.
    pub(crate) fn current(&self) -> u32 {
        self.made
    }

    /// Counts a try that comes at once, whatever the policy.
    pub(crate) fn again(&mut self) {
        self.made += 1;
    }

    /// Waits until it is time for another try; gives the error back if there is none.
    pub(crate) fn next(&mut self, error: Error) -> Result<(), Error> {
        self.processed |= error.may_have_been_processed();
        let Some(pause) = self.pause(&error).filter(|pause| self.is_left(*pause)) else {
            return Err(self.last(error));
        };
        let interrupt = self.client.interrupt();
        self.client.clock().sleep(pause, interrupt);
        if interrupt.is_raised() {
            let text = format!("interrupted before another try; the last ended with: {error}");
            return Err(self.last(Error::new(ErrorKind::Interrupted, text)));
        }
        self.made += 1;
        Ok(())
    }

    /// The error that the call ends with. It tells of all tries.
    pub(crate) fn last(&self, error: Error) -> Error {
        error
            .with_attempts(self.made)
            .with_processed(self.processed)
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
        allows(self.retry, error.passing())
            .then(|| asked.unwrap_or_else(|| backoff(self.made, fastrand::f64())))
    }
}

fn allows(retry: Retry, passing: Passing) -> bool {
    match (passing, retry) {
        (Passing::Unprocessed, _) | (Passing::Unknown, Retry::Safe | Retry::Idempotent) => true,
        (Passing::Unknown, Retry::Never) | (Passing::Lasting, _) => false,
    }
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
    fn who_may_try_again() {
        use Passing::{Lasting, Unknown, Unprocessed};
        use Retry::{Idempotent, Never, Safe};
        for (retry, passing, expected) in [
            (Safe, Unprocessed, true),
            (Idempotent, Unprocessed, true),
            (Never, Unprocessed, true),
            (Safe, Unknown, true),
            (Idempotent, Unknown, true),
            (Never, Unknown, false),
            (Safe, Lasting, false),
            (Idempotent, Lasting, false),
            (Never, Lasting, false),
        ] {
            assert_eq!(allows(retry, passing), expected, "{retry:?} {passing:?}");
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
