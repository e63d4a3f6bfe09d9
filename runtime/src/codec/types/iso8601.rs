//! Spans of time as texts, digit by digit: a float would lose some.

use std::fmt;
use std::time::Duration;

/// What the number before each letter counts, in seconds, in the order of ISO 8601.
const DATE: [(char, u64); 2] = [('W', 604_800), ('D', DAY)];
const TIME: [(char, u64); 3] = [('H', 3_600), ('M', 60), ('S', 1)];
const DAY: u64 = 86_400;

const ISO: &str = "a span of time as in ISO 8601";
const CALENDAR: &str = "a span of time of fixed length, which years and months do not have";
const WITH_UNIT: &str = "a number of seconds with an `s` behind it";
const NEGATIVE: &str = "a span of time, which cannot be negative";
const LONG: &str = "a span of time of fewer than 2^64 seconds";

/// Writes a span as ISO 8601 has it, as in `P1DT12H`.
pub(super) fn write_iso(f: &mut fmt::Formatter<'_>, span: Duration) -> fmt::Result {
    let (days, of_day) = (span.as_secs() / DAY, span.as_secs() % DAY);
    let seconds = Duration::new(of_day % 60, span.subsec_nanos());
    f.write_str("P")?;
    if days > 0 {
        write!(f, "{days}D")?;
    }
    if days == 0 || of_day > 0 || !seconds.is_zero() {
        f.write_str("T")?;
    }
    for (count, letter) in [(of_day / 3600, 'H'), (of_day / 60 % 60, 'M')] {
        if count > 0 {
            write!(f, "{count}{letter}")?;
        }
    }
    if !seconds.is_zero() || span.is_zero() {
        super::write_seconds(f, seconds)?;
        f.write_str("S")?;
    }
    Ok(())
}

/// Reads what [`write_iso`] writes, and weeks. Else it tells what it should have been.
pub(super) fn parse_iso(text: &str) -> Result<Duration, &'static str> {
    let rest = unsigned(text)?.strip_prefix('P').ok_or(ISO)?;
    let (date, time) = match rest.split_once('T') {
        Some((date, time)) => (date, Some(time)),
        None => (rest, None),
    };
    if date.contains(['Y', 'M']) {
        return Err(CALENDAR);
    }
    // Neither `P` nor `PT` says anything.
    if time.unwrap_or(date).is_empty() {
        return Err(ISO);
    }
    let date = sum(date, &DATE)?;
    let time = sum(time.unwrap_or_default(), &TIME)?;
    date.checked_add(time).ok_or(LONG)
}

/// Reads a span as Google's APIs have it, as in `3.5s`.
pub(super) fn parse_with_unit(text: &str) -> Result<Duration, &'static str> {
    let number = unsigned(text)?.strip_suffix('s').ok_or(WITH_UNIT)?;
    let (whole, nanos) = decimal(number).ok_or(WITH_UNIT)?;
    Ok(Duration::new(count(whole)?, nanos))
}

fn unsigned(text: &str) -> Result<&str, &'static str> {
    match text.strip_prefix('-') {
        Some(_) => Err(NEGATIVE),
        None => Ok(text),
    }
}

/// Numbers with letters behind them, each letter at most once and in its order.
fn sum(mut rest: &str, letters: &[(char, u64)]) -> Result<Duration, &'static str> {
    let mut letters = letters.iter();
    let mut sum = Duration::ZERO;
    while !rest.is_empty() {
        let end = rest.find(|c: char| c.is_ascii_uppercase()).ok_or(ISO)?;
        let (number, behind) = rest.split_at(end);
        let letter = behind.chars().next();
        let (letter, length) = letters.find(|it| Some(it.0) == letter).ok_or(ISO)?;
        let (whole, nanos) = decimal(number).ok_or(ISO)?;
        // Only seconds have fractions: those of an hour may have no end in seconds.
        if *letter != 'S' && whole.len() < number.len() {
            return Err(ISO);
        }
        let seconds = count(whole)?.checked_mul(*length).ok_or(LONG)?;
        let part = Duration::new(seconds, nanos);
        sum = sum.checked_add(part).ok_or(LONG)?;
        rest = &behind[letter.len_utf8()..];
    }
    Ok(sum)
}

/// The digits before the point, and the nanoseconds behind it. What is finer is not read.
fn decimal(number: &str) -> Option<(&str, u32)> {
    let (whole, fraction) = match number.split_once(['.', ',']) {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (number, None),
    };
    let digits = fraction.unwrap_or("0");
    let sound = |digits: &str| !digits.is_empty() && digits.bytes().all(|it| it.is_ascii_digit());
    if !sound(whole) || !sound(digits) {
        return None;
    }
    let nanos = format!("{:0<9}", digits.get(..9).unwrap_or(digits));
    Some((whole, nanos.parse().ok()?))
}

/// A number of digits alone.
fn count(digits: &str) -> Result<u64, &'static str> {
    digits.parse().map_err(|_| LONG)
}

#[cfg(test)]
mod tests {
    use arbtest::arbtest;

    use super::*;
    use crate::codec::types::{IsoDuration, SecondsText};

