//! The step `clock`.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use generated_client::api_runtime::AttemptEvent;

use super::step::Step;
use crate::elapsed::clock;

/// Difference of the clocks that is pointed out, in seconds.
const MAX_SKEW: f64 = 5.0 * 60.0;

/// Difference between the clock of this machine and that of the server, from the `Date` headers of responses.
#[derive(Clone, Debug, Default)]
pub(super) struct ServerClock(Arc<Mutex<Option<Range>>>);

/// Range of the difference in seconds, which is positive if the clock of this machine is ahead.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Range {
    min: f64,
    max: f64,
}

impl ServerClock {
    /// Adds a response that has just arrived.
    pub(super) fn add(&self, event: &AttemptEvent<'_>) {
        let Some(date) = event.date else {
            return;
        };
        let range = Range::of(date, SystemTime::now(), event.elapsed);
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *known = Some(known.map_or(range, |known| known.narrowed(range)));
    }

    pub(super) fn step(&self) -> Step {
        match *self.0.lock().unwrap_or_else(PoisonError::into_inner) {
            Some(range) => range.step(),
            None => Step::skipped("clock", "the server sends no time"),
        }
    }
}

impl Range {
    /// Returns the range after a response. The server has set the date between the start of the attempt and its
    /// end, and has omitted the fraction of the second.
    fn of(date: SystemTime, received: SystemTime, elapsed: Duration) -> Self {
        let max = seconds_between(date, received);
        Self {
            min: max - elapsed.as_secs_f64() - 1.0,
            max,
        }
    }

    /// Returns the part that is in another range, too. Another clock, for example of a second server, replaces
    /// the range.
    fn narrowed(self, other: Self) -> Self {
        let range = Self {
            min: self.min.max(other.min),
            max: self.max.min(other.max),
        };
        if range.min <= range.max { range } else { other }
    }

    fn step(self) -> Step {
        let skew = f64::midpoint(self.min, self.max);
        let direction = if self.min > 0.0 {
            ", ahead of the server"
        } else if self.max < 0.0 {
            ", behind the server"
        } else {
            ""
        };
        let step = Step::ok("clock", format!("{} off{direction}", length(skew.abs())));
        if skew.abs() > MAX_SKEW {
            step.help("set the clock of this machine: certificates and tokens are valid for a certain time")
        } else {
            step
        }
    }
}

/// Returns a time in the unit that a person would use.
fn length(seconds: f64) -> String {
    const DAY: f64 = 24.0 * 60.0 * 60.0;
    if seconds < 60.0 {
        format!("{seconds:.1} s")
    } else if seconds < 2.0 * DAY {
        Duration::try_from_secs_f64(seconds).map_or_else(|_| String::new(), clock)
    } else {
        format!("{:.0} days", seconds / DAY)
    }
}

/// Returns the time from one moment to another, which is negative if the other one is earlier.
fn seconds_between(from: SystemTime, to: SystemTime) -> f64 {
    match to.duration_since(from) {
        Ok(time) => time.as_secs_f64(),
        Err(error) => -error.duration().as_secs_f64(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns the range after a response that arrived `millis` after its date.
    fn range(millis: i64, elapsed: u64) -> Range {
        let date = SystemTime::UNIX_EPOCH + Duration::from_secs(100_000_000);
        let shift = Duration::from_millis(millis.unsigned_abs());
        let received = if millis < 0 {
            date - shift
        } else {
            date + shift
        };
        Range::of(date, received, Duration::from_millis(elapsed))
    }

    #[test]
    fn difference_is_the_middle_of_its_range() {
        for (millis, elapsed, expected) in [
            (500, 0, "0.0 s off"),
            (1000, 200, "0.4 s off"),
            (100, 200, "0.5 s off"),
            (3500, 0, "3.0 s off, ahead of the server"),
            (-2500, 0, "3.0 s off, behind the server"),
            (90_500, 0, "1:30 off, ahead of the server"),
            (-34_560_000_500, 0, "400 days off, behind the server"),
        ] {
            let text = format!("{:?}", range(millis, elapsed).step());
            assert!(text.contains(&format!("\"{expected}\"")), "{text}");
        }
        let text = format!("{:?}", range(400_000, 0).step());
        assert!(text.contains("set the clock"), "{text}");
    }

    #[test]
    fn further_responses_narrow_the_range() {
        // The clocks agree: one date has just begun, the other one ends.
        let narrowed = range(50, 40).narrowed(range(990, 40));
        assert!(narrowed.min <= 0.0 && narrowed.max >= 0.0, "{narrowed:?}");
        assert!(narrowed.max - narrowed.min < 0.2, "{narrowed:?}");
        assert_eq!(range(0, 0).narrowed(range(9000, 0)), range(9000, 0));
    }
}
