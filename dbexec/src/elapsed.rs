//! Durations in messages.

use std::fmt;
use std::time::Duration;

/// Elapsed time. `Display` writes for example `3.4 s`, `1:02` or `1:00:00`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Elapsed(pub(crate) Duration);

impl fmt::Display for Elapsed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.as_secs() {
            seconds @ 0..60 => write!(f, "{seconds}.{} s", self.0.subsec_millis() / 100),
            _ => f.write_str(&clock(self.0)),
        }
    }
}

/// Returns a time that is displayed while it elapses, for example `0:03`.
pub(crate) fn clock(elapsed: Duration) -> String {
    let seconds = elapsed.as_secs();
    let (minutes, rest) = (seconds / 60, seconds % 60);
    match minutes / 60 {
        0 => format!("{minutes}:{rest:02}"),
        hours => format!("{hours}:{:02}:{rest:02}", minutes % 60),
    }
}

/// Returns a time on the display of [`clock()`] with tenths of a second, for example `0:02.9`.
pub(crate) fn clock_with_tenths(elapsed: Duration) -> String {
    format!("{}.{}", clock(elapsed), elapsed.subsec_millis() / 100)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_times_have_minutes_and_hours() {
        for (millis, text) in [
            (0, "0.0 s"),
            (3499, "3.4 s"),
            (59_999, "59.9 s"),
            (60_000, "1:00"),
            (62_500, "1:02"),
            (3_600_000, "1:00:00"),
            (90_061_000, "25:01:01"),
        ] {
            assert_eq!(Elapsed(Duration::from_millis(millis)).to_string(), text);
        }
        assert_eq!(clock(Duration::from_millis(3499)), "0:03");
        assert_eq!(clock_with_tenths(Duration::from_millis(62_990)), "1:02.9");
    }
}
