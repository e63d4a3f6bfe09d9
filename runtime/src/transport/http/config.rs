//! Settings of the network.

use std::fmt;
use std::time::Duration;

use ureq::Agent;
use ureq::http::HeaderValue;

use super::Http;
use super::connect::Chain;
use super::lookup::{Later, Lookup};
#[cfg(feature = "_tls")]
use super::tls::{self, Identity, Tls};
use crate::error::{Error, ErrorKind};

const USER_AGENT: &str = concat!("api-runtime/", env!("CARGO_PKG_VERSION"));

/// How long each phase of a request may take; `None` is for ever.
///
/// They bound phases, not the whole: a large upload may take its time as long as it moves. The
/// whole is bounded by a [`Deadline`](crate::transport::Deadline).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Timeouts {
    /// Until the connection stands, its look-up, its proxy and TLS included. 10 s unless set.
    pub connect: Option<Duration>,
    /// From the end of the request until the head of the answer. 60 s unless set.
    pub response: Option<Duration>,
    /// Each single write of a request, and read of an answer's body. 60 s unless set.
    pub idle: Option<Duration>,
}

impl Default for Timeouts {
    fn default() -> Self {
        let minute = Some(Duration::from_secs(60));
        Self {
            connect: Some(Duration::from_secs(10)),
            response: minute,
            idle: minute,
        }
    }
}

/// The proxy that requests go through.
#[derive(Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Proxy {
    /// That of the environment: the first of `ALL_PROXY`, `HTTPS_PROXY` and `HTTP_PROXY` that holds
    /// a URL, but for hosts in `NO_PROXY`.
    #[default]
    Environment,
    /// None.
    None,
    /// The one at this URL, as in `http://user:password@proxy:8080` or `socks5://localhost`. What
    /// goes through HTTP proxies is tunnelled (`CONNECT`), for `http` too.
    Url(String),
}

impl fmt::Debug for Proxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Environment => "Environment",
            Self::None => "None",
            // It may hold a password.
            Self::Url(_) => "Url(..)",
        })
    }
}

/// Settings of an [`Http`] that is to be.
#[derive(Clone)]
#[must_use]
pub struct HttpBuilder {
    user_agent: String,
    timeouts: Timeouts,
    max_answer: u64,
    proxy: Proxy,
    lookup: Lookup,
    #[cfg(feature = "_tls")]
    tls: Tls,
    #[cfg(feature = "_tls")]
    authorities: Option<Vec<u8>>,
    #[cfg(feature = "_tls")]
    identity: Option<Identity>,
}

impl Default for HttpBuilder {
    fn default() -> Self {
        Self {
            user_agent: USER_AGENT.into(),
            timeouts: Timeouts::default(),
            max_answer: 256 << 20,
            proxy: Proxy::default(),
            lookup: Lookup::system(),
            #[cfg(feature = "_tls")]
            tls: Tls::default(),
            #[cfg(feature = "_tls")]
            authorities: None,
            #[cfg(feature = "_tls")]
            identity: None,
        }
    }
}

impl HttpBuilder {
    /// What is sent as `User-Agent` with requests that have none; name and version of this crate
    /// unless set, and no such header if empty.
    pub fn user_agent(mut self, user_agent: impl Into<String>) -> Self {
        self.user_agent = user_agent.into();
        self
    }

    /// How long the phases of a call may take.
    pub fn timeouts(mut self, timeouts: Timeouts) -> Self {
        self.timeouts = timeouts;
        self
    }

    /// The size of the largest answer that is read, in bytes after decompression; 256 MiB unless
    /// set.
    pub fn max_answer(mut self, bytes: u64) -> Self {
        self.max_answer = bytes;
        self
    }

    /// The proxy; that of the environment unless set.
    pub fn proxy(mut self, proxy: Proxy) -> Self {
        self.proxy = proxy;
        self
    }

    /// What `https` is made with, and whom it trusts by itself.
    #[cfg(feature = "_tls")]
    pub fn tls(mut self, tls: Tls) -> Self {
        self.tls = tls;
        self
    }

