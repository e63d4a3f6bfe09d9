//! Environment variables that configure the network.

use std::collections::BTreeMap;
use std::env;
use std::ffi::{OsStr, OsString};
use std::fmt;

/// Environment variables for proxies and root certificates, for
/// [`ClientBuilder::network_variables`](crate::ClientBuilder::network_variables).
///
/// # Proxies
///
/// The rules are those of curl:
///
/// - `https_proxy` or `HTTPS_PROXY` is used for `https` URLs. `http_proxy` is used for `http` URLs, in
///   lower case only: for CGI programs, `HTTP_PROXY` is a header of the request. `all_proxy` or
///   `ALL_PROXY` is used if the variable of the scheme is not set. Lower case takes precedence, and
///   empty values count as not set.
/// - The value is `[SCHEME://][USER:PASSWORD@]HOST[:PORT]`. The scheme is `http` (default), `https`,
///   `socks4`, `socks4a`, `socks5` or `socks5h`; the last one resolves the host name of the server at
///   the proxy. The default port is 443 for `https` and 1080 otherwise. User and password are
///   percent-decoded. An invalid value is an error if the variable applies to the URL.
/// - `no_proxy` or `NO_PROXY` lists hosts that are contacted directly, separated by commas or white
///   space: `example.com` and `.example.com` match the domain and its subdomains, `192.0.2.7` and
///   `2001:db8::1` an address, `192.0.2.0/24` and `2001:db8::/32` a network. `*` alone matches all
///   hosts. Entries have no port. `localhost` and loopback addresses are not excluded by default.
///
/// # Root certificates
///
/// `SSL_CERT_FILE`, `CURL_CA_BUNDLE` and `REQUESTS_CA_BUNDLE` are files with certificates in PEM format;
/// the last one may be a directory, too. `SSL_CERT_DIR` is a list of directories, separated like `PATH`,
/// of which the files `*.pem`, `*.crt`, `*.cer` and those with hashed names (`5ed36f99.0`) are read.
///
/// All certificates of all these variables are trusted for `https`, instead of the default ones. It is
/// an error if a file cannot be read, contains no certificate, or contains a private key, and if
/// directories contain no certificate at all.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct NetworkVariables(BTreeMap<String, OsString>);

impl NetworkVariables {
    /// Names of the variables.
    pub const NAMES: &'static [&'static str] = &[
        "http_proxy",
        "https_proxy",
        "HTTPS_PROXY",
        "all_proxy",
        "ALL_PROXY",
        "no_proxy",
        "NO_PROXY",
        "SSL_CERT_FILE",
        "SSL_CERT_DIR",
        "CURL_CA_BUNDLE",
        "REQUESTS_CA_BUNDLE",
    ];

    /// Reads the variables of the process.
    pub fn from_process() -> Self {
        let pairs = Self::NAMES.iter().map(|name| (*name, env::var_os(name)));
        Self::from_pairs(pairs.filter_map(|(name, value)| Some((name, value?))))
    }

    /// Creates variables from names and values. Other names than [`NAMES`](Self::NAMES) are ignored.
    pub fn from_pairs<N, V>(pairs: impl IntoIterator<Item = (N, V)>) -> Self
    where
        N: Into<String>,
        V: Into<OsString>,
    {
        let pairs = pairs
            .into_iter()
            .map(|(name, value)| (name.into(), value.into()));
        Self(
            pairs
                .filter(|(name, _)| Self::NAMES.contains(&name.as_str()))
                .collect(),
        )
    }

    /// Returns the names and values of the variables that are set and not empty, without the user name and
    /// the password of a proxy.
    pub fn redacted(&self) -> impl Iterator<Item = (&'static str, String)> {
        Self::NAMES.iter().filter_map(|name| {
            let (_, value) = self.first(&[name])?;
            let value = value.to_string_lossy();
            let is_proxy = name.to_ascii_lowercase().ends_with("_proxy");
            Some((
                *name,
                if is_proxy {
                    without_user(&value)
                } else {
                    value.into_owned()
                },
            ))
        })
    }

    /// Returns the first of these variables that is set and not empty, with its name.
    pub(super) fn first<'a>(&self, names: &[&'a str]) -> Option<(&'a str, &OsStr)> {
        names.iter().find_map(|name| {
            let value = self.0.get(*name)?;
            (!value.is_empty()).then_some((*name, value.as_os_str()))
        })
    }
}

/// Replaces the user name and the password of a URL by `***`.
fn without_user(url: &str) -> String {
    let Some((user, host)) = url.rsplit_once('@') else {
        return url.to_owned();
    };
    let scheme = user.split_once("://").map_or("", |(scheme, _)| scheme);
    let separator = if scheme.is_empty() { "" } else { "://" };
    format!("{scheme}{separator}***@{host}")
}

impl fmt::Debug for NetworkVariables {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The URL of a proxy may contain a password.
        f.debug_set().entries(self.0.keys()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn user_and_password_of_a_proxy_are_redacted() {
        let pairs = [
            ("HTTPS_PROXY", "http://me:hunter2@proxy:3128"),
            ("ALL_PROXY", "me:hunt@er2@proxy"),
            ("NO_PROXY", "localhost"),
            ("SSL_CERT_FILE", "/a@b"),
            ("http_proxy", ""),
        ];
        let variables = NetworkVariables::from_pairs(pairs);
        let expected = [
            ("HTTPS_PROXY", "http://***@proxy:3128"),
            ("ALL_PROXY", "***@proxy"),
            ("NO_PROXY", "localhost"),
            ("SSL_CERT_FILE", "/a@b"),
        ];
        let expected = expected.map(|(name, value)| (name, value.to_owned()));
        assert_eq!(variables.redacted().collect::<Vec<_>>(), expected);
    }
}
