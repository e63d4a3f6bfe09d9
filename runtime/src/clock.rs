//! Clocks and interrupts.

use std::fmt;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::{Duration, Instant};

/// Clock for deadlines, retries, waits and token lifetimes.
///
/// The default is [`SystemClock`]. Tests use a [`ManualClock`].
pub trait Clock: fmt::Debug + Send + Sync {
    /// Returns the current time.
    fn now(&self) -> Instant;

    /// Waits for `duration`, or until `interrupt` is raised.
    fn sleep(&self, duration: Duration, interrupt: &Interrupt);
}

/// Clock of the operating system.
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

/// Clock for tests, which advances only by [`advance`](Self::advance) and by sleeping. Sleeping
/// returns immediately.
///
/// Clones share the time. A request over the network takes real time: it gets the time that is left
/// until its deadline by this clock when the request begins.
///
/// # Examples
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
    /// Creates a clock that starts at the current time.
    pub fn new() -> Self {
        Self {
            start: Instant::now(),
            elapsed: Arc::default(),
        }
    }

    /// Advances the clock.
    pub fn advance(&self, duration: Duration) {
        let mut elapsed = self.elapsed.lock().unwrap_or_else(PoisonError::into_inner);
        *elapsed = elapsed.saturating_add(duration);
    }

    /// Returns the time by which the clock has advanced since its creation.
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

/// Handle that cancels calls and waits from another thread, e.g. on Ctrl-C. Clones are the same
/// handle.
///
/// An interrupt cannot be reset. Once it is raised, all calls and waits of its clients return
/// [`ErrorKind::Interrupted`](crate::ErrorKind::Interrupted), except for the response to a request in
/// flight that arrives within [`Client::grace`](crate::Client::grace). Clean up with a client that has
/// another interrupt: see [`Client::with_interrupt`](crate::Client::with_interrupt).
///
/// # Examples
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
pub struct Interrupt(Arc<Signal>);

#[derive(Debug, Default)]
struct Signal {
    raised_at: OnceLock<Instant>,
    /// Held while the interrupt is raised, so that no waiter misses it.
    lock: Mutex<()>,
    is_raised: Condvar,
}

impl Interrupt {
    /// Creates an interrupt that is not raised.
    pub fn new() -> Self {
        Self::default()
    }

    /// Raises the interrupt at the current time of the operating system.
    pub fn raise(&self) {
        self.raise_at(Instant::now());
    }

    /// Raises the interrupt at a time of the client's [`Clock`]. Only the first time counts.
    pub fn raise_at(&self, time: Instant) {
        let lock = self.lock();
        self.0.raised_at.get_or_init(|| time);
        drop(lock);
        self.0.is_raised.notify_all();
    }

    /// Returns the time at which the interrupt was raised.
    pub fn raised_at(&self) -> Option<Instant> {
        self.0.raised_at.get().copied()
    }

    /// Returns whether the interrupt was raised.
    pub fn is_raised(&self) -> bool {
        self.raised_at().is_some()
    }

    fn wait(&self, duration: Duration) {
        let woken = self
            .0
            .is_raised
            .wait_timeout_while(self.lock(), duration, |()| !self.is_raised());
        drop(woken.unwrap_or_else(PoisonError::into_inner));
    }

    fn lock(&self) -> MutexGuard<'_, ()> {
        self.0.lock.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
