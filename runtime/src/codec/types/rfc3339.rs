//! RFC 3339 timestamps.

use std::fmt;

use super::number::parse_nanos;

const SECONDS_PER_DAY: i64 = 86_400;

/// Writes a time in UTC, with no, three, six or nine decimals.
pub(super) fn write(f: &mut fmt::Formatter<'_>, seconds: i64, nanos: u32) -> fmt::Result {
    let (year, month, day) = date_of_days(seconds.div_euclid(SECONDS_PER_DAY));
    let second_of_day = seconds.rem_euclid(SECONDS_PER_DAY);
    let (hour, minute) = (second_of_day / 3600, second_of_day / 60 % 60);
    let second = second_of_day % 60;
    write!(
        f,
        "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}"
    )?;
    match nanos {
        _ if f.precision() == Some(0) => {}
        0 => {}
        nanos if nanos % 1_000_000 == 0 => write!(f, ".{:03}", nanos / 1_000_000)?,
        nanos if nanos % 1_000 == 0 => write!(f, ".{:06}", nanos / 1_000)?,
        nanos => write!(f, ".{nanos:09}")?,
    }
    f.write_str("Z")
}

/// Parses a time as seconds since the Unix epoch and nanoseconds.
pub(crate) fn parse(text: &str) -> Option<(i64, u32)> {
    let (date, rest) = text.split_at_checked(10)?;
    let rest = rest.strip_prefix(['T', 't', ' '])?;
    let (time, rest) = rest.split_at_checked(8)?;
    let [year, month, day] = parse_date(date)?;
    let [hour, minute, second] = numbers(time, ':', [2, 2, 2])?;
    let (nanos, offset) = fraction(rest)?;
    let days = days_of_date(year, month, day);
    if hour >= 24 || minute >= 60 || second > 60 {
        return None;
    }
    // A leap second is mapped to the second before it, because Unix time has none.
    let second_of_day = hour * 3600 + minute * 60 + second.min(59);
    let seconds = days * SECONDS_PER_DAY + second_of_day - offset_seconds(offset)?;
    Some((seconds, nanos))
}

/// Parses a date as year, month and day.
pub(super) fn parse_date(text: &str) -> Option<[i64; 3]> {
    let [year, month, day] = numbers(text, '-', [4, 2, 2])?;
    is_date(year, month, day).then_some([year, month, day])
}

/// Returns whether the Gregorian calendar has this date.
pub(super) fn is_date(year: i64, month: i64, day: i64) -> bool {
    // A day such as February 30 is a valid number of days, but of another date.
    (1..=12).contains(&month) && date_of_days(days_of_date(year, month, day)) == (year, month, day)
}

/// Returns the nanoseconds of an optional fraction, and the rest of the text.
fn fraction(rest: &str) -> Option<(u32, &str)> {
    let Some(rest) = rest.strip_prefix('.') else {
        return Some((0, rest));
    };
    let end = rest
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(rest.len());
    Some((parse_nanos(&rest[..end])?, &rest[end..]))
}

/// Returns the seconds by which an offset is ahead of UTC.
fn offset_seconds(offset: &str) -> Option<i64> {
    if matches!(offset, "Z" | "z") {
        return Some(0);
    }
    let (sign, offset) = match offset.split_at_checked(1)? {
        ("+", offset) => (1, offset),
        ("-", offset) => (-1, offset),
        _ => return None,
    };
    let [hours, minutes] = numbers(offset, ':', [2, 2])?;
    (hours < 24 && minutes < 60).then_some(sign * (hours * 3600 + minutes * 60))
}

/// Parses `N` separated numbers of fixed lengths.
fn numbers<const N: usize>(text: &str, separator: char, lengths: [usize; N]) -> Option<[i64; N]> {
    let mut parts = text.split(separator);
    let mut numbers = [0; N];
    for (number, length) in numbers.iter_mut().zip(lengths) {
        let part = parts.next()?;
        if part.len() != length || !part.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        *number = part.parse().ok()?;
    }
    parts.next().is_none().then_some(numbers)
}

/// Returns the days since the Unix epoch of a date in the Gregorian calendar.
fn days_of_date(year: i64, month: i64, day: i64) -> i64 {
    // Years begin in March, so that the leap day is the last day of a year.
    let year = if month <= 2 { year - 1 } else { year };
    let (era, year_of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

/// Returns year, month and day of a number of days since the Unix epoch.
fn date_of_days(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let (era, day_of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let leap_days = day_of_era / 1460 - day_of_era / 36_524 + day_of_era / 146_096;
    let year_of_era = (day_of_era - leap_days) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (year, month, day)
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, SystemTime};

    use super::*;

    #[test]
    fn valid_times_are_parsed_and_others_rejected() {
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
    fn days_and_dates_convert_into_each_other() {
        let mut last = (0, 0, 0);
        for day in (-800_000..800_000).step_by(7) {
            let date = date_of_days(day);
            assert_eq!(days_of_date(date.0, date.1, date.2), day);
            assert!(date > last || day == -800_000, "{date:?}");
            last = date;
        }
    }

    #[test]
    fn arbitrary_text_does_not_panic() {
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
    fn dates_agree_with_httpdate() {
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
