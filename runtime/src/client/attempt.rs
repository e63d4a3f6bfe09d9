//! A single attempt to send a request.

use std::io::Write as _;
use std::time::{Duration, Instant, SystemTime};

use ureq::http::header::{DATE, HeaderName};
use ureq::http::{
    HeaderMap, HeaderValue, Request as HttpRequest, Response as HttpResponse, StatusCode, Uri,
};

use super::event_response::{self, OpenResponse};
use super::observe::{self, AttemptEvent};
use super::refusal;
use super::request;
use super::response::Response;
use super::shared::{Settings, Shared};
use super::sink::Sink;
use crate::auth::{RequestCredentials, Selected};
use crate::codec::encode::RequestParts;
use crate::error::Error;
use crate::operation::{Operation, Retry};
use crate::transport::{Body, BodyStream, Call, Limits, Timeouts, TransportError};

/// Header with the id of the last event of an earlier response.
const LAST_EVENT_ID: HeaderName = HeaderName::from_static("last-event-id");

/// A single attempt to send a request.
pub(super) struct Attempt<'a, 'o> {
    pub(super) shared: &'a Shared,
    pub(super) settings: &'a Settings,
    pub(super) operation: &'o Operation<'o>,
    /// Number of the attempt, starting at 1.
    pub(super) number: u32,
    /// Deadline of all attempts together.
    pub(super) deadline: Option<Instant>,
    pub(super) credentials: Selected<'a>,
    /// The credentials that are not fixed.
    pub(super) auth: Option<&'a RequestCredentials>,
}

