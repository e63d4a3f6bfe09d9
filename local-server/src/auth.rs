//! Who is let in.

use std::fmt;
use std::hint::black_box;
use std::net::IpAddr;

use axum::http::HeaderMap;
use axum::http::header::{AUTHORIZATION, HOST, ORIGIN};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// The credentials that are accepted; none at all lets every program in.
pub(crate) struct Credentials {
    tokens: Vec<String>,
    users: Vec<(String, String)>,
}

/// Why a request is not let in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Denied {
    /// No credential, or none of a kind known here.
    Missing,
    /// A credential that is not accepted.
    Wrong,
    /// It comes from a web page.
    WebPage,
}

enum Sent<'a> {
    Token(&'a str),
    User(String, String),
}

impl Credentials {
    pub(crate) fn new(tokens: Vec<String>, users: Vec<(String, String)>) -> Self {
        Self { tokens, users }
    }

    pub(crate) fn admit(&self, headers: &HeaderMap) -> Result<(), Denied> {
        if self.tokens.is_empty() && self.users.is_empty() {
            return admit_programs_only(headers);
        }
        let accepted = match sent(headers).ok_or(Denied::Missing)? {
            Sent::Token(token) => self.knows_token(token),
            Sent::User(name, password) => {
                self.knows_token(&password) | self.knows_user(&name, &password)
            }
        };
        if accepted { Ok(()) } else { Err(Denied::Wrong) }
    }

    fn knows_token(&self, sent: &str) -> bool {
        let known = self.tokens.iter();
        known.fold(false, |found, token| found | same(token, sent))
    }

    fn knows_user(&self, name: &str, password: &str) -> bool {
        self.users.iter().fold(false, |found, known| {
            found | (same(&known.0, name) & same(&known.1, password))
        })
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Credentials")
    }
}

fn sent(headers: &HeaderMap) -> Option<Sent<'_>> {
    let value = headers.get(AUTHORIZATION)?.to_str().ok()?;
    let (scheme, credential) = value.trim().split_once(' ')?;
    let credential = credential.trim();
    if scheme.eq_ignore_ascii_case("bearer") {
        return Some(Sent::Token(credential));
    }
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let decoded = String::from_utf8(STANDARD.decode(credential).ok()?).ok()?;
    let (name, password) = decoded.split_once(':')?;
    Some(Sent::User(name.to_owned(), password.to_owned()))
}

/// Takes as long for a near miss as for a far one.
fn same(known: &str, sent: &str) -> bool {
    let (known, sent) = (known.as_bytes(), sent.as_bytes());
    let differing = known
        .iter()
        .zip(sent.iter().chain(std::iter::repeat(&0)))
        .fold(0, |differing, (a, b)| black_box(differing | (a ^ b)));
    differing == 0 && known.len() == sent.len()
}

/// Where nobody has to prove who they are, any page open in a browser of this machine could have
/// code run here: a form may be posted to another site without asking. Browsers say so in `Origin`,
/// and a page whose own name was made to point here gives that name in `Host`.
fn admit_programs_only(headers: &HeaderMap) -> Result<(), Denied> {
    let host = headers.get(HOST).map(|host| host.to_str().unwrap_or("?"));
    let is_local = host.is_none_or(|host| is_address_or_localhost(without_port(host)));
    if headers.contains_key(ORIGIN) || !is_local {
        return Err(Denied::WebPage);
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

    use super::{Credentials, Denied, same};

    fn headers(header: HeaderName, value: &str) -> HeaderMap {
        HeaderMap::from_iter([(header, value.parse().unwrap())])
    }

    #[test]
    fn only_the_same_text_is_the_same() {
        assert!(same("secret", "secret"));
        for other in ["", "secre", "secret ", "Secret", "secret\0"] {
            assert!(!same("secret", other), "{other:?}");
            assert!(!same(other, "secret"), "{other:?}");
        }
    }

    #[test]
    fn the_scheme_is_told_without_regard_to_case() {
        let credentials = Credentials::new(vec!["secret".to_owned()], Vec::new());
        for value in ["Bearer secret", "bearer secret", "BEARER  secret"] {
            assert_eq!(credentials.admit(&headers(AUTHORIZATION, value)), Ok(()));
        }
    }

    #[test]
    fn what_is_no_credential_is_a_missing_one() {
        let credentials = Credentials::new(vec!["secret".to_owned()], Vec::new());
        for value in ["", "secret", "Negotiate abc", "Basic ???", "Basic c2VjcmV0"] {
            let admitted = credentials.admit(&headers(AUTHORIZATION, value));
            assert_eq!(admitted, Err(Denied::Missing), "{value:?}");
        }
    }

    #[test]
    fn without_credentials_programs_are_let_in_and_web_pages_are_not() {
        let anyone = Credentials::new(Vec::new(), Vec::new());
        assert_eq!(anyone.admit(&HeaderMap::new()), Ok(()));
        for host in [
            "127.0.0.1:8080",
            "localhost:1",
            "LOCALHOST",
            "[::1]:80",
            "127.0.0.2",
        ] {
            assert_eq!(anyone.admit(&headers(HOST, host)), Ok(()), "{host}");
        }
        for host in [
            "evil.example",
            "evil.example:80",
            "localhost.evil.example",
            "",
        ] {
            let admitted = anyone.admit(&headers(HOST, host));
            assert_eq!(admitted, Err(Denied::WebPage), "{host}");
        }
        let page = headers(ORIGIN, "https://evil.example");
        assert_eq!(anyone.admit(&page), Err(Denied::WebPage));
    }
}
