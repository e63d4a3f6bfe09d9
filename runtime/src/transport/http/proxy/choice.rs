//! Choice of the proxy.

use std::fmt;

/// Choice of the proxy.
#[derive(Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Proxy {
    /// Proxies from environment variables, by the rules of curl that
    /// [`NetworkVariables`](crate::NetworkVariables) lists. The variables are those of the process,
    /// unless others are set.
    #[default]
    Environment,
    /// No proxy.
    None,
    /// Proxy at this URL, e.g. `http://user:password@proxy:8080` or `socks5://localhost`. The default
    /// port is 443 for `https` and 1080 otherwise. Requests through HTTP proxies are tunneled
    /// (`CONNECT`), including those for `http` URLs.
    Url(String),
}

impl fmt::Debug for Proxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Environment => "Environment",
            Self::None => "None",
            // The URL may contain a password.
            Self::Url(_) => "Url(..)",
        })
    }
}
