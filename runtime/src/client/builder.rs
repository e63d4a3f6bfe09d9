//! Builder of clients.

use std::fmt;
#[cfg(feature = "_tls")]
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use ureq::http::{HeaderMap, HeaderName, HeaderValue};

use super::Client;
use super::observe::{AttemptEvent, Observer};
use super::retry::RetryPolicy;
use super::shared::{Settings, Shared};
use crate::auth::Credentials;
use crate::base_url::BaseUrl;
use crate::clock::{Clock, Interrupt};
use crate::error::{Error, ErrorKind};
use crate::redact::Redactor;
#[cfg(feature = "_tls")]
use crate::transport::Tls;
use crate::transport::{
    Http, HttpBuilder, Inspection, NetworkVariables, Proxy, Timeouts, Transport,
};

/// Builder of a [`Client`], created by [`Client::builder`].
#[must_use]
pub struct ClientBuilder {
    base: String,
    credentials: Credentials,
    headers: Vec<(String, String)>,
    http: HttpBuilder,
    /// Set by `proxy` and `network_variables`. Otherwise, no proxy is used for this machine.
    has_proxy: bool,
    allows_plain_http: bool,
    transport: Option<Box<dyn Transport>>,
    clock: Option<Box<dyn Clock>>,
    settings: Settings,
    observer: Option<Observer>,
}

impl Client {
    /// Creates a builder of a client for the API at a base URL, e.g. `https://example.com` or
    /// `http://127.0.0.1:8112`.
    pub fn builder(base_url: impl Into<String>) -> ClientBuilder {
        ClientBuilder::new(base_url.into())
    }
}

impl ClientBuilder {
    fn new(base: String) -> Self {
        Self {
            base,
            credentials: Credentials::none(),
            headers: Vec::new(),
            http: Http::builder(),
            has_proxy: false,
            allows_plain_http: false,
            transport: None,
            clock: None,
            settings: Settings {
                interrupt: Interrupt::new(),
                retries: RetryPolicy::new(),
                timeout: None,
                deadline: None,
                grace: Duration::ZERO,
                timeouts: None,
                url: None,
            },
            observer: None,
        }
    }

    /// Sets another base URL, in place of the one in the spec: that of another region, of a server
    /// that callers host themselves, or of a server for tests.
    ///
    /// # Examples
    ///
    /// ```
    /// # fn builder() -> api_runtime::ClientBuilder { api_runtime::Client::builder("https://example.com") }
    /// // `builder` is generated from a spec with a `url`.
    /// let client = builder().base_url("http://127.0.0.1:8112").build()?;
    /// assert_eq!(client.base_url(), "http://127.0.0.1:8112");
    /// # Ok::<(), api_runtime::Error>(())
    /// ```
    pub fn base_url(mut self, base_url: impl Into<String>) -> Self {
        self.base = base_url.into();
        self
    }

    /// Sets the credentials. By default, requests have no credentials.
    pub fn credentials(mut self, credentials: Credentials) -> Self {
        self.credentials = credentials;
        self
    }

    /// Adds a header to all requests, except those for tokens. Headers of an operation and of the
    /// credentials take precedence.
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// Sets the `User-Agent` header. The default is the name and version of this crate.
    pub fn user_agent(mut self, user_agent: impl Into<String>) -> Self {
        self.http = self.http.user_agent(user_agent);
        self
    }

    /// Sets the timeouts of the phases of a request. They take precedence over those of the spec.
    pub fn timeouts(mut self, timeouts: Timeouts) -> Self {
        self.settings.timeouts = Some(timeouts);
        self.http = self.http.timeouts(timeouts);
        self
    }

    /// Sets the limit of a response body that is read into memory, in bytes after decompression.
    /// The default is 256 MiB.
    pub fn max_response_size(mut self, bytes: u64) -> Self {
        self.http = self.http.max_response_size(bytes);
        self
    }

