//! Ids as the service makes them: opaque, unique, not to be guessed from the one before.

use std::hash::{BuildHasher, RandomState};

/// Nineteen decimal digits: more than a double holds, so a client that parses it is found out.
pub(crate) fn context() -> String {
    const SMALLEST: u64 = 1_000_000_000_000_000_000;
    (SMALLEST + random() % (8 * SMALLEST)).to_string()
}

/// The shape of a version 4 UUID.
pub(crate) fn command() -> String {
    let (high, low) = (random(), random());
    format!(
        "{:08x}-{:04x}-4{:03x}-{:04x}-{:012x}",
        high >> 32,
        (high >> 16) & 0xffff,
        high & 0xfff,
        (low >> 48) & 0x3fff | 0x8000,
        low & 0xffff_ffff_ffff,
    )
}

/// The standard library seeds its hashers from the system and no two alike: enough to be unique.
fn random() -> u64 {
    RandomState::new().hash_one(0)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    #[test]
    fn context_ids_have_nineteen_digits() {
        let id = super::context();
        assert_eq!(id.len(), 19, "{id}");
        assert!(id.bytes().all(|byte| byte.is_ascii_digit()), "{id}");
    }

    #[test]
    fn command_ids_look_like_a_uuid() {
        let id = super::command();
        let lengths: Vec<_> = id.split('-').map(str::len).collect();
        assert_eq!(lengths, [8, 4, 4, 4, 12], "{id}");
    }

    #[test]
    fn ids_do_not_repeat() {
        let ids: HashSet<_> = (0..10_000).map(|_| super::command()).collect();
        assert_eq!(ids.len(), 10_000);
    }
}
