//! Deadlines of single waits.

use std::time::{Duration, Instant};

use ureq::unversioned::transport::{NextTimeout, time};
use ureq::{Error, Timeout};

use super::call_state::{self, CallState, Cancellation};

/// Longest wait between two checks of the interrupt. Blocked system calls cannot be woken, so they
/// are given this timeout.
const INTERRUPT_POLL_INTERVAL: Duration = Duration::from_millis(50);

/// Shortest timeout of a system call: zero is an error or means none.
const MIN_STEP: Duration = Duration::from_millis(1);

/// Deadline of one read, write or connection attempt: that of its phase or that of the call.
///
/// `ureq` itself gets no timeouts: it would apply them to single operations, and some of them with
/// one more thread per call. Its own timeout for the response to `expect` is kept.
#[derive(Debug)]
pub(super) struct Deadline {
    end: End,
    is_interruptible: bool,
    /// Time of creation, for the first step only. It saves a system call and a check of the interrupt.
    now: Option<Instant>,
}

/// Origin of a deadline.
#[derive(Clone, Copy, Debug)]
enum Origin {
    Ureq(Timeout),
    Phase,
    Call,
    Interrupt,
}

impl Deadline {
    /// Creates the deadline of a read, a write or a connection attempt that begins now.
    pub(super) fn new(timeout: NextTimeout) -> Self {
        let now = Instant::now();
        call_state::with(|call| {
            let end = match timeout.after {
                time::Duration::Exact(after) => {
                    let at = now.checked_add(after);
                    at.map(|at| (at, Origin::Ureq(timeout.reason)))
                }
                time::Duration::NotHappening => {
                    call.phase_deadline(now).map(|at| (at, Origin::Phase))
                }
            };
            let end = earlier(end, call.call_deadline().map(|at| (at, Origin::Call)));
            let interrupt_end = call.interrupt_end();
            Self {
                end: earlier(end, interrupt_end.map(|at| (at, Origin::Interrupt))),
                is_interruptible: call.interrupt.is_some(),
                now: Some(now),
            }
        })
    }

    /// Returns the timeout of the next system call; `None` is no timeout.
    ///
    /// There are few different values, so that the timeout of a socket is rarely changed.
    ///
    /// # Errors
    ///
    /// Returns an error if the deadline has passed or the interrupt was raised.
    pub(super) fn next_step(&mut self) -> Result<Option<Duration>, Error> {
        let created = self.now.take();
        if self.is_interruptible && created.is_none() {
            let end = call_state::with(CallState::interrupt_end);
            self.end = earlier(self.end, end.map(|at| (at, Origin::Interrupt)));
        }
        let Some((at, _)) = self.end else {
            return Ok(self.is_interruptible.then_some(INTERRUPT_POLL_INTERVAL));
        };
        let now = created.unwrap_or_else(Instant::now);
        let left = at.saturating_duration_since(now);
        if left.is_zero() {
            return Err(self.timeout_error());
        }
        Ok(Some(step(left, self.is_interruptible)))
    }

    /// Returns the time that is left, at least [`MIN_STEP`]; `None` is no deadline.
    pub(super) fn time_left(&self) -> Option<Duration> {
        let (at, _) = self.end?;
        let left = at.saturating_duration_since(Instant::now());
        Some(left.max(MIN_STEP))
    }

    /// Returns whether the deadline has passed.
    pub(super) fn has_passed(&self) -> bool {
        self.end.is_some_and(|(at, _)| at <= Instant::now())
    }

    /// Creates the error for a passed deadline.
    pub(super) fn timeout_error(&self) -> Error {
        match self.end {
            Some((_, Origin::Call)) => cancel(Cancellation::Deadline),
            Some((_, Origin::Interrupt)) => cancel(Cancellation::Interrupt),
            Some((_, Origin::Ureq(reason))) => Error::Timeout(reason),
            Some((_, Origin::Phase)) | None => Error::Timeout(Timeout::Global),
        }
    }

    /// Returns whether there is a deadline or an interrupt.
    pub(super) fn is_bounded(&self) -> bool {
        self.is_interruptible || self.end.is_some()
    }
}

type End = Option<(Instant, Origin)>;

fn earlier(one: End, other: End) -> End {
    match (one, other) {
        (Some((at, _)), Some((before, _))) if before < at => other,
        (one, other) => one.or(other),
    }
}

fn step(left: Duration, is_interruptible: bool) -> Duration {
    if left <= INTERRUPT_POLL_INTERVAL {
        return left.max(MIN_STEP);
    }
    if is_interruptible {
        return INTERRUPT_POLL_INTERVAL;
    }
    let millis = u64::try_from(left.as_millis()).unwrap_or(u64::MAX);
    Duration::from_millis(1 << millis.ilog2())
}

/// Creates an error that no layer of `ureq` handles as a timeout or as part of the response.
fn cancel(cancellation: Cancellation) -> Error {
    call_state::with(|call| call.canceled = Some(cancellation));
    Error::Other("canceled by the client".into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_have_few_lengths_and_never_exceed_the_time_left() {
        let step = |millis, is_interruptible| {
            step(Duration::from_millis(millis), is_interruptible).as_millis()
        };
        assert_eq!(step(60_000, true), 50);
        assert_eq!(step(60_000, false), 32_768);
        assert_eq!(step(59_000, false), 32_768);
        assert_eq!(step(51, false), 32);
        assert_eq!(step(7, false), 7);
        assert_eq!(step(0, true), 1);
    }
}
