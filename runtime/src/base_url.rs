//! The base URL of a client.

use std::fmt;
use std::net::IpAddr;

use ureq::http::Uri;

use crate::error::{Error, ErrorKind};

/// A checked base URL, without a slash at its end.
pub(crate) struct BaseUrl {
    text: String,
    exposed: bool,
    local: bool,
}

impl BaseUrl {
    /// Checks what the URL library lets pass: a port beyond 65535 would silently become 80, a
    /// user in the URL would become a header.
    pub(crate) fn parse(text: &str) -> Result<Self, Error> {
        let uri: Uri = text
            .parse()
            .map_err(|error| invalid(&format!("is not a URL: {error}")))?;
        let secure = match uri.scheme_str() {
            Some("https") => true,
            Some("http") => false,
            _ => return Err(invalid("must begin with https:// or http://")),
        };
        let authority = uri.authority().ok_or_else(|| invalid("names no host"))?;
        if authority.as_str().contains('@') {
            return Err(invalid("holds a user: pass credentials instead"));
        }
        let host = authority.host();
        if host.is_empty() {
            return Err(invalid("names no host"));
        }
        if authority.as_str().len() > host.len() && authority.port_u16().is_none() {
            return Err(invalid("has a port that is none"));
        }
        if uri.query().is_some() || text.contains('#') {
            return Err(invalid("must end with its path: no query, no fragment"));
        }
        if !text.is_ascii() {
            return Err(invalid("holds characters that must be percent-encoded"));
        }
        let local = is_loopback(host);
        Ok(Self {
            exposed: !secure && !local,
            local,
            text: text.trim_end_matches('/').to_owned(),
        })
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.text
    }

    /// The URL that a server gave: a whole one, or one from its slash on. The fragment is dropped.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidInput`] if it leads to another server: credentials go to this one only.
    pub(crate) fn resolve(&self, link: &str) -> Result<String, Error> {
        let link = link.split('#').next().unwrap_or_default();
        let uri: Uri = link
            .parse()
            .map_err(|error| unfit(&format!("is not a URL: {error}")))?;
        // This one was parsed when the client was made.
        let base: Uri = self.text.parse().map_err(|_| unfit("has no base"))?;
        let origin = |uri: &Uri| {
            let port = uri.port_u16().unwrap_or(match uri.scheme_str() {
                Some("https") => 443,
                _ => 80,
            });
            let host = uri.host().map(str::to_ascii_lowercase);
            (uri.scheme().cloned(), host, port)
        };
        if uri.scheme().is_some() {
            let plain = uri.authority().is_some_and(|it| !it.as_str().contains('@'));
            if !plain || origin(&uri) != origin(&base) {
                return Err(unfit("leads to another server than the base URL"));
            }
            return Ok(link.to_owned());
        }
        if !link.starts_with('/') || link.starts_with("//") {
            return Err(unfit("begins neither with a scheme nor with one slash"));
        }
        let root = self.text.match_indices('/').nth(2);
        let root = root.map_or(&*self.text, |(at, _)| &self.text[..at]);
        Ok(format!("{root}{link}"))
    }

    /// Whether it is this machine.
    pub(crate) fn is_local(&self) -> bool {
        self.local
    }

    /// Whether what is sent there can be read on the way.
    pub(crate) fn is_exposed(&self) -> bool {
        self.exposed
    }
}

impl fmt::Display for BaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

fn is_loopback(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    host.eq_ignore_ascii_case("localhost")
        || bare
            .parse::<IpAddr>()
            .is_ok_and(|address| address.is_loopback())
}

/// The link itself is not shown either.
fn unfit(what: &str) -> Error {
    Error::before_sending(
        ErrorKind::InvalidInput,
        format!("the link to follow {what}"),
    )
}

/// The URL itself is not shown: it may hold a password.
fn invalid(what: &str) -> Error {
    Error::before_sending(ErrorKind::InvalidInput, format!("the base URL {what}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn good() {
        let cases = [
            ("https://example.com", "https://example.com", false),
            ("https://example.com/", "https://example.com", false),
            (
                "https://example.com:8443/prefix/",
                "https://example.com:8443/prefix",
                false,
            ),
            ("http://127.0.0.1:8112", "http://127.0.0.1:8112", false),
            ("http://[::1]:8112", "http://[::1]:8112", false),
            ("http://LOCALHOST", "http://LOCALHOST", false),
            ("http://example.com", "http://example.com", true),
            (
                "http://127.0.0.1.example.com",
                "http://127.0.0.1.example.com",
                true,
            ),
        ];
        for (given, text, exposed) in cases {
            let base = BaseUrl::parse(given).unwrap();
            assert_eq!(
                (base.as_str(), base.is_exposed()),
                (text, exposed),
                "{given}"
            );
        }
    }

    #[test]
    fn bad() {
        let cases = [
            ("", "is not a URL"),
            ("example.com", "must begin with"),
            ("/path", "must begin with"),
            ("ftp://example.com", "must begin with"),
            ("https://me:hunter2@example.com", "holds a user"),
            ("https://example.com:99999", "has a port that is none"),
            ("https://example.com:", "has a port that is none"),
            ("https://example.com?x=1", "no query"),
            ("https://example.com/#x", "no fragment"),
            ("https://exa mple.com", "is not a URL"),
            ("https://", "is not a URL"),
            ("https://example.com/é", "percent-encoded"),
        ];
        for (given, expected) in cases {
            let error = BaseUrl::parse(given).map(|_| ()).unwrap_err().to_string();
            assert!(error.contains(expected), "{given}: {error}");
            assert!(!error.contains("hunter2"));
        }
    }

    #[test]
    fn links_stay_at_the_server() {
        let base = BaseUrl::parse("https://Example.com/prefix").unwrap();
        let cases = [
            ("/a/b?c=d#e", Ok("https://Example.com/a/b?c=d")),
            ("https://example.com/a?b", Ok("https://example.com/a?b")),
            ("https://example.com:443/a", Ok("https://example.com:443/a")),
            ("http://example.com/a", Err("another server")),
            ("https://example.com:444/a", Err("another server")),
            ("https://example.com.evil.com/a", Err("another server")),
            ("https://me:hunter2@example.com/a", Err("another server")),
            ("//evil.com/a", Err("one slash")),
            ("evil.com", Err("one slash")),
            ("a/b", Err("not a URL")),
            ("", Err("not a URL")),
            ("/a b", Err("not a URL")),
        ];
        for (link, expected) in cases {
            let found = base.resolve(link).map_err(|error| error.to_string());
            match (&found, expected) {
                (Ok(found), Ok(expected)) => assert_eq!(found, expected, "{link}"),
                (Err(found), Err(expected)) => {
                    assert!(found.contains(expected), "{link}: {found}");
                    assert!(!found.contains("hunter2"));
                }
                _ => panic!("{link}: {found:?}"),
            }
        }
    }
}
