//! Headers and query parameters that authenticate a request.

use std::fmt;

use ureq::http::{HeaderMap, HeaderName, HeaderValue, header};

use super::error::invalid_credentials;
use super::token::check_token;
use crate::codec::secret::Secret;
use crate::error::Error;
use crate::operation::CredentialLocation;

/// Headers and query parameters that authenticate a request.
///
/// Every header is marked as sensitive, and `Debug` shows only the names.
///
/// # Examples
///
/// ```
/// use api_runtime::{Secret, auth::RequestCredentials, http::HeaderName};
///
/// let second = HeaderName::from_static("x-second-token");
/// let credentials = RequestCredentials::bearer(&Secret::new("first"))?
///     .with(second, &Secret::new("other"))?
///     .with_query("key", &Secret::new("third"));
/// assert_eq!(
///     format!("{credentials:?}"),
///     r#"RequestCredentials["authorization", "x-second-token", "?key"]"#
/// );
/// # Ok::<(), api_runtime::Error>(())
/// ```
#[derive(Clone, Default)]
pub struct RequestCredentials {
    headers: Vec<Header>,
    query: Vec<(String, Secret)>,
}

#[derive(Clone)]
struct Header {
    name: HeaderName,
    value: HeaderValue,
    /// Length of the part of the value in front of the secret, e.g. of `Bearer `.
    prefix_len: usize,
}

impl RequestCredentials {
    /// Creates an empty list.
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
        Self::new().with_prefix(header::AUTHORIZATION, BEARER, token)
    }

    /// Adds a header. It replaces a header of the same name.
    ///
    /// # Errors
    ///
    /// Returns [`ErrorKind::InvalidInput`](crate::ErrorKind::InvalidInput) if HTTP does not allow
    /// the value.
    pub fn with(self, name: HeaderName, value: &Secret) -> Result<Self, Error> {
        let text = value.expose();
        let scheme = [BEARER, BASIC].into_iter().find(|scheme| {
            let start = text.get(..scheme.len());
            start.is_some_and(|start| start.eq_ignore_ascii_case(scheme))
        });
        self.with_header(name, text, scheme.map_or(0, str::len))
    }

    /// Adds a header whose value is a prefix, e.g. `Bot `, and a secret. It replaces a header of the
    /// same name.
    ///
    /// # Errors
    ///
    /// Those of [`with`](Self::with).
    pub fn with_prefix(
        self,
        name: HeaderName,
        prefix: &str,
        secret: &Secret,
    ) -> Result<Self, Error> {
        let value = Secret::new([prefix, secret.expose()].concat());
        self.with_header(name, value.expose(), prefix.len())
    }

    /// Adds a query parameter. It replaces one of the same name. Name and value are percent-encoded in
    /// the request.
    #[must_use]
    pub fn with_query(mut self, name: impl Into<String>, value: &Secret) -> Self {
        let name = name.into();
        self.query.retain(|(other, _)| *other != name);
        self.query.push((name, value.clone()));
        self
    }

    fn with_header(
        mut self,
        name: HeaderName,
        value: &str,
        prefix_len: usize,
    ) -> Result<Self, Error> {
        let mut value = HeaderValue::from_str(value)
            .map_err(|_| invalid_credentials(&format!("invalid value of header `{name}`")))?;
        value.set_sensitive(true);
        self.headers.retain(|other| other.name != name);
        self.headers.push(Header {
            name,
            value,
            prefix_len,
        });
        Ok(self)
    }

    /// Adds the headers and parameters of other credentials, unless one with the same name exists.
    pub(super) fn merge(&mut self, others: Self) {
        for other in others.headers {
            if self.headers.iter().all(|it| it.name != other.name) {
                self.headers.push(other);
            }
        }
        for other in others.query {
            if self.query.iter().all(|(name, _)| *name != other.0) {
                self.query.push(other);
            }
        }
    }

    /// Returns whether any header or parameter has the same place as one of `others`.
    pub(super) fn overlaps(&self, others: &Self) -> bool {
        let has_header = |header: &Header| others.headers.iter().any(|it| it.name == header.name);
        let has_parameter = |name: &str| others.query.iter().any(|(it, _)| it == name);
        self.headers.iter().any(has_header)
            || self.query.iter().any(|(name, _)| has_parameter(name))
    }

    /// Keeps the headers and parameters at these locations.
    pub(super) fn retain(&mut self, locations: &[CredentialLocation<'_>]) {
        self.headers
            .retain(|header| locations.iter().any(|it| header.is_at(*it)));
        self.query.retain(|(name, _)| {
            let at = CredentialLocation::Query(name);
            locations.contains(&at)
        });
    }

    /// Returns whether there is a header or parameter at this location.
    pub(super) fn has(&self, location: CredentialLocation<'_>) -> bool {
        self.headers.iter().any(|header| header.is_at(location))
            || self
                .query
                .iter()
                .any(|(name, _)| CredentialLocation::Query(name) == location)
    }

    /// Returns the locations.
    pub(crate) fn locations(&self) -> impl Iterator<Item = CredentialLocation<'_>> {
        let headers = self
            .headers
            .iter()
            .map(|header| CredentialLocation::Header {
                name: header.name.as_str(),
                prefix: header.prefix(),
            });
        let query = self.query.iter();
        headers.chain(query.map(|(name, _)| CredentialLocation::Query(name)))
    }

    /// Returns the secrets, without the authentication schemes.
    pub(crate) fn secrets(&self) -> impl Iterator<Item = &str> {
        let headers = self.headers.iter().filter_map(Header::secret);
        headers.chain(self.query.iter().map(|(_, value)| value.expose()))
    }

    /// Returns whether one of the values is this token, with or without the scheme `Bearer`.
    pub(super) fn contain(&self, token: &Secret) -> bool {
        let token = token.expose();
        self.headers.iter().any(|header| {
            let value = header.value.as_bytes();
            value == token.as_bytes()
                || value.strip_prefix(BEARER.as_bytes()) == Some(token.as_bytes())
        })
    }

    /// Adds the headers to those of a request.
    pub(crate) fn add_to(&self, headers: &mut HeaderMap) {
        for header in &self.headers {
            headers.insert(header.name.clone(), header.value.clone());
        }
    }

    /// Returns the query parameters.
    pub(crate) fn query(&self) -> impl Iterator<Item = (&str, &Secret)> {
        self.query
            .iter()
            .map(|(name, value)| (name.as_str(), value))
    }
}

