//! Random ids in the format of Databricks. Clients must treat them as opaque strings.

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
