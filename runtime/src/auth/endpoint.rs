//! Where secrets may be sent.

use ureq::http::Uri;

use crate::base::BaseUrl;
use crate::error::{Error, ErrorKind};

/// The URL, if it is one and nobody on the way can read what is sent there. The fault is told of
/// `what` it is.
pub(super) fn parse(what: &str, text: &str) -> Result<Uri, Error> {
    let invalid =
        |fault: &str| Error::before_sending(ErrorKind::InvalidInput, format!("{what} {fault}"));
    let base = BaseUrl::parse(text).map_err(|error| {
        let message = error.message();
        invalid(message.strip_prefix("the base URL ").unwrap_or(message))
    })?;
    if base.is_exposed() {
        return Err(invalid("is plain http to another machine"));
    }
    text.parse().map_err(|_| invalid("is not a URL"))
}

/// Whether both are on one server: scheme, host and port.
pub(super) fn same_server(one: &Uri, other: &Uri) -> bool {
    let port = |uri: &Uri| match (uri.port_u16(), uri.scheme_str()) {
        (Some(port), _) => Some(port),
        (None, Some("http")) => Some(80),
        (None, _) => Some(443),
    };
    let host = |uri: &Uri| uri.host().map(str::to_ascii_lowercase);
    one.scheme() == other.scheme() && host(one) == host(other) && port(one) == port(other)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_that_may_be_told_a_secret() {
        for text in [
            "https://a.net/token",
            "https://a.net:8443/token",
            "http://127.0.0.1:8080/token",
            "http://[::1]/token",
        ] {
            assert_eq!(parse("it", text).unwrap().to_string(), text);
        }
        for (text, expected) in [
            ("http://a.net/token", "it is plain http to another machine"),
            ("https://me:hunter2@a.net/", "it holds a user"),
            ("ftp://a.net/", "it must begin with https://"),
            ("a", "it must begin with https://"),
            ("", "it is not a URL"),
        ] {
            let error = parse("it", text).unwrap_err();
            assert!(error.message().starts_with(expected), "{text}: {error}");
            assert!(!error.message().contains("hunter2"));
        }
    }

    #[test]
    fn servers() {
        let same =
            |one: &str, other: &str| same_server(&one.parse().unwrap(), &other.parse().unwrap());
        assert!(same("https://a.net/x", "https://A.net:443/y"));
        assert!(same("http://a.net:80/x", "http://a.net"));
        for other in [
            "https://b.net",
            "http://a.net",
            "https://a.net:1",
            "https://a.net.b",
        ] {
            assert!(!same("https://a.net", other), "{other}");
        }
    }
}
