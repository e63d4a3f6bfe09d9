//! Certificates of servers.

use std::time::{Duration, SystemTime};

use super::der::{GENERALIZED_TIME, OBJECT_ID, SEQUENCE, SET, UTC_TIME, Value, Values};

const DAY: u64 = 24 * 60 * 60;

/// Encoded id of the common name (2.5.4.3).
const COMMON_NAME: [u8; 3] = [0x55, 0x04, 0x03];

/// Tag of the version, which certificates of version 1 do not have.
const VERSION: u8 = 0xa0;

/// Contents of a certificate.
#[derive(Debug)]
pub(super) struct Contents {
    /// Common name of the issuer, or all parts of its name.
    pub(super) issuer: String,
    pub(super) not_before: SystemTime,
    pub(super) not_after: SystemTime,
}

/// Reads a certificate in DER format (RFC 5280, section 4.1). Returns `None` if it is invalid.
pub(super) fn read(der: &[u8]) -> Option<Contents> {
    let certificate = Values(der).expect(SEQUENCE)?;
    let mut fields = certificate.values().expect(SEQUENCE)?.values();
    if fields.clone().expect(VERSION).is_some() {
        fields.next();
    }
    // The serial number and the algorithm of the signature precede the issuer.
    let issuer = fields.nth(2).filter(|value| value.tag == SEQUENCE)?;
    let mut validity = fields.expect(SEQUENCE)?.values();
    Some(Contents {
        issuer: name(issuer)?,
        not_before: time(validity.next()?)?,
        not_after: time(validity.next()?)?,
    })
}

/// Returns the common name in a name, or else all of its parts.
fn name(name: Value<'_>) -> Option<String> {
    let mut parts = Vec::new();
    for set in name.values() {
        let mut pair = (set.tag == SET)
            .then(|| set.values())?
            .expect(SEQUENCE)?
            .values();
        let id = pair.expect(OBJECT_ID)?;
        let text = pair.next()?.text();
        if id.contents == COMMON_NAME {
            return Some(text);
        }
        parts.push(text);
    }
    Some(parts.join(", "))
}

/// Reads `YYMMDDHHMMSSZ`, in which years before 50 are those of this century, or `YYYYMMDDHHMMSSZ`.
fn time(value: Value<'_>) -> Option<SystemTime> {
    let text = std::str::from_utf8(value.contents).ok()?;
    let digits = text.strip_suffix('Z')?;
    if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let (year, rest) = match (value.tag, digits.len()) {
        (UTC_TIME, 12) => {
            let year: u64 = digits[..2].parse().ok()?;
            (
                if year < 50 { 2000 + year } else { 1900 + year },
                &digits[2..],
            )
        }
        (GENERALIZED_TIME, 14) => (digits[..4].parse().ok()?, &digits[4..]),
        _ => return None,
    };
    let part = |index: usize| rest[index * 2..index * 2 + 2].parse::<u64>().ok();
    let days = days_since_epoch(year, part(0)?, part(1)?)?;
    let seconds = days * DAY + part(2)? * 3600 + part(3)? * 60 + part(4)?;
    SystemTime::UNIX_EPOCH.checked_add(Duration::from_secs(seconds))
}

/// Returns the number of days from 1970-01-01 to a later date.
fn days_since_epoch(year: u64, month: u64, day: u64) -> Option<u64> {
    if !(1970..10_000).contains(&year) || !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return None;
    }
    // Years begin in March, so that the leap day is the last one.
    let (year, month) = if month > 2 {
        (year, month - 3)
    } else {
        (year - 1, month + 9)
    };
    let leap_days = year / 4 - year / 100 + year / 400;
    // 719,469 days precede the epoch since 0000-02-29.
    (year * 365 + leap_days + (month * 153 + 2) / 5 + day).checked_sub(719_469)
}

/// Returns the number of days from one time to a later one.
pub(super) fn days(from: SystemTime, to: SystemTime) -> u64 {
    to.duration_since(from).unwrap_or_default().as_secs() / DAY
}

#[cfg(test)]
mod tests {
    use super::*;

    fn encode(tag: u8, contents: &[u8]) -> Vec<u8> {
        let length = u8::try_from(contents.len()).unwrap();
        assert!(length < 0x80);
        [&[tag, length], contents].concat()
    }

    fn part(id: u8, text: &str) -> Vec<u8> {
        let id = encode(OBJECT_ID, &[0x55, 0x04, id]);
        let pair = [id, encode(0x0c, text.as_bytes())].concat();
        encode(SET, &encode(SEQUENCE, &pair))
    }

    fn certificate(version: &[u8], issuer: &[Vec<u8>]) -> Vec<u8> {
        let validity = [
            encode(UTC_TIME, b"700101000001Z"),
            encode(GENERALIZED_TIME, b"20261127071659Z"),
        ];
        let fields = [
            version.to_vec(),
            encode(0x02, &[1]),
            encode(SEQUENCE, &[]),
            encode(SEQUENCE, &issuer.concat()),
            encode(SEQUENCE, &validity.concat()),
        ];
        encode(SEQUENCE, &encode(SEQUENCE, &fields.concat()))
    }

    #[test]
    fn issuer_and_validity_are_read() {
        let version = encode(VERSION, &encode(0x02, &[2]));
        let issuer = [part(10, "Example"), part(3, "Example CA")];
        for version in [&version[..], &[]] {
            let contents = read(&certificate(version, &issuer)).unwrap();
            assert_eq!(contents.issuer, "Example CA");
            let seconds = |time: SystemTime| {
                time.duration_since(SystemTime::UNIX_EPOCH)
                    .unwrap()
                    .as_secs()
            };
            assert_eq!(seconds(contents.not_before), 1);
            assert_eq!(seconds(contents.not_after), 1_795_763_819);
        }
        let issuer = [part(10, "Example"), part(6, "DE")];
        assert_eq!(
            read(&certificate(&[], &issuer)).unwrap().issuer,
            "Example, DE"
        );
    }

    #[test]
    fn dates_are_converted() {
        for (date, days) in [
            ((1970, 1, 1), 0),
            ((1972, 2, 29), 789),
            ((2000, 3, 1), 11_017),
            ((2026, 11, 26), 20_783),
        ] {
            assert_eq!(
                days_since_epoch(date.0, date.1, date.2),
                Some(days),
                "{date:?}"
            );
        }
        for (year, month, day) in [(1969, 12, 31), (2026, 13, 1), (2026, 0, 1), (2026, 1, 0)] {
            assert_eq!(days_since_epoch(year, month, day), None);
        }
    }

    #[test]
    fn invalid_certificates_are_not_read() {
        let valid = certificate(&[], &[part(3, "CA")]);
        for end in 0..valid.len() {
            assert!(read(&valid[..end]).is_none(), "{end}");
        }
        // Each other byte at each place.
        for index in 0..valid.len() {
            for byte in 0..=255 {
                let mut bytes = valid.clone();
                bytes[index] = byte;
                let _ = read(&bytes);
            }
        }
        assert!(read(&[SEQUENCE; 100]).is_none());
        let utc = |contents: &str| {
            let contents = contents.as_bytes();
            time(Value {
                tag: UTC_TIME,
                contents,
            })
        };
        assert!(utc("261127071659Z").is_some());
        for text in [
            "",
            "Z",
            "261127071659",
            "1é6é27071659Z",
            "+61127071659Z",
            "20261127071659Z",
        ] {
            assert!(utc(text).is_none(), "{text}");
        }
    }
}
