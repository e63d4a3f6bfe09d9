//! Connections through SOCKS proxies.

use std::time::Duration;

use ureq::Error;
use ureq::unversioned::transport::{Buffers, NextTimeout, Transport, time};

use super::call_state::{self, CallState};
use super::deadline::Deadline;
use super::idle::IdleTimer;

/// Adds the features of [`Socket`] to the socket that the SOCKS connector of `ureq` creates: reads
/// in steps, bounded writes, and the count of the bytes sent.
///
/// The count includes the bytes of failed writes, since `ureq` does not return how many of them were
/// written. An interrupt takes effect only after the current write.
///
/// [`Socket`]: super::socket::Socket
#[derive(Debug)]
pub(super) struct SocksStream<T> {
    inner: T,
    idle: IdleTimer,
}

impl<T: Transport> SocksStream<T> {
    pub(super) fn new(inner: T) -> Self {
        Self {
            inner,
            idle: IdleTimer::default(),
        }
    }
}

impl<T: Transport> Transport for SocksStream<T> {
    fn buffers(&mut self) -> &mut dyn Buffers {
        self.inner.buffers()
    }

    fn transmit_output(&mut self, amount: usize, timeout: NextTimeout) -> Result<(), Error> {
        self.idle.reset();
        let mut deadline = Deadline::new(timeout);
        deadline.next_step()?;
        call_state::with(|call| call.add_sent(amount));
        let written = self
            .inner
            .transmit_output(amount, next_timeout(deadline.time_left()));
        match written {
            Err(Error::Timeout(_)) => Err(deadline.timeout_error()),
            result => result,
        }
    }

    fn await_input(&mut self, timeout: NextTimeout) -> Result<bool, Error> {
        self.idle.reset();
        let mut deadline = Deadline::new(timeout);
        loop {
            match self.inner.await_input(next_timeout(deadline.next_step()?)) {
                Err(Error::Timeout(_)) => {}
                Ok(false) => {
                    call_state::with(CallState::set_closed);
                    return Ok(false);
                }
                result => return result,
            }
        }
    }

    fn is_open(&mut self) -> bool {
        self.idle.is_fresh_enough() && (self.idle.start() || self.inner.is_open())
    }
}

fn next_timeout(time: Option<Duration>) -> NextTimeout {
    NextTimeout {
        after: time.map_or(time::Duration::NotHappening, time::Duration::Exact),
        ..NextTimeout::default()
    }
}