    #[test]
    fn spans_of_iso_8601() {
        let span = |seconds, nanos| Ok(Duration::new(seconds, nanos));
        for (text, expected) in [
            ("PT1H30M", span(5_400, 0)),
            ("P1DT12H", span(129_600, 0)),
            ("P2W", span(1_209_600, 0)),
            ("P1W1DT1S", span(691_201, 0)),
            ("PT0S", span(0, 0)),
            ("P0D", span(0, 0)),
            ("PT36H", span(129_600, 0)),
            ("PT1.5S", span(1, 500_000_000)),
            ("PT0,000000001S", span(0, 1)),
            (
                "PT9007199254740993.123456789999S",
                span(9_007_199_254_740_993, 123_456_789),
            ),
            ("PT18446744073709551615S", span(u64::MAX, 0)),
            ("P1Y", Err(CALENDAR)),
            ("P3M", Err(CALENDAR)),
            ("P1Y2M10DT2H30M", Err(CALENDAR)),
            ("-PT1S", Err(NEGATIVE)),
            ("PT18446744073709551616S", Err(LONG)),
            ("PT18446744073709551615S1M", Err(ISO)),
            ("PT1M18446744073709551615S", Err(LONG)),
            ("P99999999999999999999W", Err(LONG)),
            ("P30500568904944W", Err(LONG)),
            ("P1DT18446744073709551615S", Err(LONG)),
            ("PT1.5H", Err(ISO)),
            ("PT1S1M", Err(ISO)),
            ("PT1H1H", Err(ISO)),
            ("P1D1W", Err(ISO)),
            ("P1H", Err(ISO)),
            ("PT1D", Err(ISO)),
            ("PT", Err(ISO)),
            ("P1DT", Err(ISO)),
            ("P", Err(ISO)),
            ("", Err(ISO)),
            ("PT1", Err(ISO)),
            ("PTS", Err(ISO)),
            ("PT.5S", Err(ISO)),
            ("PT5.S", Err(ISO)),
            ("PT+5S", Err(ISO)),
            ("PT1HT1S", Err(ISO)),
            ("pt1h", Err(ISO)),
            ("PT½S", Err(ISO)),
            (" PT1S", Err(ISO)),
        ] {
            assert_eq!(parse_iso(text), expected, "{text}");
        }
    }

    #[test]
    fn spans_with_a_unit() {
        let span = |seconds, nanos| Ok(Duration::new(seconds, nanos));
        for (text, expected) in [
            ("3.5s", span(3, 500_000_000)),
            ("0s", span(0, 0)),
            ("3.000000001s", span(3, 1)),
            (
                "315576000000.999999999s",
                span(315_576_000_000, 999_999_999),
            ),
            (
                "18446744073709551615.9999999999s",
                span(u64::MAX, 999_999_999),
            ),
            ("18446744073709551616s", Err(LONG)),
            ("-3.5s", Err(NEGATIVE)),
            ("3.5", Err(WITH_UNIT)),
            ("3.5 s", Err(WITH_UNIT)),
            ("3.s", Err(WITH_UNIT)),
            (".5s", Err(WITH_UNIT)),
            ("1e3s", Err(WITH_UNIT)),
            ("3m", Err(WITH_UNIT)),
            ("s", Err(WITH_UNIT)),
            ("ß", Err(WITH_UNIT)),
            ("", Err(WITH_UNIT)),
        ] {
            assert_eq!(parse_with_unit(text), expected, "{text}");
        }
    }

    #[test]
    fn spans_are_written_short() {
        for (seconds, nanos, iso, with_unit) in [
            (0, 0, "PT0S", "0s"),
            (5_400, 0, "PT1H30M", "5400s"),
            (86_400, 0, "P1D", "86400s"),
            (129_600, 0, "P1DT12H", "129600s"),
            (86_400, 1, "P1DT0.000000001S", "86400.000000001s"),
            (61, 500_000_000, "PT1M1.5S", "61.5s"),
        ] {
            let span = Duration::new(seconds, nanos);
            assert_eq!(IsoDuration(span).to_string(), iso);
            assert_eq!(SecondsText(span).to_string(), with_unit);
        }
    }

    #[test]
    fn what_is_written_is_read() {
        arbtest(|u| {
            let seconds = u64::MAX >> u.int_in_range(0..=63)?;
            let nanos = u.int_in_range(0..=999_999_999)?;
            let span = Duration::new(u.int_in_range(0..=seconds)?, nanos);
            let text = IsoDuration(span).to_string();
            assert_eq!(parse_iso(&text), Ok(span), "{text}");
            let text = SecondsText(span).to_string();
            assert_eq!(parse_with_unit(&text), Ok(span), "{text}");
            Ok(())
        });
    }

    /// Texts that are nearly spans, and others.
    #[test]
    fn nothing_makes_it_panic() {
        const PARTS: [&str; 16] = [
            "P",
            "T",
            "W",
            "D",
            "H",
            "M",
            "S",
            "s",
            ".",
            ",",
            "-",
            "0",
            "18446744073709551615",
            "999999999999",
            "é",
            "Y",
        ];
        arbtest(|u| {
            let mut text = String::from(if u.arbitrary()? { "P" } else { "" });
            for _ in 0..u.int_in_range(0..=8)? {
                text.push_str(u.choose(&PARTS)?);
            }
            for text in [text.as_str(), u.arbitrary()?] {
                let _ = parse_iso(text);
                let _ = parse_with_unit(text);
            }
            Ok(())
        });
    }
}
