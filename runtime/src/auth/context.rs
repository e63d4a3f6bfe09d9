//! The client's resources that credentials may use.

use std::time::Instant;

use ureq::http::{Request, Response};

use crate::clock::{Clock, Interrupt};
use crate::delivery::Delivery;
use crate::error::Error;
use crate::transport::{Body, Call, Transport};

/// The transport, the clock and the interrupt of the client that needs the credentials.
///
/// Requests for tokens use the same proxy, root certificates and timeouts as those of the client.
/// Observers do not see them.
#[derive(Clone, Copy, Debug)]
pub struct AuthContext<'a> {
    transport: &'a dyn Transport,
    clock: &'a dyn Clock,
    interrupt: &'a Interrupt,
}

impl<'a> AuthContext<'a> {
    /// Creates a context, e.g. for tests of custom credentials.
    pub fn new(
        transport: &'a dyn Transport,
        clock: &'a dyn Clock,
        interrupt: &'a Interrupt,
    ) -> Self {
        Self {
            transport,
            clock,
            interrupt,
        }
    }

    /// Returns the current time.
    pub fn now(&self) -> Instant {
        self.clock.now()
    }

    /// Returns the interrupt of the client.
    pub fn interrupt(&self) -> &'a Interrupt {
        self.interrupt
    }

    /// Sends a request once. It has none of the headers of the client.
    ///
    /// # Errors
    ///
    /// Returns an error if there is no complete response. After a transient error, the client
    /// retries the call that needs the token, whatever its retry class, as it was not sent yet.
    pub fn send(&self, request: Request<Body<'_>>) -> Result<Response<Vec<u8>>, Error> {
        let url = request.uri().clone();
        self.transport.send(Call::new(request)).map_err(|error| {
            let error = Error::from(error);
            // The delivery is that of the call which needs the token, not of this request.
            error
                .copy_with_message(format!("{url}: {}", error.message()))
                .with_delivery(Delivery::NotProcessed)
        })
    }
}
