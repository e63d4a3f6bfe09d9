//! Clock with a time per thread that advances only in `sleep`.

use std::cell::Cell;
use std::time::{Duration, Instant};

use api_runtime::{Clock, Interrupt};

thread_local! {
    static ELAPSED: Cell<Duration> = const { Cell::new(Duration::ZERO) };
}

#[derive(Debug)]
pub(crate) struct ThreadClock {
    start: Instant,
}

impl ThreadClock {
    pub(crate) fn new() -> Self {
        Self {
            start: Instant::now(),
        }
    }
}

impl Clock for ThreadClock {
    fn now(&self) -> Instant {
        self.start + ELAPSED.get()
    }

    fn sleep(&self, duration: Duration, _: &Interrupt) {
        ELAPSED.set(ELAPSED.get() + duration);
    }
}
