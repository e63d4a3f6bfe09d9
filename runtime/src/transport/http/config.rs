//! Configuration of the network transport.

use std::fmt;

use ureq::Agent;
use ureq::http::HeaderValue;

use super::super::timeouts::Timeouts;
use super::Http;
use super::connect::TransportChain;
use super::resolve::DnsLookup;
use super::resolver::NoopResolver;
#[cfg(feature = "_tls")]
use super::tls::identity::ClientIdentity;
#[cfg(feature = "_tls")]
use super::tls::{self, Tls};
use crate::error::{Error, ErrorKind};

const USER_AGENT: &str = concat!("api-runtime/", env!("CARGO_PKG_VERSION"));

/// Choice of the proxy.
#[derive(Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Proxy {
    /// Proxy from the environment: the first of `ALL_PROXY`, `HTTPS_PROXY` and `HTTP_PROXY` that is
    /// a URL, except for the hosts in `NO_PROXY`.
    #[default]
    Environment,
    /// No proxy.
    None,
    /// Proxy at this URL, e.g. `http://user:password@proxy:8080` or `socks5://localhost`. Requests
    /// through HTTP proxies are tunneled (`CONNECT`), including those for `http` URLs.
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

/// Builder of an [`Http`] transport.
#[derive(Clone)]
#[must_use]
pub struct HttpBuilder {
    user_agent: String,
    timeouts: Timeouts,
    max_response_size: u64,
    proxy: Proxy,
    lookup: DnsLookup,
    #[cfg(feature = "_tls")]
    tls: Tls,
    #[cfg(feature = "_tls")]
    root_certs: Option<Vec<u8>>,
    #[cfg(feature = "_tls")]
    client_cert: Option<ClientIdentity>,
}

impl Default for HttpBuilder {
    fn default() -> Self {
        Self {
            user_agent: USER_AGENT.into(),
            timeouts: Timeouts::default(),
            max_response_size: 256 << 20,
            proxy: Proxy::default(),
            lookup: DnsLookup::system(),
            #[cfg(feature = "_tls")]
            tls: Tls::default(),
            #[cfg(feature = "_tls")]
            root_certs: None,
            #[cfg(feature = "_tls")]
            client_cert: None,
        }
    }
}

impl Http {
    /// Creates a builder with default settings.
    pub fn builder() -> HttpBuilder {
        HttpBuilder::default()
    }
}

impl HttpBuilder {
    /// Sets the `User-Agent` of requests that have none. The default is the name and version of this
    /// crate; an empty string omits the header.
    pub fn user_agent(mut self, user_agent: impl Into<String>) -> Self {
        self.user_agent = user_agent.into();
        self
    }

    /// Sets the timeouts of the phases of a request.
    pub fn timeouts(mut self, timeouts: Timeouts) -> Self {
        self.timeouts = timeouts;
        self
    }

    /// Sets the limit of a response body that is read into memory, in bytes after decompression.
    /// The default is 256 MiB.
    pub fn max_response_size(mut self, bytes: u64) -> Self {
        self.max_response_size = bytes;
        self
    }

    /// Sets the proxy. The default is [`Proxy::Environment`].
    pub fn proxy(mut self, proxy: Proxy) -> Self {
        self.proxy = proxy;
        self
    }

    /// Sets the TLS library and its default root certificates.
    #[cfg(feature = "_tls")]
    pub fn tls(mut self, tls: Tls) -> Self {
        self.tls = tls;
        self
    }

    /// Sets the trusted root certificates, in PEM format. They replace the default ones.
    #[cfg(feature = "_tls")]
    pub fn root_certs(mut self, pem: impl Into<Vec<u8>>) -> Self {
        self.root_certs = Some(pem.into());
        self
    }

    /// Sets the client certificate: the chain and its private key, in PEM format. Both may be in the
    /// same text.
    ///
    /// The key must not be encrypted. With `Tls::Native` it must be in PKCS #8 format
    /// (`BEGIN PRIVATE KEY`).
    #[cfg(feature = "_tls")]
    pub fn client_cert(mut self, chain: impl Into<Vec<u8>>, key: impl Into<Vec<u8>>) -> Self {
        self.client_cert = Some(ClientIdentity::new(chain.into(), key.into()));
        self
    }

    /// Replaces the DNS lookup.
    #[cfg(test)]
    pub(super) fn lookup(mut self, lookup: DnsLookup) -> Self {
        self.lookup = lookup;
        self
    }

    /// Builds the transport. Nothing is sent.
    ///
    /// # Errors
    ///
    /// Returns [`ErrorKind::InvalidInput`] if the user agent, the URL of the proxy, a certificate or
    /// a key is invalid.
    pub fn build(self) -> Result<Http, Error> {
        let validated = Validated {
            user_agent: HeaderValue::from_str(&self.user_agent).map_err(|_| {
                Error::before_sending(ErrorKind::InvalidInput, "invalid user agent")
            })?,
            proxy: proxy(&self.proxy)?,
            #[cfg(feature = "_tls")]
            tls: tls::config(
                self.tls,
                self.root_certs.as_deref(),
                self.client_cert.as_ref(),
            )?,
        };
        Ok(self.assemble(validated))
    }

    fn assemble(self, validated: Validated) -> Http {
        let user_agent = validated.user_agent;
        let config = Agent::config_builder()
            .http_status_as_error(false)
            // A redirect is returned as a response: following it could send credentials elsewhere.
            .max_redirects(0)
            // For `CONNECT` requests to proxies. Other requests already have the header.
            .user_agent(user_agent.to_str().unwrap_or_default())
            .max_idle_connections(64)
            .max_idle_connections_per_host(64)
            .proxy(validated.proxy);
        #[cfg(feature = "_tls")]
        let config = config.tls_config(validated.tls);
        let chain = TransportChain::new(self.lookup);
        Http {
            agent: Agent::with_parts(config.build(), chain, NoopResolver),
            timeouts: self.timeouts,
            max_response_size: self.max_response_size,
            user_agent: (!user_agent.is_empty()).then_some(user_agent),
        }
    }
}

/// Settings after validation.
struct Validated {
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
            .field("max_response_size", &self.max_response_size)
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
    // The messages do not contain the URL: it may contain a password.
    let proxy = ureq::Proxy::new(url)
        .map_err(|_| Error::before_sending(ErrorKind::InvalidInput, "invalid URL of the proxy"))?;
    if proxy.protocol() == ureq::ProxyProtocol::Https && !cfg!(feature = "_tls") {
        let text = "an https proxy requires a TLS feature, e.g. `rustls`";
        return Err(Error::before_sending(ErrorKind::InvalidInput, text));
    }
    Ok(Some(proxy))
}
