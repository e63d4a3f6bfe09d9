//! The client.

mod attempt;
pub(crate) mod builder;
pub(crate) mod by_name;
mod call;
pub(crate) mod curl;
mod event_error;
mod event_reader;
mod event_response;
pub(crate) mod events;
mod events_by_name;
mod link_header;
pub(crate) mod observe;
pub(crate) mod page_cursor;
pub(crate) mod pages;
pub(crate) mod polls;
pub(crate) mod preview;
pub(crate) mod progress;
mod refusal;
mod request;
pub(crate) mod response;
pub(crate) mod response_headers;
mod resume;
pub(crate) mod retry;
mod schedule;
mod shared;
mod shown;
mod sink;
#[cfg(test)]
mod tests;
pub(crate) mod wait;

use std::fmt;
use std::io::Write;
use std::sync::Arc;
use std::time::{Duration, Instant};

use ureq::http::HeaderMap;

use self::curl::CurlVariables;
use self::preview::RequestPreview;
use self::response::Response;
use self::retry::RetryPolicy;
use self::shared::{Settings, Shared};
use self::sink::Sink;
use crate::auth::{Credentials, Selected};
use crate::clock::{Clock, Interrupt};
use crate::codec::encode::{Request, RequestParts};
use crate::error::Error;
use crate::operation::Operation;
use crate::redact::ServerText;
use crate::transport::Timeouts;

/// Client for one API at one base URL.
///
/// A client is cheap to clone. Clones share the connection pool and cached tokens.
///
/// # Examples
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
    settings: Settings,
}

impl Client {
    /// Returns a client with this retry policy.
    #[must_use]
    pub fn retries(&self, retries: RetryPolicy) -> Self {
        self.with_settings(|settings| settings.retries = retries)
    }

    /// Returns a client with this timeout for each call, including all attempts and the delays
    /// between them. `None` is no timeout.
    #[must_use]
    pub fn timeout(&self, timeout: Option<Duration>) -> Self {
        self.with_settings(|settings| settings.timeout = timeout)
    }

    /// Returns a client whose calls and waits end at this time of its [`clock`](Self::clock) at the
    /// latest. If there is a [`timeout`](Self::timeout) as well, the earlier one counts. `None` is no
    /// deadline.
    ///
    /// No attempt begins after the deadline, and a request in flight is abandoned, except for the
    /// [`grace`](Self::grace).
    ///
    /// # Examples
    ///
    /// ```
    /// use std::time::Duration;
    /// use api_runtime::Client;
    ///
    /// let client = Client::builder("https://example.com").build()?;
    /// let deadline = client.clock().now() + Duration::from_secs(60);
    /// let client = client.deadline(Some(deadline));
    /// # let _ = client;
    /// # Ok::<(), api_runtime::Error>(())
    /// ```
    #[must_use]
    pub fn deadline(&self, deadline: Option<Instant>) -> Self {
        self.with_settings(|settings| settings.deadline = deadline)
    }

    /// Returns a client that awaits the response to a request in flight for this long after the
    /// interrupt was raised or the deadline passed. The default is zero.
    ///
    /// It applies to a request that changes state, i.e. whose retry class is not
    /// [`Safe`](crate::operation::Retry::Safe), if a byte of it has been sent. If the response arrives, the call returns it. A
    /// program can thus delete or cancel what the request has created. Further attempts are not made.
    #[must_use]
    pub fn grace(&self, grace: Duration) -> Self {
        self.with_settings(|settings| settings.grace = grace)
    }

    /// Returns a client with these timeouts for the phases of each attempt. They take precedence
    /// over those of the spec.
    #[must_use]
    pub fn timeouts(&self, timeouts: Timeouts) -> Self {
        self.with_settings(|settings| settings.timeouts = Some(timeouts))
    }

    /// Returns a client with another interrupt, e.g. to clean up after an interrupt.
    #[must_use]
    pub fn with_interrupt(&self, interrupt: Interrupt) -> Self {
        self.with_settings(|settings| settings.interrupt = interrupt)
    }

    /// Returns a client whose requests go to this URL of the server, instead of the path and the query
    /// of the operation.
    pub(crate) fn at_url(&self, url: &str) -> Result<Self, Error> {
        let url = self.shared.base.resolve(url)?;
        Ok(self.with_settings(|settings| settings.url = Some(url.into())))
    }

    fn with_settings(&self, change: impl FnOnce(&mut Settings)) -> Self {
        let mut client = self.clone();
        change(&mut client.settings);
        client
    }

    /// Returns the base URL without a trailing slash.
    pub fn base_url(&self) -> &str {
        self.shared.base.as_str()
    }

    /// Returns the credentials.
    pub fn credentials(&self) -> &Credentials {
        &self.shared.credentials
    }

