//! The client, and the one way that all calls take.

use std::fmt;
use std::sync::Arc;

use ureq::http::{HeaderValue, Request as HttpRequest, Uri, header};

use crate::answer::{self, Answer};
use crate::auth::Credentials;
use crate::base::BaseUrl;
use crate::clock::{Clock, Interrupt, SystemClock};
use crate::encode::{self, Request};
use crate::error::{Error, ErrorKind};
use crate::operation::Operation;
use crate::transport::{Body, Fault, Http, Sent, Timeouts, Transport, TransportError};

/// Uploads beyond this ask first (`expect: 100-continue`), so that a refusal is heard before the
/// whole of them is sent.
const ASK_FIRST: u64 = 1 << 20;

/// Calls the endpoints of an API at one base URL. Clones share their connections.
///
/// # Example
///
/// ```
/// use api_runtime::{Client, Credentials};
///
/// let client = Client::builder("https://example.com")
///     .credentials(Credentials::bearer("dapi0123")?)
///     .build()?;
/// # let _ = client;
/// # Ok::<(), api_runtime::Error>(())
/// ```
#[derive(Clone)]
pub struct Client(Arc<Inner>);

struct Inner {
    base: BaseUrl,
    credentials: Arc<Credentials>,
    authorization: Option<HeaderValue>,
    transport: Box<dyn Transport>,
    clock: Box<dyn Clock>,
    interrupt: Interrupt,
}

/// Settings of a [`Client`] that is to be.
#[derive(Debug)]
#[must_use]
pub struct ClientBuilder {
    base: String,
    credentials: Credentials,
    user_agent: String,
    timeouts: Timeouts,
    max_answer: u64,
    plain_http: bool,
    transport: Option<Box<dyn Transport>>,
    clock: Box<dyn Clock>,
    interrupt: Interrupt,
}

impl ClientBuilder {
    /// What is sent as `Authorization`; nothing unless set.
    pub fn credentials(mut self, credentials: Credentials) -> Self {
        self.credentials = credentials;
        self
    }

    /// What is sent as `User-Agent`; name and version of this crate unless set.
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

    /// Lets this handle end the client's waits.
    pub fn interrupt(mut self, interrupt: Interrupt) -> Self {
        self.interrupt = interrupt;
        self
    }

    /// Makes the client. Nothing is sent.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Input`] if the base URL is not one of HTTP, holds a user, a query or a
    /// fragment, or is plain `http://` to another machine without leave.
    pub fn build(self) -> Result<Client, Error> {
        let base = BaseUrl::parse(&self.base)?;
        if base.is_exposed() && !self.plain_http {
            return Err(Error::new(
                ErrorKind::Input,
                format!(
                    "{base} is plain http to another machine: use https, or allow it explicitly"
                ),
            ));
        }
        let authorization = self.credentials.header().map(|secret| {
            let mut value = HeaderValue::from_str(secret.expose())
                .map_err(|_| Error::new(ErrorKind::Input, "the credentials cannot be sent"))?;
            value.set_sensitive(true);
            Ok::<_, Error>(value)
        });
        let http = if base.is_local() {
            Http::direct
        } else {
            Http::new
        };
        let transport = self
            .transport
            .unwrap_or_else(|| Box::new(http(&self.user_agent, self.timeouts, self.max_answer)));
        Ok(Client(Arc::new(Inner {
            base,
            credentials: Arc::new(self.credentials),
            authorization: authorization.transpose()?,
            transport,
            clock: self.clock,
            interrupt: self.interrupt,
        })))
    }
}

impl Client {
    /// A client of the API below `base`, as in `https://example.com` or
    /// `http://127.0.0.1:8112`.
    pub fn builder(base: impl Into<String>) -> ClientBuilder {
        ClientBuilder {
            base: base.into(),
            credentials: Credentials::none(),
            user_agent: concat!("api-runtime/", env!("CARGO_PKG_VERSION")).into(),
            timeouts: Timeouts::default(),
            max_answer: 256 << 20,
            plain_http: false,
            transport: None,
            clock: Box::new(SystemClock),
            interrupt: Interrupt::new(),
        }
    }

