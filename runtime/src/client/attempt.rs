//! A single attempt to send a request.

use std::io::Write as _;
use std::time::{Duration, Instant, SystemTime};

use ureq::http::header::DATE;
use ureq::http::{Request as HttpRequest, Response as HttpResponse, StatusCode};

use super::observe::{self, AttemptEvent};
use super::refusal;
use super::request;
use super::response::Response;
use super::shared::{Settings, Shared};
use super::sink::Sink;
use crate::auth::Headers;
use crate::codec::encode::RequestParts;
use crate::error::Error;
use crate::operation::{Operation, Retry};
use crate::transport::{Body, Call, Limits, Timeouts, TransportError};

/// A single attempt to send a request.
pub(super) struct Attempt<'a, 'o> {
    pub(super) shared: &'a Shared,
    pub(super) settings: &'a Settings,
    pub(super) operation: &'o Operation<'o>,
    /// Number of the attempt, starting at 1.
    pub(super) number: u32,
    /// Deadline of all attempts together.
    pub(super) deadline: Option<Instant>,
    /// Headers of credentials that are not fixed.
    pub(super) auth: Option<&'a Headers>,
}

impl<'o> Attempt<'_, 'o> {
    /// Sends the request once and classifies the response.
    pub(super) fn run(
        &self,
        request: &RequestParts<'_>,
        sink: Option<&mut Sink<'_>>,
    ) -> Result<Response<'o>, Error> {
        let http = request::build(
            self.shared,
            self.settings,
            self.operation,
            request,
            self.auth,
        )?;
        let start = self.shared.clock().now();
        let sent = self.send(http, start, sink);
        let status = sent.as_ref().ok().map(HttpResponse::status);
        let date = self.date(sent.as_ref().ok());
        let result = sent
            .and_then(|response| self.classify(response, request))
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

    /// Returns the time in the `Date` header, which only observers need.
    fn date(&self, response: Option<&HttpResponse<Vec<u8>>>) -> Option<SystemTime> {
        self.shared.observer.as_ref()?;
        let date = response?.headers().get(DATE)?.to_str().ok()?;
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
