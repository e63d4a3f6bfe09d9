//! The options `--timeout` and `--cleanup-timeout`.

use std::fmt;
use std::str::FromStr;
use std::time::{Duration, Instant};

/// Maximum time. `None` is no limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Timeout(Option<Duration>);

impl Timeout {
    /// No timeout.
    pub(crate) const NONE: Self = Self(None);

    /// Returns the time after the timeout, counted from now, or `None` for no timeout.
    pub(crate) fn deadline(self) -> Option<Instant> {
        // A time beyond the range of `Instant` is never reached.
        Instant::now().checked_add(self.0?)
    }

    /// Returns the duration, or `None` for no timeout.
    pub(crate) fn duration(self) -> Option<Duration> {
        self.0
    }
}

impl fmt::Display for Timeout {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(duration) = self.0 else {
            return f.write_str("none");
        };
        let mut rest = duration.as_secs();
        for (unit, seconds) in [("d", 86_400), ("h", 3600), ("m", 60)] {
            if rest >= seconds {
                write!(f, "{}{unit}", rest / seconds)?;
                rest %= seconds;
            }
        }
        match duration.as_secs() {
            0..60 => write!(f, "{rest} s"),
            _ if rest > 0 => write!(f, "{rest}s"),
            _ => Ok(()),
        }
    }
}

impl FromStr for Timeout {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text == "none" {
            return Ok(Self(None));
        }
        match parse_seconds(text) {
            None => Err(
                "expected a duration such as `90s`, `5m` or `1h30m`, a number of seconds, or \
                         `none`",
            ),
            Some(0) => Err("must be greater than zero; use `none` for no timeout"),
            Some(seconds) => Ok(Self(Some(Duration::from_secs(seconds)))),
        }
    }
}

/// Parses a number of seconds, or numbers with units.
fn parse_seconds(text: &str) -> Option<u64> {
    if let Some(seconds) = parse_number(text) {
        return Some(seconds);
    }
    let mut seconds = 0_u64;
    let mut rest = text;
    loop {
        let (number, unit) = rest.split_at(rest.find(|c: char| !c.is_ascii_digit())?);
        let mut chars = unit.chars();
        let factor = match chars.next()? {
            's' => 1,
            'm' => 60,
            'h' => 60 * 60,
            'd' => 24 * 60 * 60,
            _ => return None,
        };
        let part = parse_number(number)?.checked_mul(factor)?;
        seconds = seconds.checked_add(part)?;
        rest = chars.as_str();
        if rest.is_empty() {
            return Some(seconds);
        }
    }
}

/// Parses decimal digits. Unlike `str::parse`, rejects a leading `+`.
fn parse_number(text: &str) -> Option<u64> {
    let is_decimal = text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|_| is_decimal)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn valid_durations_are_parsed() {
        let cases = [
            ("1", 1),
            ("90", 90),
            ("90s", 90),
            ("5m", 300),
            ("1h", 3600),
            ("2d", 172_800),
            ("1h30m", 5400),
            ("1m1m", 120),
            ("18446744073709551615", u64::MAX),
        ];
        for (text, seconds) in cases {
            let timeout = Timeout(Some(Duration::from_secs(seconds)));
            assert_eq!(text.parse(), Ok(timeout), "{text}");
        }
        assert_eq!("none".parse(), Ok(Timeout(None)));
    }

    #[test]
    fn invalid_durations_are_rejected() {
        let cases = [
            "",
            " ",
            "s",
            "m5",
            "5 m",
            "+5",
            "-5",
            "5M",
            "1.5h",
            "1h30",
            "5min",
            "NONE",
            "ä",
            "5é",
            "18446744073709551616",
            "99999999999999999999d",
            "18446744073709551615m",
        ];
        for text in cases {
            let error = text.parse::<Timeout>().unwrap_err();
            assert!(error.starts_with("expected a duration"), "{text}: {error}");
        }
        for text in ["0", "0s", "0h0m"] {
            let error = text.parse::<Timeout>().unwrap_err();
            assert!(
                error.starts_with("must be greater than zero"),
                "{text}: {error}"
            );
        }
    }

    #[test]
    fn durations_are_printed_as_they_are_written() {
        for (text, printed) in [
            ("3s", "3 s"),
            ("90", "1m30s"),
            ("5m", "5m"),
            ("1h30m", "1h30m"),
            ("49h", "2d1h"),
            ("none", "none"),
        ] {
            assert_eq!(text.parse::<Timeout>().unwrap().to_string(), printed);
        }
    }

    #[test]
    fn deadline_is_counted_from_now() {
        let deadline = |text: &str| text.parse::<Timeout>().unwrap().deadline();
        let before = Instant::now();
        let after = deadline("20m").unwrap().duration_since(before);
        assert!(after >= Duration::from_secs(20 * 60), "{after:?}");
        assert_eq!(deadline("none"), None);
        assert_eq!(deadline("18446744073709551615"), None);
    }
}
