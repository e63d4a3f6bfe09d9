//! Deadline and interrupt of one call.

use std::time::{Duration, Instant};

use crate::clock::{Clock, Interrupt};

/// Deadline of a call by its clock, and the interrupt that cancels it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TimeLimit<'a> {
    pub(crate) clock: &'a dyn Clock,
    pub(crate) interrupt: &'a Interrupt,
    pub(crate) deadline: Option<Instant>,
}

impl TimeLimit<'_> {
    /// Returns the current time.
    pub(crate) fn now(&self) -> Instant {
        self.clock.now()
    }

    /// Returns whether the interrupt was raised.
    pub(crate) fn is_interrupted(&self) -> bool {
        self.interrupt.is_raised()
    }

    /// Returns whether the deadline has passed.
    pub(crate) fn has_passed(&self) -> bool {
        self.time_left().is_some_and(|left| left.is_zero())
    }

    /// Returns the time until the deadline; `None` is no deadline.
    pub(crate) fn time_left(&self) -> Option<Duration> {
        let deadline = self.deadline?;
        Some(deadline.saturating_duration_since(self.now()))
    }

    /// Waits for `duration`, or until the interrupt is raised.
    pub(crate) fn sleep(&self, duration: Duration) {
        self.clock.sleep(duration, self.interrupt);
    }
}
