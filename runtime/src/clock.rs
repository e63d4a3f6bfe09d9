//! Clocks and interrupts.

use std::fmt;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, OnceLock, PoisonError, Weak};
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
    /// Locked while the interrupt is raised, so that no waiter and no child misses it.
    children: Mutex<Vec<Weak<Signal>>>,
    is_raised: Condvar,
    /// Keeps the parent, through which its own parent raises this interrupt.
    _parent: Option<Interrupt>,
}

impl Interrupt {
    /// Creates an interrupt that is not raised.
    pub fn new() -> Self {
        Self::default()
    }

    /// Returns a new interrupt that is raised when this one is raised, and can also be raised alone.
    ///
    /// # Examples
    ///
    /// ```
    /// use api_runtime::Interrupt;
    ///
    /// let all = Interrupt::new();
    /// let (one, other) = (all.child(), all.child());
    /// one.raise();
    /// assert!(!all.is_raised() && !other.is_raised());
    /// all.raise();
    /// assert!(other.is_raised());
    /// ```
    #[must_use]
    pub fn child(&self) -> Self {
        let child = Self(Arc::new(Signal {
            _parent: Some(self.clone()),
            ..Signal::default()
        }));
        let mut children = self.lock();
        if let Some(time) = self.raised_at() {
            drop(children);
            child.raise_at(time);
        } else {
            children.retain(|child| child.strong_count() > 0);
            children.push(Arc::downgrade(&child.0));
        }
        child
    }

    /// Raises the interrupt at the current time of the operating system.
    pub fn raise(&self) {
        self.raise_at(Instant::now());
    }

    /// Raises the interrupt at a time of the client's [`Clock`]. Only the first time counts.
    pub fn raise_at(&self, time: Instant) {
        let mut lock = self.lock();
        let time = *self.0.raised_at.get_or_init(|| time);
        let children = std::mem::take(&mut *lock);
        drop(lock);
        self.0.is_raised.notify_all();
        for child in children.iter().filter_map(Weak::upgrade) {
            Self(child).raise_at(time);
        }
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
            .wait_timeout_while(self.lock(), duration, |_| !self.is_raised());
        drop(woken.unwrap_or_else(PoisonError::into_inner));
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Weak<Signal>>> {
        let children = &self.0.children;
        children.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn child_is_raised_with_its_parent_at_the_same_time() {
        let parent = Interrupt::new();
        let child = parent.child();
        let grandchild = parent.child().child();
        let time = Instant::now();
        parent.raise_at(time);
        for interrupt in [&parent, &child, &grandchild, &parent.child()] {
            assert_eq!(interrupt.raised_at(), Some(time));
        }
    }

    #[test]
    fn time_of_a_child_that_was_raised_before_is_kept() {
        let parent = Interrupt::new();
        let child = parent.child();
        let time = Instant::now();
        child.raise_at(time);
        assert!(!parent.is_raised());
        parent.raise_at(time + Duration::from_secs(1));
        assert_eq!(child.raised_at(), Some(time));
    }

    #[test]
    fn dropped_children_are_forgotten() {
        let parent = Interrupt::new();
        let kept = parent.child();
        for _ in 0..100 {
            drop(parent.child());
        }
        assert!(parent.lock().len() <= 2);
        parent.raise();
        assert!(kept.is_raised());
    }

    #[test]
    fn waiting_child_is_woken_by_its_parent() {
        let parent = Interrupt::new();
        let child = parent.child();
        let waiter = std::thread::spawn(move || child.wait(Duration::from_secs(3600)));
        parent.raise();
        waiter.join().unwrap();
    }
}
