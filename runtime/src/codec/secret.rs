//! Text that is never printed.

use std::fmt;

use zeroize::Zeroize as _;

/// A password, a token: text without a printable form.
///
/// `Debug` shows `Secret(***)`; there is no `Display` and no serialisation. The memory is wiped on
/// drop. Copies that the HTTP library makes of a header are out of its reach.
///
/// # Example
///
/// ```
/// let secret = api_runtime::Secret::new("dapi0123");
/// assert_eq!(format!("{secret:?}"), "Secret(***)");
/// assert_eq!(secret.expose(), "dapi0123");
/// ```
///
/// Two secrets can be compared, in a time that depends on how much of them is the same.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Of no text.
    pub(crate) const EMPTY: Self = Self(String::new());

    /// Takes the text in.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text itself: the one way out, easy to search for.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl Drop for Secret {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl From<&str> for Secret {
    fn from(text: &str) -> Self {
        Self::new(text)
    }
}

impl From<String> for Secret {
    fn from(text: String) -> Self {
        Self::new(text)
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(***)")
    }
}
