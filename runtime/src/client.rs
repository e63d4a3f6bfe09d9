//! The client, and the one way that all calls take.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant};

use ureq::http::{HeaderValue, Request as HttpRequest, Uri, header};

use crate::answer::{self, Answer};
use crate::auth::{Credentials, Exchange, Headers, Sender};
use crate::base::BaseUrl;
use crate::builder::ClientBuilder;
use crate::clock::{Clock, Interrupt};
use crate::curl;
use crate::encode::{self, Request};
use crate::error::{Error, ErrorKind, Passing};
use crate::observe::{self, Call, Observer};
use crate::operation::{Operation, Retry};
use crate::retry::{RetryPolicy, Tries};
use crate::transport::{Body, Fault, Limits, Sent, Timeouts, Transport, TransportError};

/// Bodies beyond this ask first (`expect: 100-continue`), so that a refusal is heard before the
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
pub struct Client {
    shared: Arc<Shared>,
    interrupt: Interrupt,
    retries: RetryPolicy,
    timeout: Option<Duration>,
    timeouts: Option<Timeouts>,
}

/// What clones have in common.
pub(crate) struct Shared {
    pub(crate) base: BaseUrl,
    pub(crate) credentials: Arc<Credentials>,
    pub(crate) authorization: Option<HeaderValue>,
    pub(crate) transport: Box<dyn Transport>,
    pub(crate) clock: Box<dyn Clock>,
    pub(crate) observer: Option<Observer>,
}

impl Client {
    /// A client of the API below `base`, as in `https://example.com` or
    /// `http://127.0.0.1:8112`.
    pub fn builder(base: impl Into<String>) -> ClientBuilder {
        ClientBuilder::new(base.into())
    }

    pub(crate) fn from_parts(
        shared: Shared,
        interrupt: Interrupt,
        retries: RetryPolicy,
        timeout: Option<Duration>,
    ) -> Self {
        Self {
            shared: Arc::new(shared),
            interrupt,
            retries,
            timeout,
            timeouts: None,
        }
    }

    /// The same client, trying its calls this often and long.
    #[must_use]
    pub fn retries(&self, retries: RetryPolicy) -> Self {
        Self {
            retries,
            ..self.clone()
        }
    }

    /// The same client, giving each call this long with all its tries; `None` is for ever.
    #[must_use]
    pub fn timeout(&self, timeout: Option<Duration>) -> Self {
        Self {
            timeout,
            ..self.clone()
        }
    }

    /// The same client, giving the phases of each try this long.
    #[must_use]
    pub fn timeouts(&self, timeouts: Timeouts) -> Self {
        Self {
            timeouts: Some(timeouts),
            ..self.clone()
        }
    }

    /// The same client, ended by another handle: for what must be cleaned up after an interrupt.
    #[must_use]
    pub fn with_interrupt(&self, interrupt: Interrupt) -> Self {
        Self {
            interrupt,
            ..self.clone()
        }
    }

    /// The base URL, without a slash at its end.
    pub fn base_url(&self) -> &str {
        self.shared.base.as_str()
    }

    /// Who the client says to be.
    pub fn credentials(&self) -> &Credentials {
        &self.shared.credentials
    }

    /// The handle that ends the client's waits.
    pub fn interrupt(&self) -> &Interrupt {
        &self.interrupt
    }

    /// The clock that waits go by.
    pub fn clock(&self) -> &dyn Clock {
        &*self.shared.clock
    }

    /// Makes a call and brings its good answer, after as many tries as its [`RetryPolicy`] and
    /// the class of the operation allow. Every call goes through here.
    ///
    /// # Errors
    ///
    /// Any but those of waits: see [`ErrorKind`].
    pub fn send(
        &self,
        operation: &'static Operation,
        request: &dyn Request,
    ) -> Result<Answer, Error> {
        self.tried(operation, request)
            .map_err(|error| error.with_operation(operation.name))
    }

    /// The request as a command line of curl, with the credentials masked: for bug reports. It
    /// shows the parameters and the body. Nothing is sent.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Input`] if the request cannot be written: a file cannot be read, say.
    ///
    /// # Example
    ///
    /// ```
    /// # mod api {
    /// #     #![allow(missing_docs)]
    /// #     api_runtime::api! { r#"
    /// #         [api]
    /// #         name = "Clock"
    /// #         doc = "Tells the time."
    /// #         [endpoints.time.show]
    /// #         doc = "Shows the time."
    /// #         http = "GET /time"
    /// #         query = { zone = "string" }
    /// #     "# }
    /// # }
    /// # use api::time;
    /// use api_runtime::{Client, Credentials};
    ///
    /// let client = Client::builder("https://example.com")
    ///     .credentials(Credentials::bearer("dapi0123")?)
    ///     .build()?;
    /// assert_eq!(
    ///     client.to_curl(time::Show::OPERATION, &time::Show::new("UTC"))?,
    ///     "curl -X GET 'https://example.com/time?zone=UTC' -H 'authorization: Bearer ***'"
    /// );
    /// # Ok::<(), api_runtime::Error>(())
    /// ```
    pub fn to_curl(
        &self,
        operation: &'static Operation,
        request: &dyn Request,
    ) -> Result<String, Error> {
        let headers = self.shared.credentials.placeholder();
        let prepared = self.prepare(operation, request, headers.as_ref());
        let prepared = prepared.map_err(|error| error.with_operation(operation.name))?;
        Ok(curl::command(
            &prepared,
            &encode::list(operation.format, request),
        ))
    }

