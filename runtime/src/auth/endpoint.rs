//! URLs to which secrets are sent.

use ureq::http::Uri;

use crate::base_url::BaseUrl;
use crate::error::{Error, ErrorKind};

/// Parses a URL. It must use https, or be on this machine. `subject` names it in errors.
pub(super) fn parse(subject: &str, text: &str) -> Result<Uri, Error> {
    let invalid = |reason: &str| {
        Error::before_sending(ErrorKind::InvalidInput, format!("{subject} {reason}"))
    };
    let base = BaseUrl::parse(text).map_err(|error| {
        let message = error.message();
        invalid(message.strip_prefix("the base URL ").unwrap_or(message))
    })?;
    if base.is_exposed() {
        return Err(invalid("is plain http to another machine"));
    }
    text.parse().map_err(|_| invalid("is not a URL"))
}

/// Returns whether both URLs have the same scheme, host and port.
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
    fn plain_http_to_another_machine_is_rejected() {
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
            ("https://me:hunter2@a.net/", "it contains a user"),
            ("ftp://a.net/", "it must start with https://"),
            ("a", "it must start with https://"),
            ("", "it is not a URL"),
        ] {
            let error = parse("it", text).unwrap_err();
            assert!(error.message().starts_with(expected), "{text}: {error}");
            assert!(!error.message().contains("hunter2"));
        }
    }

    #[test]
    fn same_server_compares_scheme_host_and_port() {
        let same =
            |one: &str, other: &str| same_server(&one.parse().unwrap(), &other.parse().unwrap());
        assert!(same("https://a.net/x", "https://A.net:443/y"));
        assert!(same("http://a.net:80/x", "http://a.net"));
        for other in [
            "https://b.net",
            "http://a.net",
            "http://a.net:443",
            "https://a.net:1",
            "https://a.net.b",
        ] {
            assert!(!same("https://a.net", other), "{other}");
        }
    }
}
