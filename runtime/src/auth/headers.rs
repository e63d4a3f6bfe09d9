//! Headers that authenticate a request.

use std::fmt;

use ureq::http::{HeaderMap, HeaderName, HeaderValue, header};

use super::error::invalid_credentials;
use super::token::check_token;
use crate::codec::secret::Secret;
use crate::error::Error;

/// Headers that authenticate a request. Every value is marked as sensitive, and `Debug` shows only
/// the names.
///
/// # Examples
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
    /// Creates an empty list of headers.
    pub fn new() -> Self {
        Self::default()
    }

    /// Creates an `Authorization` header with a bearer token (RFC 6750).
    ///
    /// # Errors
    ///
    /// Returns [`ErrorKind::InvalidInput`](crate::ErrorKind::InvalidInput) if the token is empty or
    /// contains anything but visible ASCII characters.
    pub fn bearer(token: &Secret) -> Result<Self, Error> {
        check_token(token)?;
        Self::new().with(header::AUTHORIZATION, &bearer(token))
    }

    /// Returns the values.
    pub(crate) fn values(&self) -> impl Iterator<Item = &HeaderValue> {
        self.0.iter().map(|(_, value)| value)
    }

    /// Adds a header. It replaces a header of the same name.
    ///
    /// # Errors
    ///
    /// Returns [`ErrorKind::InvalidInput`](crate::ErrorKind::InvalidInput) if HTTP does not allow
    /// the value.
    pub fn with(mut self, name: HeaderName, value: &Secret) -> Result<Self, Error> {
        let mut value = HeaderValue::from_str(value.expose())
            .map_err(|_| invalid_credentials(&format!("invalid value of header `{name}`")))?;
        value.set_sensitive(true);
        self.0.retain(|(other, _)| *other != name);
        self.0.push((name, value));
        Ok(self)
    }

    /// Returns whether one of the values is this token, with or without the scheme `Bearer`.
    pub(super) fn contain(&self, token: &Secret) -> bool {
        let (bare, bearer) = (token.expose(), bearer(token));
        let is_token = |value: &HeaderValue| value == bare || value == bearer.expose();
        self.0.iter().any(|(_, value)| is_token(value))
    }

    /// Adds the headers to those of a request.
    pub(crate) fn add_to(&self, headers: &mut HeaderMap) {
        for (name, value) in &self.0 {
            headers.insert(name.clone(), value.clone());
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
    fn values_are_sensitive_and_replaced_by_name() {
        let one = Headers::bearer(&Secret::new("a")).unwrap();
        let two = one
            .with(header::AUTHORIZATION, &Secret::new("Other b"))
            .unwrap();
        let mut map = HeaderMap::new();
        two.add_to(&mut map);
        assert_eq!(map.len(), 1);
        assert_eq!(map[header::AUTHORIZATION], "Other b");
        assert!(map[header::AUTHORIZATION].is_sensitive());
    }

    #[test]
    fn token_is_found_with_or_without_scheme() {
        let name = HeaderName::from_static("x-token");
        let headers = Headers::bearer(&Secret::new("a")).unwrap();
        let headers = headers.with(name, &Secret::new("b")).unwrap();
        for (token, expected) in [("a", true), ("b", true), ("Bearer a", true), ("c", false)] {
            assert_eq!(headers.contain(&Secret::new(token)), expected, "{token}");
        }
    }

    #[test]
    fn error_does_not_show_an_invalid_value() {
        let results = [
            Headers::bearer(&Secret::new("dapi\n")),
            Headers::new().with(header::COOKIE, &Secret::new("dapi\r\nx: y")),
        ];
        for result in results {
            let error = result.unwrap_err();
            assert!(!format!("{error} {error:?}").contains("dapi"), "{error:?}");
        }
    }
}
