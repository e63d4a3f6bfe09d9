//! The top of every connection.

use ureq::Error;
use ureq::unversioned::transport::{Buffers, NextTimeout, Transport};

use super::call::{self, Call};

/// Tells the call what its connection does: here, above TLS and proxies, nothing passes but the
/// request and the answer.
#[derive(Debug)]
pub(super) struct Wire(pub(super) Box<dyn Transport>);

impl Transport for Wire {
    fn buffers(&mut self) -> &mut dyn Buffers {
        self.0.buffers()
    }

    fn transmit_output(&mut self, amount: usize, timeout: NextTimeout) -> Result<(), Error> {
        call::with(Call::sending);
        self.0.transmit_output(amount, timeout)
    }

    fn await_input(&mut self, timeout: NextTimeout) -> Result<bool, Error> {
        call::with(Call::listening);
        let is_more = self.0.await_input(timeout)?;
        if !is_more {
            call::with(Call::closed);
        }
        Ok(is_more)
    }

    fn is_open(&mut self) -> bool {
        self.0.is_open()
    }

    fn is_tls(&self) -> bool {
        self.0.is_tls()
    }
}
