//! Making a client.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use ureq::http::HeaderValue;

use crate::auth::Credentials;
use crate::base::BaseUrl;
use crate::client::{Client, Shared};
use crate::clock::{Clock, Interrupt, SystemClock};
use crate::error::{Error, ErrorKind};
use crate::observe::{Call, Observer};
use crate::retry::RetryPolicy;
#[cfg(feature = "_tls")]
use crate::transport::Tls;
use crate::transport::{Http, HttpBuilder, Proxy, Timeouts, Transport};

/// Settings of a [`Client`] that is to be.
#[must_use]
pub struct ClientBuilder {
    base: String,
    credentials: Credentials,
    http: HttpBuilder,
    /// Whether a proxy was chosen: that of the environment is not for this machine.
    has_proxy: bool,
    plain_http: bool,
    transport: Option<Box<dyn Transport>>,
    clock: Box<dyn Clock>,
    interrupt: Interrupt,
    retries: RetryPolicy,
    timeout: Option<Duration>,
    timeouts: Option<Timeouts>,
    observer: Option<Observer>,
}

impl ClientBuilder {
    pub(crate) fn new(base: String) -> Self {
        Self {
            base,
            credentials: Credentials::none(),
            http: Http::builder(),
            has_proxy: false,
            plain_http: false,
            transport: None,
            clock: Box::new(SystemClock),
            interrupt: Interrupt::new(),
            retries: RetryPolicy::new(),
            timeout: None,
            timeouts: None,
            observer: None,
        }
    }

    /// Who the caller says to be: what is sent as `Authorization`, and with it by some; nothing
    /// unless set.
    pub fn credentials(mut self, credentials: Credentials) -> Self {
        self.credentials = credentials;
        self
    }

    /// What is sent as `User-Agent`; name and version of this crate unless set.
    pub fn user_agent(mut self, user_agent: impl Into<String>) -> Self {
        self.http = self.http.user_agent(user_agent);
        self
    }

    /// How long the phases of a call may take. They count more than what a description says of its
    /// endpoints.
    pub fn timeouts(mut self, timeouts: Timeouts) -> Self {
        self.timeouts = Some(timeouts);
        self.http = self.http.timeouts(timeouts);
        self
    }

    /// The size of the largest answer that is read, in bytes after decompression; 256 MiB unless
    /// set.
    pub fn max_answer(mut self, bytes: u64) -> Self {
        self.http = self.http.max_answer(bytes);
        self
    }

    /// The proxy that requests go through; unless set that of the environment, and none if the
    /// server is on this machine.
    pub fn proxy(mut self, proxy: Proxy) -> Self {
        self.http = self.http.proxy(proxy);
        self.has_proxy = true;
        self
    }

    /// What `https` is made with, and whom it trusts by itself.
    #[cfg(feature = "_tls")]
    pub fn tls(mut self, tls: Tls) -> Self {
        self.http = self.http.tls(tls);
        self
    }

    /// Trusts the authorities whose certificates are in this PEM text, and no others.
    #[cfg(feature = "_tls")]
    pub fn authorities(mut self, pem: impl Into<Vec<u8>>) -> Self {
        self.http = self.http.authorities(pem);
        self
    }

    /// Shows this certificate to servers that ask for one: a chain and its private key, both as
    /// PEM texts, which may be the same one. The key must not be encrypted; where it is not rustls
    /// that reads it, it must be one of PKCS #8 (`BEGIN PRIVATE KEY`).
    #[cfg(feature = "_tls")]
    pub fn identity(mut self, chain: impl Into<Vec<u8>>, key: impl Into<Vec<u8>>) -> Self {
        self.http = self.http.identity(chain, key);
        self
    }

    /// Allows `http://` to hosts beyond this machine. Whoever listens in between then reads the
    /// credentials.
    pub fn allow_plain_http(mut self) -> Self {
        self.plain_http = true;
        self
    }

    /// Sends requests this way, not over the network.
    pub fn transport(mut self, transport: impl Transport + 'static) -> Self {
        self.transport = Some(Box::new(transport));
        self
    }

    /// Lets waits go by this clock.
    pub fn clock(mut self, clock: impl Clock + 'static) -> Self {
        self.clock = Box::new(clock);
        self
    }

    /// How often and how long a call is tried.
    pub fn retries(mut self, retries: RetryPolicy) -> Self {
        self.retries = retries;
        self
    }

    /// How long a call may take with all its tries; for ever unless set. The single phases are
    /// bounded by [`timeouts`](Self::timeouts) as well.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self
    }

    /// Lets `observer` see every try of every call, as for metrics. It is called on the thread of
    /// the call, after each try.
    pub fn observe(mut self, observer: impl Fn(&Call<'_>) + Send + Sync + 'static) -> Self {
        self.observer = Some(Box::new(observer));
        self
    }

    /// Lets this handle end the client's calls and waits.
    pub fn interrupt(mut self, interrupt: Interrupt) -> Self {
        self.interrupt = interrupt;
        self
    }

    /// Makes the client. Nothing is sent.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidInput`] if the base URL is not one of HTTP, holds a user, a query or a
    /// fragment, or is plain `http://` to another machine without leave; or if the user agent, the
    /// credentials, the proxy, a certificate or a key cannot be used.
    pub fn build(self) -> Result<Client, Error> {
        let base = BaseUrl::parse(&self.base)?;
        if base.is_exposed() && !self.plain_http {
            return Err(Error::before_sending(
                ErrorKind::InvalidInput,
                format!(
                    "{base} is plain http to another machine: use https, or allow it explicitly"
                ),
            ));
        }
        let authorization = self.credentials.header().map(|secret| {
            let mut value = HeaderValue::from_str(secret.expose()).map_err(|_| {
                Error::before_sending(ErrorKind::InvalidInput, "the credentials cannot be sent")
            })?;
            value.set_sensitive(true);
            Ok::<_, Error>(value)
        });
        let transport = match self.transport {
            Some(transport) => transport,
            // A proxy elsewhere would not find this machine, and has no business with what is
            // said to it.
            None if base.is_local() && !self.has_proxy => {
                Box::new(self.http.proxy(Proxy::None).build()?)
            }
            None => Box::new(self.http.build()?),
        };
        let shared = Shared {
            base,
            credentials: Arc::new(self.credentials),
            authorization: authorization.transpose()?,
            transport,
            clock: self.clock,
            observer: self.observer,
        };
        Ok(Client::from_parts(
            shared,
            self.interrupt,
            self.retries,
            self.timeout,
            self.timeouts,
        ))
    }
}

impl fmt::Debug for ClientBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientBuilder")
            .field("credentials", &self.credentials)
            .field("retries", &self.retries)
            .field("http", &self.http)
            .finish_non_exhaustive()
    }
}
