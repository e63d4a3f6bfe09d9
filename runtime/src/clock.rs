//! Now and sleep, and a way to be woken.

use std::fmt;
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// The time that waits go by.
///
/// [`SystemClock`] is the real one; tests use a [`ManualClock`].
pub trait Clock: fmt::Debug + Send + Sync {
    /// The present moment.
    fn now(&self) -> Instant;

    /// Lets `duration` pass, or less if `interrupt` is raised meanwhile.
    fn sleep(&self, duration: Duration, interrupt: &Interrupt);
}

/// The clock of the operating system.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Instant {
        Instant::now()
    }

    fn sleep(&self, duration: Duration, interrupt: &Interrupt) {
        interrupt.wait(duration);
    }
}

/// A clock that stands still but for its sleepers: every `sleep` returns at once and moves it.
///
/// # Example
///
/// ```
/// use std::time::Duration;
/// use api_runtime::{Clock, Interrupt, ManualClock};
///
/// let clock = ManualClock::new();
/// clock.sleep(Duration::from_secs(3600), &Interrupt::new());
/// assert_eq!(clock.elapsed(), Duration::from_secs(3600));
/// ```
#[derive(Clone, Debug)]
pub struct ManualClock {
    start: Instant,
    elapsed: Arc<Mutex<Duration>>,
}

impl ManualClock {
    /// A clock that starts now.
    pub fn new() -> Self {
        Self {
            start: Instant::now(),
            elapsed: Arc::default(),
        }
    }

    /// Moves the clock.
    pub fn advance(&self, duration: Duration) {
        let mut elapsed = self.elapsed.lock().unwrap_or_else(PoisonError::into_inner);
        *elapsed = elapsed.saturating_add(duration);
    }

    /// How far the clock was moved since it was made.
    pub fn elapsed(&self) -> Duration {
        *self.elapsed.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Default for ManualClock {
    fn default() -> Self {
        Self::new()
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Instant {
        self.start + self.elapsed()
    }

    fn sleep(&self, duration: Duration, interrupt: &Interrupt) {
        if !interrupt.is_raised() {
            self.advance(duration);
        }
    }
}

/// Ends calls and waits from another thread, as on Ctrl-C. Clones are the same handle.
///
/// Once raised it stays so: calls and waits of its clients return at once with
/// [`ErrorKind::Interrupted`](crate::ErrorKind::Interrupted). What was begun is cancelled with a
/// client that has another handle: see [`Client::with_interrupt`](crate::Client::with_interrupt).
///
/// # Example
///
/// ```
/// use api_runtime::Interrupt;
///
/// let interrupt = Interrupt::new();
/// let handle = interrupt.clone();
/// std::thread::spawn(move || handle.raise()).join().unwrap();
/// assert!(interrupt.is_raised());
/// ```
#[derive(Clone, Debug, Default)]
pub struct Interrupt(Arc<(Mutex<bool>, Condvar)>);

impl Interrupt {
    /// A handle that is not raised.
    pub fn new() -> Self {
        Self::default()
    }

    /// Wakes all who wait, now and later.
    pub fn raise(&self) {
        *self.0.0.lock().unwrap_or_else(PoisonError::into_inner) = true;
        self.0.1.notify_all();
    }

    /// Whether [`raise`](Self::raise) was called.
    pub fn is_raised(&self) -> bool {
        *self.0.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wait(&self, duration: Duration) {
        let guard = self.0.0.lock().unwrap_or_else(PoisonError::into_inner);
        let woken = self
            .0
            .1
            .wait_timeout_while(guard, duration, |raised| !*raised);
        drop(woken.unwrap_or_else(PoisonError::into_inner));
    }
}
