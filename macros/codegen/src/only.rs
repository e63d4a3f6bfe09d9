//! A choice of endpoints.

use std::fmt;

use api_spec::model::Api;

use crate::Options;

impl Options<'_> {
    /// Code for the endpoints that these patterns name, as [`Api::choose`] reads them; for all
    /// where there is no pattern.
    #[must_use]
    pub fn only(mut self, patterns: Vec<String>) -> Self {
        self.only = patterns;
        self
    }

    /// What remains of an API when the choice is made.
    ///
    /// # Errors
    ///
    /// The first pattern that names no endpoint.
    pub fn choose(&self, mut api: Api) -> Result<Api, Unmatched> {
        if !self.only.is_empty() {
            let patterns: Vec<&str> = self.only.iter().map(String::as_str).collect();
            api.select(&patterns)
                .map_err(|pattern| Unmatched(pattern.to_owned()))?;
        }
        Ok(api)
    }
}

/// A pattern that names no endpoint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unmatched(String);

impl Unmatched {
    /// The pattern.
    pub fn pattern(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Unmatched {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let help = "say an endpoint, as in `jobs.get`, or all of a group, as in `jobs.*`";
        write!(f, "no endpoint is `{}`: {help}", self.0)
    }
}

impl std::error::Error for Unmatched {}
