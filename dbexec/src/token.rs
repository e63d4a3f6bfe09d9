//! Tokens that nobody can guess.

use std::fmt::Write as _;
use std::fs::File;
use std::io::Read as _;

use crate::exit::Failure;

const SOURCE: &str = "/dev/urandom";

/// 128 random bits, as text.
pub(crate) fn random() -> Result<String, Failure> {
    let mut bytes = [0; 16];
    File::open(SOURCE)
        .and_then(|mut source| source.read_exact(&mut bytes))
        .map_err(|error| Failure::unserved(format!("no token can be made: {SOURCE}: {error}")))?;
    Ok(bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}"); // a string takes everything
        text
    }))
}

#[cfg(test)]
mod tests {
    #[test]
    fn tokens_are_long_and_never_the_same() {
        let [first, second] = [(); 2].map(|()| super::random().unwrap());
        assert_eq!(first.len(), 32);
        assert!(
            first.bytes().all(|byte| byte.is_ascii_hexdigit()),
            "{first}"
        );
        assert_ne!(first, second);
    }
}
