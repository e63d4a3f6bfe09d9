//! Headers that say who calls.

use std::fmt;

use ureq::http::{HeaderMap, HeaderName, HeaderValue, header};

use super::{check_token, invalid};
use crate::codec::secret::Secret;
use crate::error::Error;

/// What goes with a request to authenticate it. Every value is marked sensitive, and `Debug`
/// shows the names alone.
///
/// # Example
///
/// ```
/// use api_runtime::{Secret, auth::Headers, http::HeaderName};
///
/// let second = HeaderName::from_static("x-second-token");
/// let headers = Headers::bearer(&Secret::new("first"))?.with(second, &Secret::new("other"))?;
/// assert_eq!(format!("{headers:?}"), r#"Headers["authorization", "x-second-token"]"#);
/// # Ok::<(), api_runtime::Error>(())
/// ```
#[derive(Clone, Default)]
pub struct Headers(Vec<(HeaderName, HeaderValue)>);

impl Headers {
    /// None yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// A bearer token in `Authorization` (RFC 6750).
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidInput`](crate::ErrorKind::InvalidInput) if the token is empty or holds anything but
    /// visible ASCII.
    pub fn bearer(token: &Secret) -> Result<Self, Error> {
        check_token(token)?;
        Self::new().with(header::AUTHORIZATION, &bearer(token))
    }

    /// What is secret in them: each value without the scheme in front.
    pub(crate) fn secrets(&self) -> impl Iterator<Item = &str> {
        let values = self.0.iter().filter_map(|(_, value)| value.to_str().ok());
        values.map(|value| {
            value
                .split_once(' ')
                .map_or(value, |(_scheme, secret)| secret)
        })
    }

    /// Adds a header, in place of one of the same name.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidInput`](crate::ErrorKind::InvalidInput) if HTTP does not allow the value.
    pub fn with(mut self, name: HeaderName, value: &Secret) -> Result<Self, Error> {
        let mut value = HeaderValue::from_str(value.expose())
            .map_err(|_| invalid(&format!("HTTP does not allow the value of `{name}`")))?;
        value.set_sensitive(true);
        self.0.retain(|(other, _)| *other != name);
        self.0.push((name, value));
        Ok(self)
    }

    /// Whether one of them is this token, bare or as a bearer.
    pub(super) fn carry(&self, token: &Secret) -> bool {
        let (bare, bearer) = (token.expose(), bearer(token));
        let is_it = |value: &HeaderValue| value == bare || value == bearer.expose();
        self.0.iter().any(|(_, value)| is_it(value))
    }

    /// Puts them among the headers of a request.
    pub(crate) fn write(&self, to: &mut HeaderMap) {
        for (name, value) in &self.0 {
            to.insert(name.clone(), value.clone());
        }
    }
}

fn bearer(token: &Secret) -> Secret {
    Secret::new(format!("Bearer {}", token.expose()))
}

impl fmt::Debug for Headers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Headers")?;
        let names = self.0.iter().map(|(name, _)| name.as_str());
        f.debug_list().entries(names).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_sensitive_and_the_last_one_of_a_name_counts() {
        let one = Headers::bearer(&Secret::new("a")).unwrap();
        let two = one
            .with(header::AUTHORIZATION, &Secret::new("Other b"))
            .unwrap();
        let mut map = HeaderMap::new();
        two.write(&mut map);
        assert_eq!(map.len(), 1);
        assert_eq!(map[header::AUTHORIZATION], "Other b");
        assert!(map[header::AUTHORIZATION].is_sensitive());
    }

    #[test]
    fn a_token_is_found_bare_or_as_a_bearer() {
        let name = HeaderName::from_static("x-token");
        let headers = Headers::bearer(&Secret::new("a")).unwrap();
        let headers = headers.with(name, &Secret::new("b")).unwrap();
        for (token, expected) in [("a", true), ("b", true), ("Bearer a", true), ("c", false)] {
            assert_eq!(headers.carry(&Secret::new(token)), expected, "{token}");
        }
    }

    #[test]
    fn values_that_cannot_be_sent_are_not_shown() {
        let faults = [
            Headers::bearer(&Secret::new("dapi\n")),
            Headers::new().with(header::COOKIE, &Secret::new("dapi\r\nx: y")),
        ];
        for fault in faults {
            let error = fault.unwrap_err();
            assert!(!format!("{error} {error:?}").contains("dapi"), "{error:?}");
        }
    }
}