    /// The base URL, without a slash at its end.
    pub fn base_url(&self) -> &str {
        self.0.base.as_str()
    }

    /// Who the client says to be.
    pub fn credentials(&self) -> &Credentials {
        &self.0.credentials
    }

    /// The handle that ends the client's waits.
    pub fn interrupt(&self) -> &Interrupt {
        &self.0.interrupt
    }

    /// The clock that waits go by.
    pub fn clock(&self) -> &dyn Clock {
        &*self.0.clock
    }

    /// Sends one request, once, and brings a good answer. Every call goes through here.
    ///
    /// # Errors
    ///
    /// Any but those of waits: see [`ErrorKind`].
    pub fn send(
        &self,
        operation: &'static Operation,
        request: &dyn Request,
    ) -> Result<Answer, Error> {
        let outcome = self
            .prepare(operation, request)
            .and_then(|request| self.0.transport.send(request).map_err(failure))
            .and_then(|response| answer::check(response, operation, &self.0.credentials));
        outcome.map_err(|error| error.with_operation(operation.name))
    }

    fn prepare(
        &self,
        operation: &'static Operation,
        request: &dyn Request,
    ) -> Result<HttpRequest<Body<'static>>, Error> {
        let (body, content_type) = encode::body(operation.format, request)?;
        let mut http = HttpRequest::new(body);
        *http.method_mut() = operation.method.clone();
        *http.uri_mut() = self.uri(operation, request)?;
        let length = match http.body() {
            Body::Stream { length, .. } => Some(*length),
            Body::Empty | Body::Bytes(_) => None,
        };
        let headers = http.headers_mut();
        if let Some(value) = &self.0.authorization {
            headers.insert(header::AUTHORIZATION, value.clone());
        }
        if let Some(content_type) = content_type {
            headers.insert(header::CONTENT_TYPE, content_type);
        }
        if let Some(length) = length {
            headers.insert(header::CONTENT_LENGTH, length.into());
            if length > ASK_FIRST {
                headers.insert(header::EXPECT, HeaderValue::from_static("100-continue"));
            }
        }
        Ok(http)
    }

    fn uri(&self, operation: &Operation, request: &dyn Request) -> Result<Uri, Error> {
        let query = encode::query(request);
        let base = self.0.base.as_str().as_bytes();
        let mut url = Vec::with_capacity(base.len() + operation.path.len() + query.len() + 1);
        url.extend_from_slice(base);
        url.extend_from_slice(operation.path.as_bytes());
        if !query.is_empty() {
            url.push(b'?');
            url.extend_from_slice(&query);
        }
        Uri::from_maybe_shared(url).map_err(|error| {
            Error::new(
                ErrorKind::Input,
                format!("the parameters do not fit into a URL: {error}"),
            )
        })
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("base_url", &self.base_url())
            .field("credentials", &self.0.credentials)
            .field("transport", &self.0.transport)
            .finish_non_exhaustive()
    }
}

fn failure(error: TransportError) -> Error {
    let processed = error.sent == Sent::Maybe;
    let (kind, message) = match (error.fault, error.sent) {
        (Fault::Request, _) => (
            ErrorKind::Input,
            format!("cannot be sent: {}", error.message),
        ),
        (Fault::Connect, _) | (Fault::Timeout, Sent::No) => (
            ErrorKind::Unreachable,
            format!("the server cannot be reached: {}", error.message),
        ),
        (Fault::Connection, _) => (
            ErrorKind::Interrupted,
            format!("the connection failed: {}", error.message),
        ),
        (Fault::Timeout, _) => (ErrorKind::TimedOut, error.message),
        (Fault::Answer, _) => (ErrorKind::NotUnderstood, error.message),
    };
    let ours = Error::new(kind, message).with_processed(processed);
    match error.source {
        Some(source) => ours.with_source(source),
        None => ours,
    }
}
