//! The interface between the client and its transport.

use std::fmt;
use std::io::Write;
use std::time::{Duration, Instant};

use ureq::http::{Request, Response};

use super::body::Body;
use super::error::TransportError;
use super::stream::{BodyStream, ReceivedBody};
use super::timeouts::Timeouts;
use crate::clock::Interrupt;

/// A way to send requests.
///
/// An implementation sends each request at most once and follows no redirects.
pub trait Transport: fmt::Debug + Send + Sync {
    /// Sends a request and returns the response, whatever its status code.
    ///
    /// Implementations may ignore [`Call::limits`] and [`Call::sink`].
    ///
    /// # Errors
    ///
    /// Returns an error if there is no complete response. A 4xx response counts as complete even if
    /// its body is cut off.
    fn send(&self, call: Call<'_>) -> Result<Response<Vec<u8>>, TransportError>;

    /// Sends a request and returns the response once its head has arrived. The body of a successful
    /// (2xx) response is read while it arrives.
    ///
    /// The default implementation reads the whole body first.
    ///
    /// # Errors
    ///
    /// Returns the errors of [`send`](Self::send).
    fn open(&self, call: Call<'_>) -> Result<Response<Box<dyn BodyStream>>, TransportError> {
        let response = self.send(call)?;
        Ok(response.map(|body| Box::new(ReceivedBody::new(body)) as Box<dyn BodyStream>))
    }
}

/// A request with its limits and the destination of the response body.
///
/// # Examples
///
/// ```
/// use std::time::{Duration, Instant};
/// use api_runtime::http::Request;
/// use api_runtime::transport::{Body, Call, Scripted, Transport as _};
///
/// let request = Request::get("https://example.com/time").body(Body::Empty)?;
/// let mut call = Call::new(request);
/// call.limits.deadline = Some(Instant::now() + Duration::from_secs(30));
/// let response = Scripted::new().respond(200, "12:00").send(call)?;
/// assert_eq!(response.body(), b"12:00");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[non_exhaustive]
pub struct Call<'a> {
    /// The request. Its URI is absolute.
    pub request: Request<Body<'a>>,
    /// Limits of this request.
    pub limits: Limits,
    /// Destination of the body of a successful (2xx) response, which then has an empty body.
    ///
    /// A transport that ignores it returns the body in the response. The client then writes it to
    /// the destination.
    pub sink: Option<&'a mut dyn Write>,
}

impl<'a> Call<'a> {
    /// Creates a call without limits and without a sink.
    pub fn new(request: Request<Body<'a>>) -> Self {
        Self {
            request,
            limits: Limits::default(),
            sink: None,
        }
    }
}

impl fmt::Debug for Call<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let request = &self.request;
        // The query may contain a key.
        let url = request.uri().to_string();
        let url = match url.split_once('?') {
            Some((path, _)) => format!("{path}?***"),
            None => url,
        };
        f.debug_struct("Call")
            .field("method", request.method())
            .field("url", &url)
            .field("headers", request.headers())
            .field("body", request.body())
            .field("limits", &self.limits)
            .finish_non_exhaustive()
    }
}

/// Limits of one request.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Limits {
    /// Deadline of the whole request. It cuts the timeouts of the phases short.
    pub deadline: Option<Instant>,
    /// Handle that cancels the request: before it is sent if it is already raised, and soon after
    /// it is raised otherwise.
    pub interrupt: Option<Interrupt>,
    /// Time after the deadline or the interrupt for which the response is awaited if a byte of the
    /// request has been sent. See [`Client::grace`](crate::Client::grace).
    pub grace: Duration,
    /// Current time of the [`Clock`](crate::Clock) to which `deadline` refers; `None` is the clock of
    /// the operating system. A transport in real time converts the deadline with it.
    pub now: Option<Instant>,
    /// Requires a connection that was idle for less than a second, or a new one.
    ///
    /// Servers close idle connections. A request on a connection that is being closed fails, and
    /// it is unknown whether it was processed. This matters for requests that must not be
    /// sent twice.
    pub fresh_connection: bool,
    /// Timeouts of the phases, instead of those of the transport.
    pub timeouts: Option<Timeouts>,
}

impl Limits {
    /// Returns the time at which the request is canceled, for transports that simulate time: the
    /// deadline or the time of the interrupt, whichever is earlier, and later by the grace if
    /// `is_sent`, i.e. if a byte of the request has been sent.
    pub fn end(&self, is_sent: bool) -> Option<Instant> {
        let raised_at = self.interrupt.as_ref().and_then(Interrupt::raised_at);
        let end = self.deadline.into_iter().chain(raised_at).min()?;
        if is_sent {
            end.checked_add(self.grace)
        } else {
            Some(end)
        }
    }
}
