//! A connection whose socket is not ours.

use std::time::Duration;

use ureq::Error;
use ureq::unversioned::transport::{Buffers, NextTimeout, Transport, time};

use super::call::{self, Call};
use super::idle::Idle;
use super::patience::Patience;

/// Gives a socket of `ureq`, as its SOCKS connector makes them, what [`Socket`] has: reads in steps,
/// bounded writes, and a count. The count is of what was tried, as a failed write does not tell how
/// far it came; and a write hears an interrupt only when it is done.
///
/// [`Socket`]: super::socket::Socket
#[derive(Debug)]
pub(super) struct Relay<T> {
    inner: T,
    idle: Idle,
}

impl<T: Transport> Relay<T> {
    pub(super) fn new(inner: T) -> Self {
        Self {
            inner,
            idle: Idle::default(),
        }
    }
}

impl<T: Transport> Transport for Relay<T> {
    fn buffers(&mut self) -> &mut dyn Buffers {
        self.inner.buffers()
    }

    fn transmit_output(&mut self, amount: usize, timeout: NextTimeout) -> Result<(), Error> {
        self.idle.used();
        let mut patience = Patience::new(timeout);
        patience.step()?;
        call::with(|call| call.count(amount));
        let sent = self.inner.transmit_output(amount, step(patience.left()));
        match sent {
            Err(Error::Timeout(_)) => Err(patience.verdict()),
            other => other,
        }
    }

    fn await_input(&mut self, timeout: NextTimeout) -> Result<bool, Error> {
        self.idle.used();
        let mut patience = Patience::new(timeout);
        loop {
            match self.inner.await_input(step(patience.step()?)) {
                Err(Error::Timeout(_)) => {}
                Ok(false) => {
                    call::with(Call::closed);
                    return Ok(false);
                }
                other => return other,
            }
        }
    }

    fn is_open(&mut self) -> bool {
        self.idle.may_be_open() && (self.idle.returns() || self.inner.is_open())
    }
}

fn step(time: Option<Duration>) -> NextTimeout {
    NextTimeout {
        after: time.map_or(time::Duration::NotHappening, time::Duration::Exact),
        ..NextTimeout::default()
    }
}
