//! HTTP over the network, through `ureq`. Only this file and those below it use more of `ureq` than
//! its `http` types.
//!
//! ```text
//! Http ─▶ ureq (HTTP/1.1, pool) ─▶ PhaseTracker ─▶ [TLS] ─▶ [tunnel] ─▶ Socket
//!   └────────── CallState: deadline, interrupt, phase, bytes sent ─────────────┘
//! ```

mod body_stream;
mod buffers;
mod call_state;
pub(super) mod config;
mod connect;
#[cfg(feature = "gzip")]
mod content_encoding;
mod deadline;
mod dial;
mod error;
mod idle;
mod inspect;
mod phase_tracker;
pub(super) mod proxy;
mod request_body;
mod resolve;
mod resolver;
mod response_body;
mod routes;
mod socket;
mod socks;
#[cfg(test)]
mod tests;
#[cfg(feature = "_tls")]
pub(super) mod tls;
mod tunnel;

use std::sync::Arc;
use std::time::Duration;

use ureq::http::header::{self, Entry, HeaderMap, HeaderName};
use ureq::http::{HeaderValue, Method, Request, Response};
use ureq::{AsSendBody, SendBody};

use self::body_stream::HttpStream;
use self::call_state::{CallState, Scope};
use self::error::transport_error;
use self::request_body::SizedBody;
use self::routes::{Routes, no_route};
use super::body::Body;
use super::call::{Call, Limits, Transport};
use super::error::TransportError;
use super::inspection::Inspection;
use super::stream::{BodyStream, ReceivedBody};
use super::timeouts::Timeouts;

/// Transport for HTTP/1.1 over TCP, and over TLS if a feature for it is enabled.
///
/// Connections are pooled. Each new connection to a host name costs one DNS lookup, in a thread that
/// ends once the connection is established.
///
/// # Examples
///
/// ```
/// use api_runtime::transport::{Http, Proxy};
///
/// let http = Http::builder().proxy(Proxy::None).max_response_size(1 << 20).build()?;
/// # let _ = http;
/// # Ok::<(), api_runtime::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Http {
    routes: Arc<Routes>,
    timeouts: Timeouts,
    max_response_size: u64,
    user_agent: Option<HeaderValue>,
}

impl Transport for Http {
    fn send(&self, call: Call<'_>) -> Result<Response<Vec<u8>>, TransportError> {
        let (response, _scope) = self.start(call.request, call.limits)?;
        let sink = call.sink.filter(|_| response.status().is_success());
        call_state::with(|call| call.begin_read_body(sink.is_some()));
        match sink {
            Some(sink) => response_body::copy_to_sink(response, sink),
            None => response_body::read(response, self.max_response_size),
        }
    }

    fn open(&self, call: Call<'_>) -> Result<Response<Box<dyn BodyStream>>, TransportError> {
        let (response, scope) = self.start(call.request, call.limits)?;
        if !response.status().is_success() {
            call_state::with(|call| call.begin_read_body(false));
            let response = response_body::read(response, self.max_response_size)?;
            return Ok(response.map(|body| Box::new(ReceivedBody::new(body)) as _));
        }
        call_state::with(CallState::begin_read_stream);
        let (mut parts, body) = response.into_parts();
        let reader = response_body::reader(&mut parts, body).map_err(response_body::read_error)?;
        let body = HttpStream::new(Box::new(reader), scope.leave(), self.max_response_size);
        Ok(Response::from_parts(parts, Box::new(body)))
    }
}

impl Http {
    /// Returns whether requests to a URL go through a proxy on another machine.
    ///
    /// # Errors
    ///
    /// Returns [`ErrorKind::InvalidInput`](crate::ErrorKind::InvalidInput) if an environment variable
    /// that applies to the URL is invalid.
    pub(crate) fn has_remote_proxy(&self, url: &str) -> Result<bool, crate::Error> {
        let Ok(uri) = url.parse() else {
            return Ok(false);
        };
        let route = self.routes.select(&uri);
        let route = route.map_err(|message| {
            crate::Error::before_sending(crate::ErrorKind::InvalidInput, message)
        })?;
        Ok(route.proxy.is_some_and(|proxy| !proxy.is_local))
    }

    /// Connects to the server of a URL, and closes the connection without a request.
    pub(crate) fn inspect(self, url: &str, timeout: Duration) -> Inspection {
        let Ok(uri) = url.parse() else {
            return Inspection::default();
        };
        // The transport is consumed: its pool is empty.
        inspect::inspect(&self.routes, self.timeouts, &uri, timeout)
    }

    fn add_default_headers(&self, headers: &mut HeaderMap, body: &Body<'_>) {
        const JSON: HeaderValue = HeaderValue::from_static("application/json");
        if let Some(user_agent) = &self.user_agent {
            set_default(headers, header::USER_AGENT, || user_agent.clone());
        }
        set_default(headers, header::ACCEPT, || JSON);
        #[cfg(feature = "gzip")]
        set_default(headers, header::ACCEPT_ENCODING, || {
            const { HeaderValue::from_static("gzip") }
        });
        // If the header differs from the length of the body, ureq waits for the rest forever.
        match body {
            Body::Stream { length, .. } => {
                headers.insert(header::CONTENT_LENGTH, (*length).into());
            }
            Body::Empty | Body::Bytes(_) => {
                headers.remove(header::CONTENT_LENGTH);
            }
        }
    }

    /// Sends a request and returns the response once its head has arrived, within the scope of the
    /// call.
    fn start(
        &self,
        request: Request<Body<'_>>,
        limits: Limits,
    ) -> Result<(Response<ureq::Body>, Scope), TransportError> {
        let (mut parts, body) = request.into_parts();
        let mut state = CallState::new(limits.timeouts.unwrap_or(self.timeouts), limits);
        let canceled = state.check_canceled();
        let scope = call_state::enter(state);
        if let Some(cancellation) = canceled {
            return Err(error::canceled(cancellation));
        }
        self.add_default_headers(&mut parts.headers, &body);
        let response = match body {
            // Without a body, ureq would send these methods with an empty chunked body.
            Body::Empty if matches!(parts.method, Method::POST | Method::PUT | Method::PATCH) => {
                self.run(Request::from_parts(parts, &[][..]))
            }
            Body::Empty => self.run(Request::from_parts(parts, ())),
            Body::Bytes(bytes) => self.run(Request::from_parts(parts, bytes)),
            Body::Stream { reader, length } => {
                let mut reader = SizedBody::new(reader, length);
                let body = SendBody::from_reader(&mut reader);
                self.run(Request::from_parts(parts, body))
            }
        };
        response.map(|response| (response, scope))
    }

    fn run(
        &self,
        request: Request<impl AsSendBody>,
    ) -> Result<Response<ureq::Body>, TransportError> {
        let route = self.routes.select(request.uri()).map_err(no_route)?;
        let response = route.agent.run(request);
        response.map_err(|error| self.routes.explain(transport_error(error), route))
    }
}

fn set_default(headers: &mut HeaderMap, name: HeaderName, value: impl FnOnce() -> HeaderValue) {
    if let Entry::Vacant(entry) = headers.entry(name) {
        entry.insert(value());
    }
}
