//! Attempts of a call: authentication, retries and refreshed credentials.

use ureq::http::HeaderValue;

use super::Client;
use super::attempt::Attempt;
use super::event_response::OpenResponse;
use super::response::Response;
use super::retry::{self, Attempts};
use super::sink::Sink;
use crate::auth::{AuthContext, RequestCredentials, Selected};
use crate::codec::encode::{Request, RequestParts};
use crate::error::Error;
use crate::operation::{Operation, Retry};
use crate::time_limit::TimeLimit;

impl Client {
    pub(super) fn send_with_retries<'a>(
        &self,
        operation: &'a Operation<'a>,
        request: &dyn Request,
        mut sink: Option<&mut Sink<'_>>,
    ) -> Result<Response<'a>, Error> {
        self.run_attempts(operation, request, |attempt, request| {
            attempt.run(request, sink.as_deref_mut())
        })
    }

    /// Sends a request and returns the response once its head has arrived. Attempts are those of
    /// [`send`](Self::send).
    pub(super) fn open(
        &self,
        operation: &Operation<'_>,
        request: &dyn Request,
        last_event_id: Option<&HeaderValue>,
    ) -> Result<OpenResponse, Error> {
        self.run_attempts(operation, request, |attempt, request| {
            attempt.open(request, last_event_id)
        })
    }

    /// Runs attempts until one succeeds or there is no further one.
    fn run_attempts<'a, R>(
        &self,
        operation: &'a Operation<'a>,
        request: &dyn Request,
        run: impl FnMut(&Attempt<'_, 'a>, &RequestParts<'_>) -> Result<R, Error>,
    ) -> Result<R, Error> {
        self.try_attempts(operation, request, run).map_err(|error| {
            error
                .with_operation(operation.name)
                .with_changes_state(operation.retry != Retry::Safe)
        })
    }

    fn try_attempts<'a, R>(
        &self,
        operation: &'a Operation<'a>,
        request: &dyn Request,
        mut run: impl FnMut(&Attempt<'_, 'a>, &RequestParts<'_>) -> Result<R, Error>,
    ) -> Result<R, Error> {
        // The idempotency key is the same for all attempts.
        let request = &RequestParts::new(operation, request)?;
        let credentials = Selected::new(&self.shared.credentials, operation)?;
        let time = self.time_limit();
        let mut attempts = Attempts::new(self.settings.retries, operation.retry, time);
        let mut is_refreshed = false;
        loop {
            attempts.check_canceled()?;
            let auth = match self.authorize(credentials, time) {
                Ok(auth) => auth,
                Err(error) => {
                    attempts.wait_for_next(error)?;
                    continue;
                }
            };
            let attempt = Attempt {
                shared: &self.shared,
                settings: &self.settings,
                operation,
                number: attempts.number(),
                deadline: time.deadline,
                credentials,
                auth: auth.as_ref(),
            };
            let error = match run(&attempt, request) {
                Ok(response) => return Ok(response),
                Err(error) => error,
            };
            // Credentials learn of every rejection, but each call is repeated once only.
            let is_available = self.refresh(operation, credentials, time, &error, auth.as_ref());
            if is_available && !is_refreshed {
                is_refreshed = true;
                attempts.count_refresh(&error);
            } else {
                attempts.wait_for_next(error)?;
            }
        }
    }

    /// Returns the credentials of one request that are not fixed.
    fn authorize(
        &self,
        credentials: Selected<'_>,
        time: TimeLimit<'_>,
    ) -> Result<Option<RequestCredentials>, Error> {
        let redactor = &self.shared.redactor;
        let context = AuthContext::within(&*self.shared.transport, time);
        let authorized = credentials.authorize(&context);
        let sent = authorized.map_err(|error| error.redacted(redactor))?;
        if let Some(sent) = &sent {
            redactor.record(sent.secrets());
        }
        Ok(sent)
    }

    /// Returns whether the server rejected the credentials and others are available.
    fn refresh(
        &self,
        operation: &Operation<'_>,
        credentials: Selected<'_>,
        time: TimeLimit<'_>,
        error: &Error,
        rejected: Option<&RequestCredentials>,
    ) -> bool {
        let context = AuthContext::within(&*self.shared.transport, time);
        error.rejects_credentials()
            && retry::is_repeatable(operation.retry, error)
            && credentials.refresh(&context, rejected)
    }

    /// Returns the limits of a call that begins now.
    pub(super) fn time_limit(&self) -> TimeLimit<'_> {
        let clock = self.clock();
        TimeLimit {
            clock,
            interrupt: &self.settings.interrupt,
            deadline: self.settings.call_deadline(clock),
        }
    }
}
