//! Base URLs of clients.

use std::fmt;
use std::net::IpAddr;

use ureq::http::Uri;

use crate::error::{Error, ErrorKind};

/// A validated base URL, without a trailing slash.
pub(crate) struct BaseUrl {
    text: String,
    is_https: bool,
    is_local: bool,
}

impl BaseUrl {
    /// Parses and validates a base URL.
    ///
    /// Some checks are for input that the `http` crate accepts: a port above 65535 would silently
    /// become 80, and a user in the URL would become a header.
    pub(crate) fn parse(text: &str) -> Result<Self, Error> {
        let uri: Uri = text
            .parse()
            .map_err(|error| invalid(&format!("is not a URL: {error}")))?;
        let is_https = match uri.scheme_str() {
            Some("https") => true,
            Some("http") => false,
            _ => return Err(invalid("must start with https:// or http://")),
        };
        let authority = uri.authority().ok_or_else(|| invalid("has no host"))?;
        if authority.as_str().contains('@') {
            return Err(invalid("contains a user: pass credentials instead"));
        }
        let host = authority.host();
        if host.is_empty() {
            return Err(invalid("has no host"));
        }
        if authority.as_str().len() > host.len() && authority.port_u16().is_none() {
            return Err(invalid("has an invalid port"));
        }
        if uri.query().is_some() || text.contains('#') {
            return Err(invalid("must not have a query or a fragment"));
        }
        if !text.is_ascii() {
            return Err(invalid("contains characters that must be percent-encoded"));
        }
        let is_local = is_loopback(host);
        Ok(Self {
            is_https,
            is_local,
            text: text.trim_end_matches('/').to_owned(),
        })
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.text
    }

    /// Resolves a link of the server, which is an absolute URL or starts with a slash. The fragment
    /// is dropped.
    ///
    /// # Errors
    ///
    /// Returns [`ErrorKind::InvalidInput`] if the link leads to another server, as the credentials
    /// are for this one only.
    pub(crate) fn resolve(&self, link: &str) -> Result<String, Error> {
        let link = link.split('#').next().unwrap_or_default();
        let uri: Uri = link
            .parse()
            .map_err(|error| invalid_link(&format!("is not a URL: {error}")))?;
        // The base URL was validated when the client was built.
        let base: Uri = self
            .text
            .parse()
            .map_err(|_| invalid_link("has an invalid base URL"))?;
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
                return Err(invalid_link("leads to another server than the base URL"));
            }
            return Ok(link.to_owned());
        }
        if !link.starts_with('/') || link.starts_with("//") {
            return Err(invalid_link(
                "starts neither with a scheme nor with a single slash",
            ));
        }
        let root = self.text.match_indices('/').nth(2);
        let root = root.map_or(&*self.text, |(at, _)| &self.text[..at]);
        Ok(format!("{root}{link}"))
    }

    /// Returns whether the host is this machine.
    pub(crate) fn is_local(&self) -> bool {
        self.is_local
    }

    /// Returns whether requests are sent unencrypted to another machine.
    pub(crate) fn is_exposed(&self) -> bool {
        !self.is_https && !self.is_local
    }

    /// Returns whether requests are encrypted.
    pub(crate) fn is_https(&self) -> bool {
        self.is_https
    }
}

impl fmt::Display for BaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// Returns whether a host of a URL is this machine.
pub(crate) fn is_loopback(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    host.eq_ignore_ascii_case("localhost")
        || bare
            .parse::<IpAddr>()
            .is_ok_and(|address| address.is_loopback())
}

/// The message does not contain the link either.
fn invalid_link(what: &str) -> Error {
    Error::before_sending(
        ErrorKind::InvalidInput,
        format!("the link to follow {what}"),
    )
}

/// The message does not contain the URL, which may contain a password.
fn invalid(what: &str) -> Error {
    Error::before_sending(ErrorKind::InvalidInput, format!("the base URL {what}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn valid_base_urls_are_accepted() {
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
    fn invalid_base_urls_are_rejected() {
        let cases = [
            ("", "is not a URL"),
            ("example.com", "must start with"),
            ("/path", "must start with"),
            ("ftp://example.com", "must start with"),
            ("https://me:hunter2@example.com", "contains a user"),
            ("https://example.com:99999", "has an invalid port"),
            ("https://example.com:", "has an invalid port"),
            ("https://example.com?x=1", "must not have a query"),
            ("https://example.com/#x", "a fragment"),
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
    fn links_to_other_servers_are_rejected() {
        let base = BaseUrl::parse("https://Example.com/prefix").unwrap();
        let cases = [
            ("/a/b?c=d#e", Ok("https://Example.com/a/b?c=d")),
            ("https://example.com/a?b", Ok("https://example.com/a?b")),
            ("https://example.com:443/a", Ok("https://example.com:443/a")),
            ("http://example.com/a", Err("another server")),
            ("https://example.com:444/a", Err("another server")),
            ("https://example.com.evil.com/a", Err("another server")),
            ("https://me:hunter2@example.com/a", Err("another server")),
            ("//evil.com/a", Err("a single slash")),
            ("evil.com", Err("a single slash")),
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
