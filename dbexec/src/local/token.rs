//! Random tokens.

use std::fmt::Write as _;

use crate::error::CliError;

/// Generates a token of 128 random bits, in hexadecimal.
pub(crate) fn generate() -> Result<String, CliError> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes)
        .map_err(|error| CliError::service(format!("cannot generate a token: {error}")))?;
    Ok(bytes.iter().fold(String::new(), |mut token, byte| {
        let _ = write!(token, "{byte:02x}"); // writing to a `String` cannot fail
        token
    }))
}

#[cfg(test)]
mod tests {
    #[test]
    fn tokens_are_long_and_unique() {
        let [first, second] = [(); 2].map(|()| super::generate().unwrap());
        assert_eq!(first.len(), 32);
        assert!(
            first.bytes().all(|byte| byte.is_ascii_hexdigit()),
            "{first}"
        );
        assert_ne!(first, second);
    }
}
