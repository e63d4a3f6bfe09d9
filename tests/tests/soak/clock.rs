//! Time that passes for each thread by itself, and only while it pauses.

use std::cell::Cell;
use std::time::{Duration, Instant};

use api_runtime::{Clock, Interrupt};

thread_local! {
    static PAUSED: Cell<Duration> = const { Cell::new(Duration::ZERO) };
}

#[derive(Debug)]
pub(crate) struct ClockOfThread {
    start: Instant,
}

impl ClockOfThread {
    pub(crate) fn new() -> Self {
        Self {
            start: Instant::now(),
        }
    }
}

impl Clock for ClockOfThread {
    fn now(&self) -> Instant {
        self.start + PAUSED.get()
    }

    fn sleep(&self, duration: Duration, _: &Interrupt) {
        PAUSED.set(PAUSED.get() + duration);
    }
}