    /// Returns the interrupt that cancels the calls and waits of this client.
    pub fn interrupt(&self) -> &Interrupt {
        &self.settings.interrupt
    }

    /// Returns the [`deadline`](Self::deadline), if there is one.
    pub fn current_deadline(&self) -> Option<Instant> {
        self.settings.deadline
    }

    /// Returns the clock for deadlines, retries, waits and token lifetimes.
    pub fn clock(&self) -> &dyn Clock {
        self.shared.clock()
    }

    /// Returns text from a server as error messages show it: one line of up to 400 characters,
    /// without escape sequences, invisible characters and secrets.
    ///
    /// Secrets are those of the credentials, also if they have been refreshed, in any encoding.
    ///
    /// # Examples
    ///
    /// ```
    /// use api_runtime::{Client, Credentials, ServerText};
    ///
    /// let client = Client::builder("https://example.com")
    ///     .credentials(Credentials::bearer("dapi0123")?)
    ///     .build()?;
    /// let id = ServerText::new("\u{1b}[2Jdapi0123\nerror: forged");
    /// assert_eq!(client.show(id), "*** error: forged");
    /// # Ok::<(), api_runtime::Error>(())
    /// ```
    #[must_use]
    pub fn show(&self, text: ServerText<'_>) -> String {
        self.shared.redactor.line(text)
    }

    /// Returns the text with `***` instead of secrets. Nothing else is changed.
    #[must_use]
    pub fn redact(&self, text: &str) -> String {
        self.shared.redactor.redact(text)
    }

    /// Sends a request and returns the successful response.
    ///
    /// Failed attempts are retried if the [`RetryPolicy`] and the retry class of the operation allow
    /// it. All generated functions call this method.
    ///
    /// # Errors
    ///
    /// Returns an error of any [`ErrorKind`](crate::ErrorKind) except those of waits.
    pub fn send<'a>(
        &self,
        operation: &'a Operation<'a>,
        request: &dyn Request,
    ) -> Result<Response<'a>, Error> {
        self.send_with_retries(operation, request, None)
    }

    /// Sends a request, writes the body of the successful response to `writer` while it arrives, and
    /// returns the response with an empty body, and the length of the body in bytes.
    ///
    /// The size of the body is not limited. The call is not retried once part of the body has been
    /// written.
    ///
    /// # Errors
    ///
    /// Returns the errors of [`send`](Self::send), and [`ErrorKind::Output`](crate::ErrorKind::Output) if `writer` fails. Part
    /// of the body may have been written.
    pub fn send_into<'a>(
        &self,
        operation: &'a Operation<'a>,
        request: &dyn Request,
        writer: &mut dyn Write,
    ) -> Result<(Response<'a>, u64), Error> {
        let mut sink = Sink::new(writer);
        let response = self.send_with_retries(operation, request, Some(&mut sink))?;
        Ok((response, sink.written()))
    }

    /// Returns the request as a `curl` command line, for bug reports. Nothing is sent.
    ///
    /// Credentials and secret fields are redacted. Other parameters and the body are shown.
    ///
    /// # Errors
    ///
    /// Returns [`ErrorKind::InvalidInput`](crate::ErrorKind::InvalidInput) if the request cannot be encoded, e.g. because a file
    /// cannot be read.
    ///
    /// # Examples
    ///
    /// ```
    /// # mod api {
    /// #     #![allow(missing_docs)]
    /// #     api_runtime::api! { r#"
    /// #         [api]
    /// #         name = "Clock"
    /// #         doc = "Time of day."
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
    ///     "curl 'https://example.com/time?zone=UTC' -H 'authorization: Bearer ***'"
    /// );
    /// # Ok::<(), api_runtime::Error>(())
    /// ```
    pub fn to_curl(
        &self,
        operation: &Operation<'_>,
        request: &dyn Request,
    ) -> Result<String, Error> {
        let preview = self.preview(operation, request)?;
        Ok(preview.to_curl(&CurlVariables::default()))
    }

    /// Returns the request for display. Nothing is sent.
    ///
    /// # Errors
    ///
    /// Those of [`to_curl`](Self::to_curl).
    pub fn preview(
        &self,
        operation: &Operation<'_>,
        request: &dyn Request,
    ) -> Result<RequestPreview, Error> {
        RequestParts::new(operation, request)
            .and_then(|parts| {
                let parts = parts.redacted();
                let credentials = Selected::new(&self.shared.credentials, operation)?.placeholder();
                let authenticate = |headers: &mut HeaderMap| credentials.add_to(headers);
                let http = request::build(
                    &self.shared,
                    &self.settings,
                    operation,
                    &parts,
                    authenticate,
                )?;
                let (base, origin) = (self.base_url(), self.shared.credentials.origin());
                let parts = parts.preview()?;
                Ok(RequestPreview::new(http, parts, credentials, base, origin))
            })
            .map_err(|error| error.with_operation(operation.name))
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
