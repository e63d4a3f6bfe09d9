//! How long a wait may take, as one types it.

use std::str::FromStr;
use std::time::Duration;

use generated_client::Wait;

/// A limit of a wait, or none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Timeout(Option<Duration>);

impl Timeout {
    /// The wait that keeps to it.
    pub(crate) fn wait(self) -> Wait {
        match self.0 {
            Some(limit) => Wait::new().timeout(limit),
            None => Wait::new().no_timeout(),
        }
    }

    /// The limit, if there is one.
    pub(crate) fn limit(self) -> Option<Duration> {
        self.0
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
                "expected a time such as `90s`, `5m`, `1h30m` or a number of seconds, or \
                         `none` for no limit",
            ),
            Some(0) => Err("nothing can be done in no time; `none` is for no limit"),
            Some(seconds) => Ok(Self(Some(Duration::from_secs(seconds)))),
        }
    }
}

/// A plain number, or numbers with a unit each.
fn parse_seconds(text: &str) -> Option<u64> {
    if let Some(seconds) = parse_number(text) {
        return Some(seconds);
    }
    let mut seconds = 0_u64;
    let mut rest = text;
    loop {
        let (number, unit) = rest.split_at(rest.find(|c: char| !c.is_ascii_digit())?);
        let mut after = unit.chars();
        let factor = match after.next()? {
            's' => 1,
            'm' => 60,
            'h' => 60 * 60,
            'd' => 24 * 60 * 60,
            _ => return None,
        };
        let part = parse_number(number)?.checked_mul(factor)?;
        seconds = seconds.checked_add(part)?;
        rest = after.as_str();
        if rest.is_empty() {
            return Some(seconds);
        }
    }
}

/// The standard library would take a `+` as well.
fn parse_number(text: &str) -> Option<u64> {
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|_| digits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times() {
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
    fn what_is_no_time() {
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
            assert!(error.starts_with("expected a time"), "{text}: {error}");
        }
        for text in ["0", "0s", "0h0m"] {
            let error = text.parse::<Timeout>().unwrap_err();
            assert!(error.starts_with("nothing can be done"), "{text}: {error}");
        }
    }

    #[test]
    fn waits() {
        let wait = |text: &str| text.parse::<Timeout>().map(Timeout::wait);
        assert_eq!(wait("20m"), Ok(Wait::new()));
        assert_eq!(wait("none"), Ok(Wait::new().no_timeout()));
    }
}