    /// Sets the proxy. The default is [`Proxy::Environment`], and no proxy if the server is on this
    /// machine.
    pub fn proxy(mut self, proxy: Proxy) -> Self {
        self.http = self.http.proxy(proxy);
        self.has_proxy = true;
        self
    }

    /// Sets environment variables for proxies and root certificates, e.g. those of the process:
    /// [`NetworkVariables::from_process`]. [`proxy`](Self::proxy), `root_certs` and `ca_file` take
    /// precedence. By default, only the variables for proxies are used.
    ///
    /// As in curl, the variables for proxies then also apply to servers on this machine.
    pub fn network_variables(mut self, variables: NetworkVariables) -> Self {
        self.http = self.http.network_variables(variables);
        self.has_proxy = true;
        self
    }

    /// Sets the TLS library and its default root certificates.
    #[cfg(feature = "_tls")]
    pub fn tls(mut self, tls: Tls) -> Self {
        self.http = self.http.tls(tls);
        self
    }

    /// Sets the trusted root certificates, in PEM format. They replace the default ones.
    #[cfg(feature = "_tls")]
    pub fn root_certs(mut self, pem: impl Into<Vec<u8>>) -> Self {
        self.http = self.http.root_certs(pem);
        self
    }

    /// Sets the file of the trusted root certificates, in PEM format. They replace the default ones.
    /// The file is read when the client is built.
    #[cfg(feature = "_tls")]
    pub fn ca_file(mut self, path: impl Into<PathBuf>) -> Self {
        self.http = self.http.ca_file(path);
        self
    }

    /// Sets the client certificate: the chain and its private key, in PEM format. Both may be in the
    /// same text.
    ///
    /// The key must not be encrypted. With `Tls::Native` it must be in PKCS #8 format
    /// (`BEGIN PRIVATE KEY`).
    #[cfg(feature = "_tls")]
    pub fn client_cert(mut self, chain: impl Into<Vec<u8>>, key: impl Into<Vec<u8>>) -> Self {
        self.http = self.http.client_cert(chain, key);
        self
    }

    /// Allows `http://` URLs of other machines, and of this one through a proxy on another machine. The
    /// credentials are then sent unencrypted.
    pub fn allow_plain_http(mut self) -> Self {
        self.allows_plain_http = true;
        self
    }

    /// Sets the transport. The default sends requests over the network.
    pub fn transport(mut self, transport: impl Transport + 'static) -> Self {
        self.transport = Some(Box::new(transport));
        self
    }

    /// Sets the clock for deadlines, retries, waits and token lifetimes.
    pub fn clock(mut self, clock: impl Clock + 'static) -> Self {
        self.clock = Some(Box::new(clock));
        self
    }

    /// Sets the retry policy.
    pub fn retries(mut self, retries: RetryPolicy) -> Self {
        self.settings.retries = retries;
        self
    }

