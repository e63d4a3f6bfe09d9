//! The client's resources that credentials may use.

use std::time::{Duration, Instant};

use ureq::http::{Request, Response};

use crate::clock::{Clock, Interrupt};
use crate::delivery::Delivery;
use crate::error::Error;
use crate::time_limit::TimeLimit;
use crate::transport::{Body, Call, Transport};

/// The transport, the clock, the interrupt and the deadline of the call that needs the credentials.
///
/// Requests for tokens use the same proxy, root certificates and timeouts as those of the client, and
/// end at the deadline or interrupt of the call. Observers do not see them.
#[derive(Clone, Copy, Debug)]
pub struct AuthContext<'a> {
    transport: &'a dyn Transport,
    time: TimeLimit<'a>,
}

impl<'a> AuthContext<'a> {
    /// Creates a context without a deadline, e.g. for tests of custom credentials.
    pub fn new(
        transport: &'a dyn Transport,
        clock: &'a dyn Clock,
        interrupt: &'a Interrupt,
    ) -> Self {
        let time = TimeLimit {
            clock,
            interrupt,
            deadline: None,
        };
        Self::within(transport, time)
    }

    pub(crate) fn within(transport: &'a dyn Transport, time: TimeLimit<'a>) -> Self {
        Self { transport, time }
    }

    /// Returns a context with this deadline.
    #[must_use]
    pub fn deadline(mut self, deadline: Option<Instant>) -> Self {
        self.time.deadline = deadline;
        self
    }

    /// Returns the current time.
    pub fn now(&self) -> Instant {
        self.time.now()
    }

    /// Returns the time until the deadline of the call; `None` is no deadline.
    pub fn time_left(&self) -> Option<Duration> {
        self.time.time_left()
    }

    /// Returns the interrupt of the client.
    pub fn interrupt(&self) -> &'a Interrupt {
        self.time.interrupt
    }

    /// Sends a request once. It has none of the headers of the client.
    ///
    /// # Errors
    ///
    /// Returns an error if there is no complete response. After a transient error, the client
    /// retries the call that needs the token, whatever its retry class, as it was not sent yet.
    pub fn send(&self, request: Request<Body<'_>>) -> Result<Response<Vec<u8>>, Error> {
        let url = request.uri().clone();
        let mut call = Call::new(request);
        call.limits.deadline = self.time.deadline;
        call.limits.interrupt = Some(self.time.interrupt.clone());
        call.limits.now = Some(self.now());
        self.transport.send(call).map_err(|error| {
            let error = Error::from(error);
            // The delivery is that of the call which needs the token, not of this request.
            error
                .copy_with_message(format!("{url}: {}", error.message()))
                .with_delivery(Delivery::NotProcessed)
        })
    }
}