    fn tried(&self, operation: &'static Operation, request: &dyn Request) -> Result<Answer, Error> {
        let mut tries = Tries::new(self, self.budget(), operation);
        let mut renewed = false;
        // A moment beyond what the clock can tell is never reached.
        let deadline = self
            .timeout
            .and_then(|timeout| Instant::now().checked_add(timeout));
        loop {
            if self.interrupt.is_raised() {
                return Err(Error::new(
                    ErrorKind::Interrupted,
                    "interrupted before it was sent",
                ));
            }
            let headers = match self.shared.credentials.authorize(&self.exchange()) {
                Ok(headers) => headers,
                Err(error) => {
                    tries.next(error)?;
                    continue;
                }
            };
            match self.try_once(
                operation,
                request,
                headers.as_ref(),
                tries.current(),
                deadline,
            ) {
                Ok(answer) => return Ok(answer),
                Err(error) if !renewed && self.renew(&error, headers.as_ref()) => {
                    renewed = true;
                    tries.again();
                }
                Err(error) => tries.next(error)?,
            }
        }
    }

    fn exchange(&self) -> Exchange<'_> {
        let Shared {
            transport, clock, ..
        } = &*self.shared;
        Exchange::new(&**transport, &**clock, &self.interrupt)
    }

    /// Whether the server refused the credentials, and others can be had.
    fn renew(&self, error: &Error, headers: Option<&Headers>) -> bool {
        let refused = error.status() == Some(401);
        refused && self.shared.credentials.renew(&self.exchange(), headers)
    }

    /// The policy, cut where the time of the whole call ends.
    fn budget(&self) -> RetryPolicy {
        match self.timeout {
            Some(timeout) => self.retries.within(timeout),
            None => self.retries,
        }
    }

    fn try_once(
        &self,
        operation: &'static Operation,
        request: &dyn Request,
        headers: Option<&Headers>,
        attempt: u32,
        deadline: Option<Instant>,
    ) -> Result<Answer, Error> {
        let request = self.prepare(operation, request, headers)?;
        let start = self.shared.clock.now();
        let limits = self.limits(operation, deadline);
        let sender = Sender {
            credentials: Arc::clone(&self.shared.credentials),
            own: headers.cloned(),
        };
        let response = self
            .shared
            .transport
            .send_within(request, limits)
            .map_err(failure);
        let status = response
            .as_ref()
            .ok()
            .map(|response| response.status().as_u16());
        let outcome = response.and_then(|response| answer::check(response, operation, sender));
        let elapsed = self.shared.clock.now().saturating_duration_since(start);
        let error = outcome.as_ref().err();
        self.tell(&Call {
            operation,
            attempt,
            status,
            elapsed,
            error,
        });
        outcome
    }

    /// What bounds a try. A call that must not go twice takes no connection that the server may be
    /// closing at this moment.
    fn limits(&self, operation: &Operation, deadline: Option<Instant>) -> Limits {
        Limits {
            deadline,
            interrupt: Some(self.interrupt.clone()),
            fresh_connection: operation.retry == Retry::Never,
            timeouts: self.timeouts,
        }
    }

    fn tell(&self, call: &Call<'_>) {
        observe::log(call);
        if let Some(observer) = &self.shared.observer {
            observer(call);
        }
    }

    fn prepare(
        &self,
        operation: &'static Operation,
        request: &dyn Request,
        own: Option<&Headers>,
    ) -> Result<HttpRequest<Body<'static>>, Error> {
        let (body, content_type) = encode::body(operation.format, request)?;
        let mut http = HttpRequest::new(body);
        *http.method_mut() = operation.method.clone();
        *http.uri_mut() = self.uri(operation, request)?;
        let length = http.body().length();
        let headers = http.headers_mut();
        if let Some(value) = &self.shared.authorization {
            headers.insert(header::AUTHORIZATION, value.clone());
        }
        if let Some(own) = own {
            own.write(headers);
        }
        if let Some(content_type) = content_type {
            headers.insert(header::CONTENT_TYPE, content_type);
        }
        if length > ASK_FIRST {
            headers.insert(header::EXPECT, HeaderValue::from_static("100-continue"));
        }
        Ok(http)
    }

    fn uri(&self, operation: &Operation, request: &dyn Request) -> Result<Uri, Error> {
        let query = encode::query(request);
        let base = self.shared.base.as_str().as_bytes();
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
            .field("credentials", &self.shared.credentials)
            .field("transport", &self.shared.transport)
            .finish_non_exhaustive()
    }
}

pub(crate) fn failure(error: TransportError) -> Error {
    let sent = error.sent == Sent::Maybe;
    let (kind, message) = match (error.fault, error.sent) {
        (Fault::Request, _) => (
            ErrorKind::Input,
            format!("cannot be sent: {}", error.message),
        ),
        (Fault::Connect | Fault::Timeout, Sent::No) => {
            let message = format!("the server cannot be reached: {}", error.message);
            (ErrorKind::Unreachable, message)
        }
        (Fault::Connect | Fault::Connection, _) => (
            ErrorKind::Disconnected,
            format!("the connection failed: {}", error.message),
        ),
        (Fault::Timeout, _) => (ErrorKind::TimedOut, error.message),
        (Fault::Interrupted, _) => (ErrorKind::Interrupted, error.message),
        (Fault::Answer, _) => (ErrorKind::NotUnderstood, error.message),
    };
    let passing = match (error.passes, error.sent) {
        (false, _) => Passing::Lasting,
        (true, Sent::No) => Passing::Unprocessed,
        (true, Sent::Maybe) => Passing::Unknown,
    };
    let ours = Error::new(kind, message)
        .with_processed(sent)
        .with_passing(passing);
    match error.source {
        Some(source) => ours.with_source(source),
        None => ours,
    }
}

#[cfg(test)]
mod tests;