impl Header {
    fn is_at(&self, location: CredentialLocation<'_>) -> bool {
        let CredentialLocation::Header { name, prefix } = location else {
            return false;
        };
        let start = self.value.as_bytes().get(..prefix.len());
        self.name.as_str().eq_ignore_ascii_case(name)
            && start.is_some_and(|start| start.eq_ignore_ascii_case(prefix.as_bytes()))
    }

    fn prefix(&self) -> &str {
        let prefix = self.value.as_bytes().get(..self.prefix_len);
        std::str::from_utf8(prefix.unwrap_or_default()).unwrap_or_default()
    }

    fn secret(&self) -> Option<&str> {
        let value = self.value.to_str().ok()?;
        match self.prefix_len {
            // A value of custom credentials may contain another scheme.
            0 => Some(value.split_once(' ').map_or(value, |(_, secret)| secret)),
            prefix_len => value.get(prefix_len..),
        }
    }
}

/// Scheme of RFC 6750.
pub(super) const BEARER: &str = "Bearer ";

/// Scheme of RFC 7617.
pub(super) const BASIC: &str = "Basic ";

impl fmt::Debug for RequestCredentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RequestCredentials")?;
        let headers = self.headers.iter().map(|it| it.name.as_str().to_owned());
        let query = self.query.iter().map(|(name, _)| format!("?{name}"));
        f.debug_list().entries(headers.chain(query)).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_sensitive_and_replaced_by_name() {
        let one = RequestCredentials::bearer(&Secret::new("a")).unwrap();
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
    fn last_value_of_a_place_counts_and_merging_keeps_the_first() {
        let name = HeaderName::from_static("x-token");
        let of = |secret: &str| {
            let secret = Secret::new(secret);
            let sent = RequestCredentials::new().with(name.clone(), &secret);
            sent.unwrap().with_query("key", &secret)
        };
        let secrets =
            |sent: &RequestCredentials| sent.secrets().map(str::to_owned).collect::<Vec<_>>();
        let secret = Secret::new("b");
        let replaced = of("a").with(name.clone(), &secret).unwrap();
        let mut sent = replaced.with_query("key", &secret);
        assert_eq!(secrets(&sent), ["b", "b"]);
        sent.merge(of("c"));
        assert_eq!(secrets(&sent), ["b", "b"]);
        sent.merge(RequestCredentials::new().with_query("other", &Secret::new("d")));
        assert_eq!(secrets(&sent), ["b", "b", "d"]);
    }

    #[test]
    fn scheme_is_not_part_of_the_secret() {
        for value in ["Bearer abc", "basic abc", "Token abc", "abc"] {
            let sent = RequestCredentials::new().with(header::AUTHORIZATION, &Secret::new(value));
            let sent = sent.unwrap();
            assert_eq!(sent.secrets().collect::<Vec<_>>(), ["abc"], "{value}");
        }
    }

    #[test]
    fn token_is_found_with_or_without_scheme() {
        let name = HeaderName::from_static("x-token");
        let headers = RequestCredentials::bearer(&Secret::new("a")).unwrap();
        let headers = headers.with(name, &Secret::new("b")).unwrap();
        for (token, expected) in [("a", true), ("b", true), ("Bearer a", true), ("c", false)] {
            assert_eq!(headers.contain(&Secret::new(token)), expected, "{token}");
        }
    }

    #[test]
    fn error_does_not_show_an_invalid_value() {
        let results = [
            RequestCredentials::bearer(&Secret::new("dapi\n")),
            RequestCredentials::new().with(header::COOKIE, &Secret::new("dapi\r\nx: y")),
        ];
        for result in results {
            let error = result.unwrap_err();
            assert!(!format!("{error} {error:?}").contains("dapi"), "{error:?}");
        }
    }
}