    /// Sets the timeout of a call, including all attempts and the delays between them. By default
    /// there is none, and only [`timeouts`](Self::timeouts) apply.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.settings.timeout = Some(timeout);
        self
    }

    /// Sets a function that is called after each attempt of each call, on the thread of the call.
    pub fn observe(mut self, observer: impl Fn(&AttemptEvent<'_>) + Send + Sync + 'static) -> Self {
        self.observer = Some(Box::new(observer));
        self
    }

    /// Sets the interrupt that cancels calls and waits.
    pub fn interrupt(mut self, interrupt: Interrupt) -> Self {
        self.settings.interrupt = interrupt;
        self
    }

    /// Connects to the server, if need be through a proxy, and closes the connection without a request. For
    /// diagnoses: the certificates of the server are returned, but not verified.
    ///
    /// `timeout` bounds the whole inspection. The errors of the connection are part of the result.
    ///
    /// # Errors
    ///
    /// Returns [`ErrorKind::InvalidInput`] as [`build`](Self::build) does, if the base URL, the proxy, a
    /// certificate or a key is invalid.
    ///
    /// # Examples
    ///
    /// ```no_run
    /// use std::time::Duration;
    /// use api_runtime::Client;
    ///
    /// let inspection = Client::builder("https://example.com").inspect(Duration::from_secs(10))?;
    /// println!("{:?}", inspection.address);
    /// # Ok::<(), api_runtime::Error>(())
    /// ```
    pub fn inspect(self, timeout: Duration) -> Result<Inspection, Error> {
        let base = self.parse_base()?;
        let http = network(self.http, &base, self.has_proxy, self.allows_plain_http)?;
        Ok(http.inspect(base.as_str(), timeout))
    }

    fn parse_base(&self) -> Result<BaseUrl, Error> {
        let base = BaseUrl::parse(&self.base)?;
        if base.is_exposed() && !self.allows_plain_http {
            return Err(Error::before_sending(
                ErrorKind::InvalidInput,
                format!(
                    "{base} is plain http to another machine: use https or allow it explicitly"
                ),
            ));
        }
        Ok(base)
    }

    /// Builds the client. Nothing is sent.
    ///
    /// # Errors
    ///
    /// Returns [`ErrorKind::InvalidInput`] if the base URL is not an HTTP URL, contains a user, a
    /// query or a fragment, or is an `http://` URL of another machine that was not
    /// [allowed](Self::allow_plain_http); or if the user agent, a header, the credentials, the proxy, a
    /// certificate, a key, or an environment variable that applies to the base URL is invalid.
    pub fn build(self) -> Result<Client, Error> {
        let base = self.parse_base()?;
        let transport = match self.transport {
            Some(transport) => transport,
            None => Box::new(network(
                self.http,
                &base,
                self.has_proxy,
                self.allows_plain_http,
            )?),
        };
        let shared = Shared {
            base,
            redactor: Redactor::new(self.credentials.fixed_secrets()),
            credentials: self.credentials,
            headers: parse_headers(&self.headers)?,
            transport,
            clock: self.clock,
            observer: self.observer,
        };
        Ok(Client {
            shared: Arc::new(shared),
            settings: self.settings,
        })
    }
}

/// The message does not contain an invalid value, which may be a secret.
fn parse_headers(headers: &[(String, String)]) -> Result<HeaderMap, Error> {
    let mut map = HeaderMap::with_capacity(headers.len());
    for (name, value) in headers {
        let invalid = |what| {
            let text = format!("invalid {what} of header `{}`", name.escape_debug());
            Error::before_sending(ErrorKind::InvalidInput, text)
        };
        let value = HeaderValue::from_str(value).map_err(|_| invalid("value"))?;
        let name = HeaderName::from_bytes(name.as_bytes()).map_err(|_| invalid("name"))?;
        map.insert(name, value);
    }
    Ok(map)
}

/// Builds the transport over the network, and checks that requests to the base URL can be sent.
fn network(
    http: HttpBuilder,
    base: &BaseUrl,
    has_proxy: bool,
    allows_plain_http: bool,
) -> Result<Http, Error> {
    if base.is_local() && !has_proxy {
        // A proxy on another machine cannot reach this one under a loopback address.
        return http.proxy(Proxy::None).build();
    }
    let http = http.build()?;
    let is_proxied = http.has_remote_proxy(base.as_str())?;
    if is_proxied && !base.is_https() && !allows_plain_http {
        return Err(Error::before_sending(
            ErrorKind::InvalidInput,
            format!(
                "{base} is plain http through a proxy on another machine: add the host to \
                 `NO_PROXY` or allow it explicitly"
            ),
        ));
    }
    Ok(http)
}

impl fmt::Debug for ClientBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientBuilder")
            .field("credentials", &self.credentials)
            .field("retries", &self.settings.retries)
            .field("http", &self.http)
            .finish_non_exhaustive()
    }
}
