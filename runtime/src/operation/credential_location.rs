//! Places of credentials in requests.

use std::fmt;

/// Place of a secret in a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CredentialLocation<'a> {
    /// A header. Its value is this prefix, e.g. `Bearer ` or nothing, and the secret.
    Header {
        /// Name of the header.
        name: &'a str,
        /// Start of its value.
        prefix: &'a str,
    },
    /// The query parameter with this name.
    Query(&'a str),
}

impl fmt::Display for CredentialLocation<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Header { name, prefix: "" } => write!(f, "the header `{name}`"),
            Self::Header { name, prefix } => write!(f, "the header `{name}: {prefix}…`"),
            Self::Query(name) => write!(f, "the query parameter `{name}`"),
        }
    }
}
