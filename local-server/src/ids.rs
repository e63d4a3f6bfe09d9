//! Random ids in the format of Databricks. Clients must treat them as opaque strings.

use std::time::{SystemTime, UNIX_EPOCH};

/// Generates a context id: 19 decimal digits, for example `1793653964133248955`.
///
/// The number exceeds 2^53, so a client that parses it as a double changes it.
///
/// # Errors
///
/// If the operating system provides no random bytes.
pub(crate) fn context() -> Result<String, getrandom::Error> {
    const SMALLEST: u64 = 1_000_000_000_000_000_000;
    let offset = getrandom::u64()? % (8 * SMALLEST);
    Ok((SMALLEST + offset).to_string())
}

/// Generates a cluster id: month, day, time (UTC) and eight characters, for example
/// `1126-231504-k3v9x0ab`.
///
/// # Errors
///
/// If the operating system provides no random bytes.
pub(crate) fn cluster() -> Result<String, getrandom::Error> {
    const CHARACTERS: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz012345";
    let elapsed = SystemTime::now().duration_since(UNIX_EPOCH);
    let seconds = elapsed.map_or(0, |elapsed| elapsed.as_secs());
    let (month, day) = month_and_day(seconds / 86_400);
    let (hour, minute, second) = (seconds / 3600 % 24, seconds / 60 % 60, seconds % 60);
    let suffix = getrandom::u64()?.to_le_bytes();
    let suffix = suffix.map(|byte| char::from(CHARACTERS[usize::from(byte) % CHARACTERS.len()]));
    let suffix = String::from_iter(suffix);
    Ok(format!(
        "{month:02}{day:02}-{hour:02}{minute:02}{second:02}-{suffix}"
    ))
}

/// Returns month and day of the month, both from 1, of a day since the Unix epoch.
fn month_and_day(days: u64) -> (u64, u64) {
    // Years from March on have their leap day at the end. 719,468 days precede the epoch since
    // 0000-03-01.
    let day_of_era = (days + 719_468) % 146_097;
    let year = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year + year / 4 - year / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    ((month_from_march + 2) % 12 + 1, day)
}

/// Generates a command id: a version 4 UUID, for example `1234ab56-7890-4cde-834f-5abcdef67890`.
///
/// # Errors
///
/// If the operating system provides no random bytes.
pub(crate) fn command() -> Result<String, getrandom::Error> {
    let (high, low) = (getrandom::u64()?, getrandom::u64()?);
    Ok(format!(
        "{:08x}-{:04x}-4{:03x}-{:04x}-{:012x}",
        high >> 32,
        (high >> 16) & 0xffff,
        high & 0xfff,
        (low >> 48) & 0x3fff | 0x8000, // the two highest bits are the variant of RFC 9562
        low & 0xffff_ffff_ffff,
    ))
}

/// Generates a handle of an upload: a positive integer that a double represents exactly, because some
/// clients parse it as one.
///
/// # Errors
///
/// If the operating system provides no random bytes.
pub(crate) fn handle() -> Result<i64, getrandom::Error> {
    let bits = getrandom::u64()? >> 11;
    Ok(i64::try_from(bits).unwrap_or(0).max(1))
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    #[test]
    fn context_ids_have_nineteen_digits() {
        let id = super::context().unwrap();
        assert_eq!(id.len(), 19, "{id}");
        assert!(id.bytes().all(|byte| byte.is_ascii_digit()), "{id}");
    }

    #[test]
    fn cluster_ids_have_the_format_of_databricks() {
        let id = super::cluster().unwrap();
        let parts: Vec<_> = id.split('-').collect();
        assert_eq!(
            parts.iter().map(|part| part.len()).collect::<Vec<_>>(),
            [4, 6, 8],
            "{id}"
        );
        let is_number = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        assert!(is_number(parts[0]) && is_number(parts[1]), "{id}");
    }

    #[test]
    fn days_are_converted_to_month_and_day() {
        for (days, expected) in [
            (0, (1, 1)),
            (58, (2, 28)),
            (59, (3, 1)),
            (364, (12, 31)),
            (789, (2, 29)),     // 1972
            (11_016, (2, 29)),  // 2000
            (20_783, (11, 26)), // 2026
        ] {
            assert_eq!(super::month_and_day(days), expected, "{days}");
        }
    }

    #[test]
    fn command_ids_are_version_4_uuids() {
        let id = super::command().unwrap();
        let lengths: Vec<_> = id.split('-').map(str::len).collect();
        assert_eq!(lengths, [8, 4, 4, 4, 12], "{id}");
        assert_eq!(id.as_bytes()[14], b'4', "{id}");
        assert!(
            matches!(id.as_bytes()[19], b'8' | b'9' | b'a' | b'b'),
            "{id}"
        );
    }

    #[test]
    fn ids_are_unique() {
        let ids: HashSet<_> = (0..10_000).map(|_| super::command().unwrap()).collect();
        assert_eq!(ids.len(), 10_000);
    }
}
