//! Clock of a life.

use std::time::{Duration, Instant};

use api_runtime::{Clock, Interrupt};

use crate::world::SharedWorld;

/// Clock that advances when requests are sent and when the client sleeps.
#[derive(Debug)]
pub(crate) struct SimulatedClock(pub(crate) SharedWorld);

impl Clock for SimulatedClock {
    fn now(&self) -> Instant {
        self.0.lock().instant()
    }

    fn sleep(&self, duration: Duration, interrupt: &Interrupt) {
        self.0.lock().sleep(duration, interrupt);
    }
}
