//! Durations as text: in ISO 8601, and as seconds with a unit.

use std::fmt;
use std::time::Duration;

use super::number::{parse_nanos, write_seconds};

/// Designators of ISO 8601 in their order, and their length in seconds.
const DATE: [(char, u64); 2] = [('W', 604_800), ('D', DAY)];
const TIME: [(char, u64); 3] = [('H', 3_600), ('M', 60), ('S', 1)];
const DAY: u64 = 86_400;

// Expectations, as errors state them.
const ISO: &str = "a duration in ISO 8601 format";
const FIXED_LENGTH: &str = "a duration without years and months, whose length varies";
const WITH_UNIT: &str = "a number of seconds with the unit `s`";
const NOT_NEGATIVE: &str = "a duration, which is not negative";
const IN_RANGE: &str = "a duration of less than 2^64 seconds";

/// Writes a duration in ISO 8601, for example `P1DT12H`.
pub(super) fn write_iso(f: &mut fmt::Formatter<'_>, duration: Duration) -> fmt::Result {
    let (days, rest) = (duration.as_secs() / DAY, duration.as_secs() % DAY);
    let seconds = Duration::new(rest % 60, duration.subsec_nanos());
    f.write_str("P")?;
    if days > 0 {
        write!(f, "{days}D")?;
    }
    if days == 0 || rest > 0 || !seconds.is_zero() {
        f.write_str("T")?;
    }
    for (count, designator) in [(rest / 3600, 'H'), (rest / 60 % 60, 'M')] {
        if count > 0 {
            write!(f, "{count}{designator}")?;
        }
    }
    if !seconds.is_zero() || duration.is_zero() {
        write_seconds(f, seconds)?;
        f.write_str("S")?;
    }
    Ok(())
}

/// Parses a duration in ISO 8601.
///
/// # Errors
///
/// Returns the expectation that the text does not meet.
pub(super) fn parse_iso(text: &str) -> Result<Duration, &'static str> {
    let rest = unsigned(text)?.strip_prefix('P').ok_or(ISO)?;
    let (date, time) = match rest.split_once('T') {
        Some((date, time)) => (date, Some(time)),
        None => (rest, None),
    };
    if date.contains(['Y', 'M']) {
        return Err(FIXED_LENGTH);
    }
    // `P`, `PT` and `P1DT` lack a component.
    if time.unwrap_or(date).is_empty() {
        return Err(ISO);
    }
    let date = sum_components(date, &DATE)?;
    let time = sum_components(time.unwrap_or_default(), &TIME)?;
    date.checked_add(time).ok_or(IN_RANGE)
}

/// Parses seconds with the unit `s`, for example `3.5s`, which is the JSON form of a Protocol
/// Buffers duration.
///
/// # Errors
///
/// Returns the expectation that the text does not meet.
pub(super) fn parse_seconds(text: &str) -> Result<Duration, &'static str> {
    let number = unsigned(text)?.strip_suffix('s').ok_or(WITH_UNIT)?;
    let (whole, nanos) = split_decimal(number).ok_or(WITH_UNIT)?;
    Ok(Duration::new(parse_whole(whole)?, nanos))
}

fn unsigned(text: &str) -> Result<&str, &'static str> {
    match text.strip_prefix('-') {
        Some(_) => Err(NOT_NEGATIVE),
        None => Ok(text),
    }
}

/// Adds up components, for example `1H` and `30M`. Designators are distinct and in order.
fn sum_components(mut rest: &str, designators: &[(char, u64)]) -> Result<Duration, &'static str> {
    let mut designators = designators.iter();
    let mut sum = Duration::ZERO;
    while !rest.is_empty() {
        let end = rest.find(|c: char| c.is_ascii_uppercase()).ok_or(ISO)?;
        let (number, behind) = rest.split_at(end);
        let found = behind.chars().next();
        // The search continues behind the previous designator, which checks the order.
        let (designator, length) = designators.find(|it| Some(it.0) == found).ok_or(ISO)?;
        let (whole, nanos) = split_decimal(number).ok_or(ISO)?;
        // A fraction of an hour may not be a finite decimal in seconds.
        if *designator != 'S' && whole.len() < number.len() {
            return Err(ISO);
        }
        let seconds = parse_whole(whole)?.checked_mul(*length).ok_or(IN_RANGE)?;
        let component = Duration::new(seconds, nanos);
        sum = sum.checked_add(component).ok_or(IN_RANGE)?;
        rest = &behind[designator.len_utf8()..];
    }
    Ok(sum)
}

/// Returns the digits before the decimal point, and the nanoseconds after it.
fn split_decimal(number: &str) -> Option<(&str, u32)> {
    let (whole, nanos) = match number.split_once(['.', ',']) {
        Some((whole, decimals)) => (whole, parse_nanos(decimals)?),
        None => (number, 0),
    };
    let is_number = !whole.is_empty() && whole.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then_some((whole, nanos))
}

fn parse_whole(digits: &str) -> Result<u64, &'static str> {
    digits.parse().map_err(|_| IN_RANGE)
}

#[cfg(test)]
mod tests {
    use arbtest::arbtest;

    use super::*;

    #[test]
    fn iso_8601_durations_are_parsed() {
        let duration = |seconds, nanos| Ok(Duration::new(seconds, nanos));
        for (text, expected) in [
            ("PT1H30M", duration(5_400, 0)),
            ("P1DT12H", duration(129_600, 0)),
            ("P2W", duration(1_209_600, 0)),
            ("P1W1DT1S", duration(691_201, 0)),
            ("PT0S", duration(0, 0)),
            ("P0D", duration(0, 0)),
            ("PT36H", duration(129_600, 0)),
            ("PT1.5S", duration(1, 500_000_000)),
            ("PT0,000000001S", duration(0, 1)),
            (
                "PT9007199254740993.123456789999S",
                duration(9_007_199_254_740_993, 123_456_789),
            ),
            ("PT18446744073709551615S", duration(u64::MAX, 0)),
            ("P1Y", Err(FIXED_LENGTH)),
            ("P3M", Err(FIXED_LENGTH)),
            ("P1Y2M10DT2H30M", Err(FIXED_LENGTH)),
            ("-PT1S", Err(NOT_NEGATIVE)),
            ("PT18446744073709551616S", Err(IN_RANGE)),
            ("PT18446744073709551615S1M", Err(ISO)),
            ("PT1M18446744073709551615S", Err(IN_RANGE)),
            ("P99999999999999999999W", Err(IN_RANGE)),
            ("P30500568904944W", Err(IN_RANGE)),
            ("P1DT18446744073709551615S", Err(IN_RANGE)),
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
    fn seconds_with_a_unit_are_parsed() {
        let duration = |seconds, nanos| Ok(Duration::new(seconds, nanos));
        for (text, expected) in [
            ("3.5s", duration(3, 500_000_000)),
            ("0s", duration(0, 0)),
            ("3.000000001s", duration(3, 1)),
            (
                "315576000000.999999999s",
                duration(315_576_000_000, 999_999_999),
            ),
            (
                "18446744073709551615.9999999999s",
                duration(u64::MAX, 999_999_999),
            ),
            ("18446744073709551616s", Err(IN_RANGE)),
            ("-3.5s", Err(NOT_NEGATIVE)),
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
            assert_eq!(parse_seconds(text), expected, "{text}");
        }
    }

    /// Texts that resemble durations, and arbitrary ones.
    #[test]
    fn arbitrary_text_does_not_panic() {
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
                let _ = parse_seconds(text);
            }
            Ok(())
        });
    }
}
