//! Selection of endpoints by patterns.

use std::fmt;

/// Error for a pattern that matches no endpoint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unmatched(String);

impl Unmatched {
    pub(crate) fn new(pattern: &str) -> Self {
        Self(pattern.to_owned())
    }

    /// Returns the pattern.
    pub fn pattern(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Unmatched {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let help = "name an endpoint, e.g. `jobs.get`, or all endpoints of a group, e.g. `jobs.*`";
        write!(f, "no endpoint is `{}`: {help}", self.0)
    }
}

impl std::error::Error for Unmatched {}