    /// Trusts the authorities whose certificates are in this PEM text, and no others.
    #[cfg(feature = "_tls")]
    pub fn authorities(mut self, pem: impl Into<Vec<u8>>) -> Self {
        self.authorities = Some(pem.into());
        self
    }

    /// Shows this certificate to servers that ask for one: a chain and its private key, both as PEM
    /// texts, which may be the same one. The key must not be encrypted; where it is not rustls that
    /// reads it, it must be one of PKCS #8 (`BEGIN PRIVATE KEY`).
    #[cfg(feature = "_tls")]
    pub fn identity(mut self, chain: impl Into<Vec<u8>>, key: impl Into<Vec<u8>>) -> Self {
        self.identity = Some(Identity::new(chain.into(), key.into()));
        self
    }

    /// Finds addresses this way.
    #[cfg(test)]
    pub(super) fn lookup(mut self, lookup: Lookup) -> Self {
        self.lookup = lookup;
        self
    }

    /// Makes the transport. Nothing is sent.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidInput`] if the user agent cannot be sent, or the proxy's URL, a certificate or
    /// a key cannot be used.
    pub fn build(self) -> Result<Http, Error> {
        let checked = Checked {
            user_agent: HeaderValue::from_str(&self.user_agent).map_err(|_| {
                Error::before_sending(ErrorKind::InvalidInput, "the user agent cannot be sent")
            })?,
            proxy: proxy(&self.proxy)?,
            #[cfg(feature = "_tls")]
            tls: tls::config(
                self.tls,
                self.authorities.as_deref(),
                self.identity.as_ref(),
            )?,
        };
        Ok(self.assemble(checked))
    }

    fn assemble(self, checked: Checked) -> Http {
        let user_agent = checked.user_agent;
        let has_proxy = checked.proxy.is_some();
        let config = Agent::config_builder()
            .http_status_as_error(false)
            // An API has no business redirecting; a redirect is an answer to be told about.
            .max_redirects(0)
            // For proxies. Requests have it already.
            .user_agent(user_agent.to_str().unwrap_or_default())
            .max_idle_connections(64)
            .max_idle_connections_per_host(64)
            .proxy(checked.proxy);
        #[cfg(feature = "_tls")]
        let config = config.tls_config(checked.tls);
        let chain = Chain::new(self.lookup, has_proxy);
        Http {
            agent: Agent::with_parts(config.build(), chain, Later),
            timeouts: self.timeouts,
            max_answer: self.max_answer,
            user_agent: (!user_agent.is_empty()).then_some(user_agent),
        }
    }
}

/// Settings that were found to be good.
struct Checked {
    user_agent: HeaderValue,
    proxy: Option<ureq::Proxy>,
    #[cfg(feature = "_tls")]
    tls: ureq::tls::TlsConfig,
}

impl fmt::Debug for HttpBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpBuilder")
            .field("user_agent", &self.user_agent)
            .field("timeouts", &self.timeouts)
            .field("max_answer", &self.max_answer)
            .field("proxy", &self.proxy)
            .finish_non_exhaustive()
    }
}

fn proxy(choice: &Proxy) -> Result<Option<ureq::Proxy>, Error> {
    let url = match choice {
        Proxy::None => return Ok(None),
        Proxy::Environment => return Ok(ureq::Proxy::try_from_env()),
        Proxy::Url(url) => url,
    };
    // Neither text tells the URL: it may hold a password.
    let proxy = ureq::Proxy::new(url).map_err(|_| {
        Error::before_sending(
            ErrorKind::InvalidInput,
            "the URL of the proxy cannot be used",
        )
    })?;
    if proxy.protocol() == ureq::ProxyProtocol::Https && !cfg!(feature = "_tls") {
        let text = "a proxy behind https needs a feature for TLS, as `rustls`";
        return Err(Error::before_sending(ErrorKind::InvalidInput, text));
    }
    Ok(Some(proxy))
}
