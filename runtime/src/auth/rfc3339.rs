//! Points in time as programs print them.

use std::time::Duration;

/// The time since 1970 of a date and time such as `2026-03-01T12:00:00.5+01:00`; zero for one
/// that is earlier.
pub(super) fn parse(text: &str) -> Option<Duration> {
    let (date, time) = text.trim().split_once(['T', 't', ' '])?;
    let offset_at = time.find(['Z', 'z', '+', '-'])?;
    let (time, offset) = time.split_at(offset_at);
    let (time, fraction) = time.split_once('.').unwrap_or((time, "0"));
    let [year, month, day] = numbers(date, '-')?;
    let [hour, minute, second] = numbers(time, ':')?;
    let sane = (1..=9999).contains(&year)
        && (1..=12).contains(&month)
        && (1..=31).contains(&day)
        && hour < 24
        && minute < 60
        && second <= 60
        && fraction.bytes().all(|byte| byte.is_ascii_digit());
    if !sane {
        return None;
    }
    let seconds = days(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second
        - parse_offset(offset)?;
    // A token need not be timed finer than to the second.
    Some(Duration::from_secs(u64::try_from(seconds).unwrap_or(0)))
}

/// How many seconds the local time is ahead.
fn parse_offset(text: &str) -> Option<i64> {
    let sign = match text.as_bytes().first()? {
        b'+' => 1,
        b'-' => -1,
        _ => return (text.len() == 1).then_some(0),
    };
    let [hours, minutes] = numbers(&text[1..], ':')?;
    (hours < 24 && minutes < 60).then_some(sign * (hours * 3600 + minutes * 60))
}

fn numbers<const N: usize>(text: &str, separator: char) -> Option<[i64; N]> {
    let mut parts = text.split(separator);
    let mut numbers = [0; N];
    for number in &mut numbers {
        let part = parts.next()?;
        let digits = part.len() <= 4 && part.bytes().all(|byte| byte.is_ascii_digit());
        *number = if digits {
            part.parse().ok()?
        } else {
            return None;
        };
    }
    parts.next().is_none().then_some(numbers)
}

/// The days from 1970-01-01 to this one, in the Gregorian calendar. Years are counted from March,
/// so that the leap day is the last.
fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    year * 365 + year / 4 - year / 100 + year / 400 + day_of_year - 719_468
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_in_time() {
        for (text, expected) in [
            ("1970-01-01T00:00:00Z", Some(0)),
            ("1970-01-01T00:00:01z", Some(1)),
            ("2000-02-29T12:00:00Z", Some(951_825_600)),
            ("2000-03-01T00:00:00Z", Some(951_868_800)),
            ("2026-03-01T12:00:00Z", Some(1_772_366_400)),
            ("2026-03-01T12:00:00.123456789+01:00", Some(1_772_362_800)),
            ("2026-03-01 07:00:00-05:00", Some(1_772_366_400)),
            ("2038-01-19T03:14:08Z", Some(2_147_483_648)),
            ("0001-01-01T00:00:00Z", Some(0)),
            ("2026-03-01", None),
            ("2026-03-01T12:00:00", None),
            ("2026-03-01T12:00Z", None),
            ("2026-13-01T12:00:00Z", None),
            ("2026-03-01T24:00:00Z", None),
            ("2026-03-01T12:00:00+1", None),
            ("2026-03-01T12:00:00Zulu", None),
            ("-2026-03-01T12:00:00Z", None),
            ("20260-03-01T12:00:00Z", None),
            ("2026-03-01T12:00:+1Z", None),
            ("", None),
            ("é", None),
        ] {
            assert_eq!(parse(text).map(|time| time.as_secs()), expected, "{text}");
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
            let time = std::time::SystemTime::UNIX_EPOCH + Duration::from_secs(seconds);
            let http = httpdate::fmt_http_date(time);
            let months = "JanFebMarAprMayJunJulAugSepOctNovDec";
            let month = months.find(&http[8..11]).unwrap() / 3 + 1;
            let text = format!(
                "{}-{month:02}-{}T{}Z",
                &http[12..16],
                &http[5..7],
                &http[17..25]
            );
            assert_eq!(parse(&text), Some(Duration::from_secs(seconds)), "{text}");
            Ok(())
        });
    }
}
