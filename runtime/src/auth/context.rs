//! What credentials may use to fetch what they need.

use std::time::Instant;

use ureq::http::{Request, Response};

use super::reworded;
use crate::clock::{Clock, Interrupt};
use crate::delivery::Delivery;
use crate::error::Error;
use crate::transport::{Body, Transport};

/// The means of the client that asks: its transport, its clock, and the handle that ends its
/// calls.
///
/// What is fetched goes the way of the calls themselves: through the same proxy, with the same
/// roots of trust and timeouts. It is no call: an observer does not see it.
#[derive(Clone, Copy, Debug)]
pub struct Exchange<'a> {
    transport: &'a dyn Transport,
    clock: &'a dyn Clock,
    interrupt: &'a Interrupt,
}

impl<'a> Exchange<'a> {
    /// Made of these parts, as tests of one's own credentials need it.
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

    /// The present moment.
    pub fn now(&self) -> Instant {
        self.clock.now()
    }

    /// The handle that ends the client's calls.
    pub fn interrupt(&self) -> &'a Interrupt {
        self.interrupt
    }

    /// Sends a request, once. The headers of the client do not go with it.
    ///
    /// # Errors
    ///
    /// When no complete answer came. As the call that needs the token was not sent yet, it is
    /// tried again after troubles that pass, whatever its class.
    pub fn send(&self, request: Request<Body<'_>>) -> Result<Response<Vec<u8>>, Error> {
        let url = request.uri().clone();
        self.transport.send(request).map_err(|error| {
            let error = Error::from(error);
            reworded(&error, format!("{url}: {}", error.message()))
                .with_delivery(Delivery::NotProcessed)
        })
    }
}
