//! Authentication of requests.

use std::fmt;
use std::net::IpAddr;

use axum::http::HeaderMap;
use axum::http::header::{AUTHORIZATION, HOST, ORIGIN};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use subtle::{Choice, ConstantTimeEq};

/// Accepted credentials. If there are none, requests need no authentication.
pub(crate) struct Credentials {
    tokens: Vec<String>,
    users: Vec<(String, String)>,
}

/// Reason for rejecting a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum AuthError {
    /// No authorization header, or one with an unsupported scheme.
    Missing,
    /// Credentials that are not accepted.
    Invalid,
    /// A request from a web page to a server without credentials.
    WebPage,
}

/// Credentials of a request.
enum Authorization<'a> {
    Bearer(&'a str),
    Basic { name: String, password: String },
}

impl Credentials {
    pub(crate) fn new(tokens: Vec<String>, users: Vec<(String, String)>) -> Self {
        Self { tokens, users }
    }

    /// Checks the credentials of a request.
    pub(crate) fn authenticate(&self, headers: &HeaderMap) -> Result<(), AuthError> {
        if self.tokens.is_empty() && self.users.is_empty() {
            return reject_web_pages(headers);
        }
        let accepted = match authorization(headers).ok_or(AuthError::Missing)? {
            Authorization::Bearer(token) => self.accepts_token(token),
            // Databricks accepts a token as the password of any user name.
            Authorization::Basic { name, password } => {
                self.accepts_token(&password) | self.accepts_user(&name, &password)
            }
        };
        if accepted.into() {
            Ok(())
        } else {
            Err(AuthError::Invalid)
        }
    }

    // Both functions compare with every accepted credential, so that the time does not depend on
    // the one that matches.

    fn accepts_token(&self, token: &str) -> Choice {
        let tokens = self.tokens.iter();
        tokens.fold(Choice::from(0), |found, accepted| {
            found | equal(accepted, token)
        })
    }

    fn accepts_user(&self, name: &str, password: &str) -> Choice {
        let users = self.users.iter();
        users.fold(Choice::from(0), |found, accepted| {
            found | (equal(&accepted.0, name) & equal(&accepted.1, password))
        })
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Credentials")
    }
}

fn authorization(headers: &HeaderMap) -> Option<Authorization<'_>> {
    let value = headers.get(AUTHORIZATION)?.to_str().ok()?;
    let (scheme, credentials) = value.trim().split_once(' ')?;
    let credentials = credentials.trim();
    if scheme.eq_ignore_ascii_case("bearer") {
        return Some(Authorization::Bearer(credentials));
    }
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let decoded = String::from_utf8(STANDARD.decode(credentials).ok()?).ok()?;
    let (name, password) = decoded.split_once(':')?;
    Some(Authorization::Basic {
        name: name.to_owned(),
        password: password.to_owned(),
    })
}

/// Compares in a time that depends on the lengths only.
fn equal(accepted: &str, given: &str) -> Choice {
    accepted.as_bytes().ct_eq(given.as_bytes())
}

/// Rejects requests that a browser sends for a web page.
///
/// Without credentials, any page open in a browser on this machine could otherwise run code: forms
/// are posted to other origins without a preflight request. Browsers add `Origin` to such requests.
/// A page that reaches the server by DNS rebinding is same-origin, but has its own name in `Host`.
fn reject_web_pages(headers: &HeaderMap) -> Result<(), AuthError> {
    let host = headers.get(HOST).map(|host| host.to_str().unwrap_or("?"));
    let is_local = host.is_none_or(|host| is_address_or_localhost(without_port(host)));
    if headers.contains_key(ORIGIN) || !is_local {
        return Err(AuthError::WebPage);
    }
    Ok(())
}

fn without_port(host: &str) -> &str {
    match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    }
}

fn is_address_or_localhost(name: &str) -> bool {
    let address = name.trim_start_matches('[').trim_end_matches(']');
    name.eq_ignore_ascii_case("localhost") || address.parse::<IpAddr>().is_ok()
}

#[cfg(test)]
mod tests {
    use axum::http::header::{AUTHORIZATION, HOST, ORIGIN};
    use axum::http::{HeaderMap, HeaderName};

    use super::{AuthError, Credentials, equal};

    fn headers(header: HeaderName, value: &str) -> HeaderMap {
        HeaderMap::from_iter([(header, value.parse().unwrap())])
    }

    #[test]
    fn only_identical_credentials_are_equal() {
        assert!(bool::from(equal("secret", "secret")));
        for other in ["", "secre", "secret ", "Secret", "secret\0"] {
            assert!(!bool::from(equal("secret", other)), "{other:?}");
            assert!(!bool::from(equal(other, "secret")), "{other:?}");
        }
    }

    #[test]
    fn scheme_is_case_insensitive() {
        let credentials = Credentials::new(vec!["secret".to_owned()], Vec::new());
        for value in ["Bearer secret", "bearer secret", "BEARER  secret"] {
            assert_eq!(
                credentials.authenticate(&headers(AUTHORIZATION, value)),
                Ok(())
            );
        }
    }

    #[test]
    fn unsupported_authorization_is_missing_credentials() {
        let credentials = Credentials::new(vec!["secret".to_owned()], Vec::new());
        for value in ["", "secret", "Negotiate abc", "Basic ???", "Basic c2VjcmV0"] {
            let result = credentials.authenticate(&headers(AUTHORIZATION, value));
            assert_eq!(result, Err(AuthError::Missing), "{value:?}");
        }
    }

    #[test]
    fn server_without_credentials_accepts_programs_and_rejects_web_pages() {
        let open = Credentials::new(Vec::new(), Vec::new());
        assert_eq!(open.authenticate(&HeaderMap::new()), Ok(()));
        for host in [
            "127.0.0.1:8080",
            "localhost:1",
            "LOCALHOST",
            "[::1]:80",
            "127.0.0.2",
        ] {
            assert_eq!(open.authenticate(&headers(HOST, host)), Ok(()), "{host}");
        }
        for host in [
            "evil.example",
            "evil.example:80",
            "localhost.evil.example",
            "",
        ] {
            let result = open.authenticate(&headers(HOST, host));
            assert_eq!(result, Err(AuthError::WebPage), "{host}");
        }
        let page = headers(ORIGIN, "https://evil.example");
        assert_eq!(open.authenticate(&page), Err(AuthError::WebPage));
    }
}
