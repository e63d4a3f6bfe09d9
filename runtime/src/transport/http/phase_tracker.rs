//! The uppermost layer of every connection.

use ureq::Error;
use ureq::unversioned::transport::{Buffers, NextTimeout, Transport};

use super::call_state::{self, CallState};

/// Updates the phase of the current call. Above TLS and proxies, only the request and its response
/// pass through.
#[derive(Debug)]
pub(super) struct PhaseTracker(pub(super) Box<dyn Transport>);

impl Transport for PhaseTracker {
    fn buffers(&mut self) -> &mut dyn Buffers {
        self.0.buffers()
    }

    fn transmit_output(&mut self, amount: usize, timeout: NextTimeout) -> Result<(), Error> {
        call_state::with(CallState::begin_write);
        self.0.transmit_output(amount, timeout)
    }

    fn await_input(&mut self, timeout: NextTimeout) -> Result<bool, Error> {
        call_state::with(CallState::begin_await_response);
        let before = self.buffers().input().len();
        let has_input = self.0.await_input(timeout)?;
        let received = self.buffers().input().len().saturating_sub(before);
        call_state::with(|call| {
            if has_input {
                call.add_received(received);
            } else {
                call.set_closed();
            }
        });
        Ok(has_input)
    }

    fn is_open(&mut self) -> bool {
        self.0.is_open()
    }

    fn is_tls(&self) -> bool {
        self.0.is_tls()
    }
}