impl<'o> Attempt<'_, 'o> {
    /// Sends the request once and classifies the response.
    pub(super) fn run(
        &self,
        request: &RequestParts<'_>,
        sink: Option<&mut Sink<'_>>,
    ) -> Result<Response<'o>, Error> {
        let http = self.build(request)?;
        self.report_result(
            |start| self.send(http, start, sink),
            |response| self.classify(response, request),
        )
    }

    /// Sends the request once, and classifies the response once its head has arrived.
    /// `last_event_id` is that of an earlier response, which this one continues.
    pub(super) fn open(
        &self,
        request: &RequestParts<'_>,
        last_event_id: Option<&HeaderValue>,
    ) -> Result<OpenResponse, Error> {
        let mut http = self.build(request)?;
        if let Some(id) = last_event_id {
            http.headers_mut().insert(LAST_EVENT_ID, id.clone());
        }
        let sent_at = SystemTime::now();
        self.report_result(
            |start| {
                let mut call = Call::new(http);
                call.limits = self.limits(start);
                self.shared.transport.open(call).map_err(Error::from)
            },
            |response| self.classify_open(response, request, sent_at),
        )
    }

    fn build(&self, request: &RequestParts<'_>) -> Result<HttpRequest<Body<'static>>, Error> {
        let (shared, settings) = (self.shared, self.settings);
        let authenticate = |headers: &mut HeaderMap| {
            self.for_each_credentials(|credentials| credentials.add_to(headers));
        };
        let mut http = request::build(shared, settings, self.operation, request, authenticate)?;
        self.add_query_credentials(http.uri_mut())?;
        Ok(http)
    }

    /// Sends a request, reports the attempt, and returns the result.
    fn report_result<B, R>(
        &self,
        send: impl FnOnce(Instant) -> Result<HttpResponse<B>, Error>,
        classify: impl FnOnce(HttpResponse<B>) -> Result<R, Error>,
    ) -> Result<R, Error> {
        let start = self.shared.clock().now();
        let response = send(start);
        let status = response.as_ref().ok().map(HttpResponse::status);
        let date = self.date(response.as_ref().ok().map(HttpResponse::headers));
        let result = response
            .and_then(classify)
            .map_err(|error| error.redacted(&self.shared.redactor));
        let elapsed = self.shared.clock().now().saturating_duration_since(start);
        self.report(status, date, elapsed, result.as_ref().err());
        // Only errors need the time of day, so that other calls are spared the system call.
        result.map_err(|error| {
            let is_sent = error.may_have_been_processed();
            let sent_at = is_sent.then(|| SystemTime::now().checked_sub(elapsed));
            error.with_sent_at(sent_at.flatten())
        })
    }

    fn for_each_credentials(&self, mut function: impl FnMut(&RequestCredentials)) {
        self.credentials.for_each_fixed(&mut function);
        self.auth.into_iter().for_each(function);
    }

    fn add_query_credentials(&self, uri: &mut Uri) -> Result<(), Error> {
        let mut result = Ok(());
        self.for_each_credentials(|credentials| {
            for (name, secret) in credentials.query() {
                if let Err(error) = request::set_parameter(uri, name, secret) {
                    result = Err(error);
                }
            }
        });
        result
    }

    fn send(
        &self,
        request: HttpRequest<Body<'static>>,
        start: Instant,
        sink: Option<&mut Sink<'_>>,
    ) -> Result<HttpResponse<Vec<u8>>, Error> {
        let mut call = Call::new(request);
        call.limits = self.limits(start);
        let Some(sink) = sink else {
            return self.shared.transport.send(call).map_err(Error::from);
        };
        call.sink = Some(&mut *sink);
        let sent = self.shared.transport.send(call);
        let delivered = sent.and_then(|response| deliver(response, sink));
        delivered.map_err(|error| match sink.written() {
            0 => Error::from(error),
            // A retry would write the beginning of the body a second time.
            _ => Error::from(error).with_transient(false),
        })
    }

    fn limits(&self, now: Instant) -> Limits {
        Limits {
            deadline: self.deadline,
            interrupt: Some(self.settings.interrupt.clone()),
            // A safe request has no effect that would have to be undone.
            grace: match self.operation.retry {
                Retry::Safe => Duration::ZERO,
                Retry::Idempotent | Retry::Never => self.settings.grace,
            },
            now: self.shared.clock.as_ref().map(|_| now),
            // A request that must not be sent twice cannot be retried after a stale connection.
            fresh_connection: self.operation.retry == Retry::Never,
            timeouts: self.settings.timeouts.or_else(|| timeouts(self.operation)),
        }
    }

    fn classify(
        &self,
        response: HttpResponse<Vec<u8>>,
        request: &RequestParts<'_>,
    ) -> Result<Response<'o>, Error> {
        let redactor = &self.shared.redactor;
        if refusal::is_error(&response, self.operation) {
            let redactor = redactor.with_request(request.secrets());
            let credentials = &self.shared.credentials;
            let error = refusal::error(&response, self.operation, credentials, &redactor);
            return Err(error);
        }
        Ok(Response::new(self.operation, response, redactor.clone()))
    }

    fn classify_open(
        &self,
        response: HttpResponse<Box<dyn BodyStream>>,
        request: &RequestParts<'_>,
        sent_at: SystemTime,
    ) -> Result<OpenResponse, Error> {
        let is_stream = event_response::is_stream(&response, self.operation);
        let (parts, body) = response.into_parts();
        if is_stream {
            return Ok(OpenResponse {
                status: parts.status,
                headers: parts.headers,
                body,
                redactor: self.shared.redactor.with_request(request.secrets()),
                sent_at,
            });
        }
        let bytes = body.into_bytes()?;
        let response = self.classify(HttpResponse::from_parts(parts, bytes), request)?;
        Err(event_response::not_a_stream(&response))
    }

    /// Returns the time in the `Date` header, which only observers need.
    fn date(&self, headers: Option<&HeaderMap>) -> Option<SystemTime> {
        self.shared.observer.as_ref()?;
        let date = headers?.get(DATE)?.to_str().ok()?;
        httpdate::parse_http_date(date).ok()
    }

    fn report(
        &self,
        status: Option<StatusCode>,
        date: Option<SystemTime>,
        elapsed: Duration,
        error: Option<&Error>,
    ) {
        let event = AttemptEvent {
            operation: self.operation,
            attempt: self.number,
            status: status.map(|status| status.as_u16()),
            date,
            elapsed,
            error,
        };
        observe::log(&event);
        if let Some(observer) = &self.shared.observer {
            observer(&event);
        }
    }
}

/// Writes the body of a successful response to the sink if the transport has not done so.
fn deliver(
    mut response: HttpResponse<Vec<u8>>,
    sink: &mut Sink<'_>,
) -> Result<HttpResponse<Vec<u8>>, TransportError> {
    if response.status().is_success() && !response.body().is_empty() {
        let body = std::mem::take(response.body_mut());
        let written = sink.write_all(&body).and_then(|()| sink.flush());
        written.map_err(TransportError::output)?;
    }
    Ok(response)
}

/// Returns the timeouts of an operation whose spec has one.
fn timeouts(operation: &Operation<'_>) -> Option<Timeouts> {
    let response = operation.timeout?;
    let default = Timeouts::default();
    Some(Timeouts {
        response: Some(response),
        // Servers were seen to send the head immediately and to process the request before the body.
        idle: default.idle.map(|idle| idle.max(response)),
        ..default
    })
}
