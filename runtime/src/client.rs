//! The client, and the one way that all calls take.

use std::fmt;
use std::io::{self, Write};
use std::sync::Arc;
use std::time::{Duration, Instant};

use ureq::http::{HeaderValue, Request as HttpRequest, Uri, header};

use crate::answer::{self, Answer};
use crate::auth::{Credentials, Exchange, Headers, Sender};
use crate::base::BaseUrl;
use crate::builder::ClientBuilder;
use crate::clock::{Clock, Interrupt};
use crate::codec::encode::{Request, RequestParts};
use crate::curl;
use crate::error::{Error, ErrorKind};
use crate::observe::{self, Call, Observer};
use crate::operation::{Operation, ResponseBody, Retry};
use crate::retry::{RetryPolicy, Tries, is_repeatable};
use crate::transport::{Body, Limits, Timeouts, Transport};

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
        timeouts: Option<Timeouts>,
    ) -> Self {
        Self {
            shared: Arc::new(shared),
            interrupt,
            retries,
            timeout,
            timeouts,
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
        self.tried(operation, request, None)
            .map_err(|error| of_operation(error, operation))
    }

    /// Like [`send`](Self::send), but writes the body of the answer to `into` while it comes, and
    /// tells how many bytes it had; the body of the [`Answer`] is empty. The size of the body is
    /// not bounded. Once a byte is written the call is not tried again.
    ///
    /// # Errors
    ///
    /// Those of [`send`](Self::send), and [`ErrorKind::Output`] if `into` fails. What was written
    /// until then stays written.
    pub fn send_into(
        &self,
        operation: &'static Operation,
        request: &dyn Request,
        into: &mut dyn Write,
    ) -> Result<(Answer, u64), Error> {
        let mut sink = Sink { into, written: 0 };
        self.tried(operation, request, Some(&mut sink))
            .map(|answer| (answer, sink.written))
            .map_err(|error| of_operation(error, operation))
    }

    /// The request as a command line of curl, with the credentials and all secrets masked: for bug reports. It
    /// shows the parameters and the body. Nothing is sent.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidInput`] if the request cannot be written: a file cannot be read, say.
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
        let placeholder = self.shared.credentials.placeholder();
        let headers = placeholder.filter(|_| !operation.unauthenticated);
        RequestParts::new(operation, request)
            .and_then(|parts| {
                let parts = parts.redacted();
                let prepared = self.prepare(operation, &parts, headers.as_ref())?;
                Ok(curl::command(&prepared, &parts.preview()?))
            })
            .map_err(|error| error.with_operation(operation.name))
    }

    fn tried(
        &self,
        operation: &'static Operation,
        request: &dyn Request,
        mut sink: Option<&mut Sink<'_>>,
    ) -> Result<Answer, Error> {
        let request = &RequestParts::new(operation, request)?;
        let mut tries = Tries::new(self, self.budget(), operation);
        let mut renewed = false;
        // A moment beyond what the clock can tell is never reached.
        let deadline = self
            .timeout
            .and_then(|timeout| Instant::now().checked_add(timeout));
        loop {
            if self.interrupt.is_raised() {
                let text = "interrupted before it was sent";
                return Err(tries.last(Error::before_sending(ErrorKind::Interrupted, text)));
            }
            let headers = match self.authorize(operation) {
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
                sink.as_deref_mut(),
            ) {
                Ok(answer) => return Ok(answer),
                Err(error) if !renewed && self.renew(operation, &error, headers.as_ref()) => {
                    renewed = true;
                    tries.again(&error);
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

    /// The headers of credentials that are not fixed.
    fn authorize(&self, operation: &Operation) -> Result<Option<Headers>, Error> {
        if operation.unauthenticated {
            return Ok(None);
        }
        self.shared.credentials.authorize(&self.exchange())
    }

    /// Whether the server refused the credentials, and others can be had.
    fn renew(&self, operation: &Operation, error: &Error, headers: Option<&Headers>) -> bool {
        let refused = error.status() == Some(401)
            && !operation.unauthenticated
            && is_repeatable(operation.retry, error);
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
        request: &RequestParts<'_>,
        headers: Option<&Headers>,
        attempt: u32,
        deadline: Option<Instant>,
        sink: Option<&mut Sink<'_>>,
    ) -> Result<Answer, Error> {
        let request = self.prepare(operation, request, headers)?;
        let start = self.shared.clock.now();
        let limits = self.limits(operation, deadline);
        let sender = Sender {
            credentials: Arc::clone(&self.shared.credentials),
            own: headers.cloned(),
        };
        let transport = &self.shared.transport;
        let response = match sink {
            None => transport.send_within(request, limits).map_err(Error::from),
            Some(sink) => {
                let response = transport.send_into(request, limits, &mut *sink);
                response.map_err(|error| match (Error::from(error), sink.written) {
                    (error, 0) => error,
                    // Another try would write the beginning once more.
                    (error, _) => error.with_transient(false),
                })
            }
        };
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
            timeouts: self.timeouts.or_else(|| described(operation)),
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
        request: &RequestParts<'_>,
        own: Option<&Headers>,
    ) -> Result<HttpRequest<Body<'static>>, Error> {
        let (body, content_type) = request.body()?;
        let mut http = HttpRequest::new(body);
        *http.method_mut() = operation.method.clone();
        *http.uri_mut() = self.uri(operation, request)?;
        let length = http.body().length();
        *http.headers_mut() = request.headers()?;
        let headers = http.headers_mut();
        if matches!(
            operation.response,
            ResponseBody::Text | ResponseBody::Bytes | ResponseBody::ByStatus
        ) {
            let any = HeaderValue::from_static("*/*");
            headers.entry(header::ACCEPT).or_insert(any);
        }
        let fixed = self.shared.authorization.as_ref();
        if let Some(value) = fixed.filter(|_| !operation.unauthenticated) {
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

    fn uri(&self, operation: &Operation, request: &RequestParts<'_>) -> Result<Uri, Error> {
        let query = request.query()?;
        let mut url = if operation.is_link() {
            let link = request.link()?;
            self.shared.base.resolve(&link)?.into_bytes()
        } else {
            let base = self.shared.base.as_str().as_bytes();
            let mut url = Vec::with_capacity(base.len() + operation.path.len() + query.len() + 32);
            url.extend_from_slice(base);
            request.path(url)?
        };
        if !query.is_empty() {
            let has_query = operation.is_link() && url.contains(&b'?');
            url.push(if has_query { b'&' } else { b'?' });
            url.extend_from_slice(&query);
        }
        Uri::from_maybe_shared(url).map_err(|error| {
            Error::before_sending(
                ErrorKind::InvalidInput,
                format!("the parameters do not fit into a URL: {error}"),
            )
        })
    }
}

fn of_operation(error: Error, operation: &Operation) -> Error {
    error
        .with_operation(operation.name)
        .with_changes_state(operation.retry != Retry::Safe)
}

/// What the description says of the time of an answer. Who sets timeouts of his own knows better.
fn described(operation: &Operation) -> Option<Timeouts> {
    let response = operation.timeout?;
    let usual = Timeouts::default();
    Some(Timeouts {
        response: Some(response),
        // Servers were seen to send the head at once, and to think before the body.
        idle: usual.idle.map(|idle| idle.max(response)),
        ..usual
    })
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

/// Where the body of an answer goes.
struct Sink<'a> {
    into: &'a mut dyn Write,
    written: u64,
}

impl Write for Sink<'_> {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        let length = self.into.write(buffer)?;
        self.written += length as u64;
        Ok(length)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.into.flush()
    }
}

#[cfg(test)]
mod tests;
