//! How long one wait may take, and what else ends it.

use std::time::{Duration, Instant};

use ureq::unversioned::transport::{NextTimeout, time};
use ureq::{Error, Timeout};

use super::call::{self, End};

/// A raised interrupt is heard after this at the latest: blocked system calls cannot be woken, so
/// they are made to return.
const TICK: Duration = Duration::from_millis(50);

/// The bounds of one wait: those of its phase and of the call.
///
/// `ureq` is told of no timeouts, as it would keep them for single operations, and some of them by
/// a thread per call. The one that it has by itself, for an answer to `expect`, is kept.
#[derive(Debug)]
pub(super) struct Patience {
    by: Option<(Instant, Bound)>,
    is_interruptible: bool,
    /// The present, until it is the past: to ask for it takes time too.
    now: Option<Instant>,
}

#[derive(Clone, Copy, Debug)]
enum Bound {
    Own(Timeout),
    Phase,
    Deadline,
}

impl Patience {
    /// For one read or write, or for a connection.
    pub(super) fn new(timeout: NextTimeout) -> Self {
        let now = Instant::now();
        call::with(|call| {
            let by = match timeout.after {
                time::Duration::Exact(after) => {
                    let at = now.checked_add(after);
                    at.map(|at| (at, Bound::Own(timeout.reason)))
                }
                time::Duration::NotHappening => call.phase_ends(now).map(|at| (at, Bound::Phase)),
            };
            Self {
                by: sooner(by, call.deadline, Bound::Deadline),
                is_interruptible: call.interrupt.is_some(),
                now: Some(now),
            }
        })
    }

    /// How long to wait before asking again; `None` is for ever.
    ///
    /// The lengths are few, so that the timeout of a socket is seldom set anew.
    pub(super) fn step(&mut self) -> Result<Option<Duration>, Error> {
        if self.is_interruptible && call::with(|call| call.is_interrupted()) {
            return Err(end(End::Interrupt));
        }
        let Some((at, _)) = self.by else {
            return Ok(self.is_interruptible.then_some(TICK));
        };
        let now = self.now.take().unwrap_or_else(Instant::now);
        let left = at.saturating_duration_since(now);
        if left.is_zero() {
            return Err(self.verdict());
        }
        Ok(Some(slice(left, self.is_interruptible)))
    }

    /// How long it may still take, and at least a moment; `None` is for ever.
    pub(super) fn left(&self) -> Option<Duration> {
        let (at, _) = self.by?;
        let left = at.saturating_duration_since(Instant::now());
        Some(left.max(Duration::from_millis(1)))
    }

    /// Whether the time is up.
    pub(super) fn is_over(&self) -> bool {
        self.by.is_some_and(|(at, _)| at <= Instant::now())
    }

    /// What to say when the time is up.
    pub(super) fn verdict(&self) -> Error {
        match self.by {
            Some((_, Bound::Deadline)) => end(End::Deadline),
            Some((_, Bound::Own(reason))) => Error::Timeout(reason),
            Some((_, Bound::Phase)) | None => Error::Timeout(Timeout::Global),
        }
    }

    /// Whether anything can end the wait from this side.
    pub(super) fn is_bounded(&self) -> bool {
        self.is_interruptible || self.by.is_some()
    }
}

fn sooner(
    one: Option<(Instant, Bound)>,
    other: Option<Instant>,
    bound: Bound,
) -> Option<(Instant, Bound)> {
    match (one, other) {
        (Some((at, _)), Some(other)) if at <= other => one,
        (_, Some(other)) => Some((other, bound)),
        (_, None) => one,
    }
}

fn slice(left: Duration, is_interruptible: bool) -> Duration {
    if left <= TICK {
        return left.max(Duration::from_millis(1));
    }
    if is_interruptible {
        return TICK;
    }
    let millis = u64::try_from(left.as_millis()).unwrap_or(u64::MAX);
    Duration::from_millis(1 << millis.ilog2())
}

/// An error that no layer takes for the end of a phase, or of the server's answer.
fn end(end: End) -> Error {
    call::with(|call| call.end = Some(end));
    Error::Other("ended from this side".into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_few_and_never_too_long() {
        let slice = |millis, is_interruptible| {
            slice(Duration::from_millis(millis), is_interruptible).as_millis()
        };
        assert_eq!(slice(60_000, true), 50);
        assert_eq!(slice(60_000, false), 32_768);
        assert_eq!(slice(59_000, false), 32_768);
        assert_eq!(slice(51, false), 32);
        assert_eq!(slice(7, false), 7);
        assert_eq!(slice(0, true), 1);
    }
}
