//! Configuration of the network transport.

use std::fmt;
#[cfg(feature = "_tls")]
use std::path::PathBuf;
use std::sync::Arc;

use ureq::Agent;
use ureq::http::HeaderValue;

use super::super::timeouts::Timeouts;
use super::super::variables::NetworkVariables;
use super::Http;
use super::connect::TransportChain;
use super::proxy::{Proxy, ProxyRules};
use super::resolve::DnsLookup;
use super::resolver::NoopResolver;
use super::routes::Routes;
#[cfg(feature = "_tls")]
use super::tls::identity::ClientIdentity;
#[cfg(feature = "_tls")]
use super::tls::root_certs::RootCerts;
#[cfg(feature = "_tls")]
use super::tls::{self, Tls};
use crate::error::{Error, ErrorKind};

const USER_AGENT: &str = concat!("api-runtime/", env!("CARGO_PKG_VERSION"));

/// Builder of an [`Http`] transport.
#[derive(Clone)]
#[must_use]
pub struct HttpBuilder {
    user_agent: String,
    timeouts: Timeouts,
    max_response_size: u64,
    proxy: Proxy,
    variables: Option<NetworkVariables>,
    lookup: DnsLookup,
    #[cfg(feature = "_tls")]
    tls: Tls,
    #[cfg(feature = "_tls")]
    root_certs: Option<RootCerts>,
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
            variables: None,
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

    /// Sets environment variables for proxies and root certificates, instead of the proxies from the
    /// environment of the process and the default root certificates. Explicit settings take
    /// precedence.
    pub fn network_variables(mut self, variables: NetworkVariables) -> Self {
        self.variables = Some(variables);
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
        self.root_certs = Some(RootCerts::Pem(pem.into()));
        self
    }

    /// Sets the file of the trusted root certificates, in PEM format. They replace the default ones.
    /// The file is read when the transport is built.
    #[cfg(feature = "_tls")]
    pub fn ca_file(mut self, path: impl Into<PathBuf>) -> Self {
        self.root_certs = Some(RootCerts::File(path.into()));
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
    /// a key is invalid, or if the CA file cannot be read. Invalid environment variables are errors of
    /// the requests that they apply to.
    pub fn build(self) -> Result<Http, Error> {
        let user_agent = HeaderValue::from_str(&self.user_agent)
            .map_err(|_| Error::before_sending(ErrorKind::InvalidInput, "invalid user agent"))?;
        #[cfg(feature = "_tls")]
        let tls = tls::Setup::new(
            self.tls,
            self.root_certs.as_ref(),
            self.variables.as_ref(),
            self.client_cert.as_ref(),
        )?;
        let agent = |proxy: Option<ureq::Proxy>| {
            let chain = TransportChain::new(self.lookup.clone());
            let config = Agent::config_builder()
                .http_status_as_error(false)
                // A redirect is returned as a response: following it could send credentials elsewhere.
                .max_redirects(0)
                .allow_non_standard_methods(true)
                // For `CONNECT` requests to proxies. Other requests already have the header.
                .user_agent(user_agent.to_str().unwrap_or_default())
                .max_idle_connections(64)
                .max_idle_connections_per_host(64)
                .proxy(proxy);
            #[cfg(feature = "_tls")]
            let config = config.tls_config(tls.config.clone());
            Agent::with_parts(config.build(), chain, NoopResolver)
        };
        let routes = Routes {
            direct: agent(None),
            proxies: ProxyRules::new(&self.proxy, self.variables.as_ref(), &|proxy| {
                agent(Some(proxy))
            })?,
            #[cfg(feature = "_tls")]
            trust: tls.trust,
        };
        Ok(Http {
            routes: Arc::new(routes),
            timeouts: self.timeouts,
            max_response_size: self.max_response_size,
            user_agent: (!user_agent.is_empty()).then_some(user_agent),
        })
    }
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
