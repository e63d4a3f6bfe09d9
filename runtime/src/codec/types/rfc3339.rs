//! Times as texts: RFC 3339, without a library.

use std::fmt;

const DAY: i64 = 86_400;

/// Writes a time, in UTC, with as many digits behind the point as it has, by threes.
pub(crate) fn write(f: &mut fmt::Formatter<'_>, seconds: i64, nanos: u32) -> fmt::Result {
    let (year, month, day) = civil(seconds.div_euclid(DAY));
    let of_day = seconds.rem_euclid(DAY);
    let (hour, minute, second) = (of_day / 3600, of_day / 60 % 60, of_day % 60);
    write!(
        f,
        "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}"
    )?;
    match nanos {
        0 => {}
        nanos if nanos % 1_000_000 == 0 => write!(f, ".{:03}", nanos / 1_000_000)?,
        nanos if nanos % 1_000 == 0 => write!(f, ".{:06}", nanos / 1_000)?,
        nanos => write!(f, ".{nanos:09}")?,
    }
    f.write_str("Z")
}

/// Reads a time: seconds since 1970 and nanoseconds. A leap second counts as the one before it.
pub(crate) fn parse(text: &str) -> Option<(i64, u32)> {
    let (date, rest) = text.split_at_checked(10)?;
    let rest = rest.strip_prefix(['T', 't', ' '])?;
    let (time, rest) = rest.split_at_checked(8)?;
    let [year, month, day] = numbers(date, '-', [4, 2, 2])?;
    let [hour, minute, second] = numbers(time, ':', [2, 2, 2])?;
    let (nanos, zone) = fraction(rest)?;
    let sound = (1..=12).contains(&month) && day >= 1 && hour < 24 && minute < 60 && second <= 60;
    let days = days(year, month, day);
    if !sound || civil(days) != (year, month, day) {
        return None;
    }
    let of_day = hour * 3600 + minute * 60 + second.min(59);
    Some((days * DAY + of_day - offset(zone)?, nanos))
}

/// The nanoseconds of `.123`, if there are any, and what follows.
fn fraction(rest: &str) -> Option<(u32, &str)> {
    let Some(rest) = rest.strip_prefix('.') else {
        return Some((0, rest));
    };
    let end = rest
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(rest.len());
    let digits = &rest[..end];
    if digits.is_empty() {
        return None;
    }
    let digits = format!("{:0<9}", digits.get(..9).unwrap_or(digits));
    Some((digits.parse().ok()?, &rest[end..]))
}

/// The seconds that a zone is ahead of UTC.
fn offset(zone: &str) -> Option<i64> {
    if matches!(zone, "Z" | "z") {
        return Some(0);
    }
    let (sign, zone) = match zone.split_at_checked(1)? {
        ("+", zone) => (1, zone),
        ("-", zone) => (-1, zone),
        _ => return None,
    };
    let [hours, minutes] = numbers(zone, ':', [2, 2])?;
    (hours < 24 && minutes < 60).then_some(sign * (hours * 3600 + minutes * 60))
}

fn numbers<const N: usize>(text: &str, between: char, lengths: [usize; N]) -> Option<[i64; N]> {
    let mut parts = text.split(between);
    let mut found = [0; N];
    for (number, length) in found.iter_mut().zip(lengths) {
        let part = parts.next()?;
        if part.len() != length || !part.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        *number = part.parse().ok()?;
    }
    parts.next().is_none().then_some(found)
}

/// Days since 1970 of a date of the Gregorian calendar; years are counted from March, so that the
/// leap day is the last.
fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let (era, of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

/// The date of a day since 1970.
fn civil(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let (era, of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    (year + era * 400 + i64::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, SystemTime};

    use super::*;

    #[test]
    fn times_are_read() {
        for (text, expected) in [
            ("1970-01-01T00:00:00Z", Some((0, 0))),
            ("2000-02-29T12:34:56.789Z", Some((951_827_696, 789_000_000))),
            ("2024-05-01 12:00:00+02:00", Some((1_714_557_600, 0))),
            ("1969-12-31T23:59:59.5z", Some((-1, 500_000_000))),
            ("2016-12-31T23:59:60Z", Some((1_483_228_799, 0))),
            ("0001-01-01T00:00:00Z", Some((-62_135_596_800, 0))),
            (
                "9999-12-31T23:59:59.999999999999Z",
                Some((253_402_300_799, 999_999_999)),
            ),
            ("2023-02-29T00:00:00Z", None),
            ("2024-13-01T00:00:00Z", None),
            ("2024-01-01T24:00:00Z", None),
            ("2024-01-01T00:00:00", None),
            ("2024-01-01T00:00:00.Z", None),
            ("2024-01-01T00:00:00+1:00", None),
            ("2024-01-01", None),
            ("2024-1-01T00:00:00Z", None),
            ("+024-01-01T00:00:00Z", None),
            ("é024-01-01T00:00:00Z", None),
            ("", None),
        ] {
            assert_eq!(parse(text), expected, "{text}");
        }
    }

    #[test]
    fn every_day_has_one_date() {
        let mut last = (0, 0, 0);
        for day in (-800_000..800_000).step_by(7) {
            let date = civil(day);
            assert_eq!(days(date.0, date.1, date.2), day);
            assert!(date > last || day == -800_000, "{date:?}");
            last = date;
        }
    }

    #[test]
    fn no_text_panics() {
        const PARTS: &[&str] = &[
            "2026", "-", "03", "T", ":", "59", "Z", "+", ".", "é", " ", "0",
        ];
        arbtest::arbtest(|u| {
            let mut text = String::new();
            while !u.is_empty() {
                text.push_str(u.choose(PARTS)?);
            }
            parse(&text);
            Ok(())
        });
    }

    #[test]
    fn dates_agree_with_those_of_http() {
        arbtest::arbtest(|u| {
            let seconds = u.int_in_range(0..=253_402_300_799_u64)?;
            let time = SystemTime::UNIX_EPOCH + Duration::from_secs(seconds);
            let http = httpdate::fmt_http_date(time);
            let months = "JanFebMarAprMayJunJulAugSepOctNovDec";
            let month = months.find(&http[8..11]).unwrap() / 3 + 1;
            let text = format!(
                "{}-{month:02}-{}T{}Z",
                &http[12..16],
                &http[5..7],
                &http[17..25]
            );
            let seconds = i64::try_from(seconds).unwrap();
            assert_eq!(parse(&text), Some((seconds, 0)), "{text}");
            Ok(())
        });
    }
}
