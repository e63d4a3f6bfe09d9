//! Process of the pager that is running.
//!
//! SIGINT (Ctrl-C) concerns the pager if the pager was running when the signal arrived. The thread of the
//! signals may handle it later, when the pager has ended.

use std::io;
use std::process::{Child, ExitStatus};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, LazyLock, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};
use signal_hook::consts::SIGINT;

/// Interval at which the end of the pager is awaited. It is short for a person.
const POLL_INTERVAL: Duration = Duration::from_millis(20);

static PAGER: Mutex<State<Child>> = Mutex::new(State::new());

/// Set when SIGINT arrives, and cleared when it is handled.
static INTERRUPT_ARRIVED: LazyLock<Arc<AtomicBool>> = LazyLock::new(Arc::default);

/// Process that a SIGINT concerns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Target {
    Pager,
    Run,
}

/// The pager that is running, and the target of a SIGINT that arrived before the pager started or ended and is
/// not handled yet.
#[derive(Debug)]
struct State<C> {
    child: Option<C>,
    unhandled: Option<Target>,
}

impl<C> State<C> {
    const fn new() -> Self {
        Self {
            child: None,
            unhandled: None,
        }
    }

    fn target(&self) -> Target {
        match self.child {
            Some(_) => Target::Pager,
            None => Target::Run,
        }
    }

    /// Replaces the pager. `has_interrupt` is set if a SIGINT has arrived and is not handled.
    fn replace(&mut self, child: Option<C>, has_interrupt: bool) {
        if has_interrupt && self.unhandled.is_none() {
            self.unhandled = Some(self.target());
        }
        self.child = child;
    }

    /// Returns the target of the SIGINT that is handled now.
    fn take_interrupt(&mut self) -> Target {
        self.unhandled.take().unwrap_or_else(|| self.target())
    }
}

fn pager() -> MutexGuard<'static, State<Child>> {
    PAGER.lock().unwrap_or_else(PoisonError::into_inner)
}

fn has_interrupt() -> bool {
    INTERRUPT_ARRIVED.load(Ordering::SeqCst)
}

/// Records the arrival of SIGINT from now on. Called before the signal is handled anywhere else, so that a
/// SIGINT that is handled is recorded.
pub(crate) fn record_interrupts() -> io::Result<()> {
    signal_hook::flag::register(SIGINT, Arc::clone(&INTERRUPT_ARRIVED)).map(drop)
}

/// Records that a pager is running.
pub(crate) fn set(child: Child) {
    pager().replace(Some(child), has_interrupt());
}

/// Returns whether the SIGINT that is handled now concerns the pager.
pub(crate) fn takes_interrupt() -> bool {
    let mut pager = pager();
    INTERRUPT_ARRIVED.store(false, Ordering::SeqCst);
    pager.take_interrupt() == Target::Pager
}

/// Waits for the end of the pager. It can be terminated in the meantime.
pub(crate) fn wait() -> Option<ExitStatus> {
    loop {
        {
            let mut pager = pager();
            match pager.child.as_mut()?.try_wait() {
                Ok(None) => {}
                result => {
                    pager.replace(None, has_interrupt());
                    return result.ok().flatten();
                }
            }
        }
        thread::sleep(POLL_INTERVAL);
    }
}

/// Ends the pager that is running, which restores the terminal.
pub(crate) fn terminate() {
    if let Some(child) = &pager().child {
        let _ = kill_process(Pid::from_child(child), Signal::TERM);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn interrupt_concerns_what_was_running_when_it_arrived() {
        // Handled at once.
        let mut state = State::new();
        assert_eq!(state.take_interrupt(), Target::Run);
        state.replace(Some(()), false);
        assert_eq!(state.take_interrupt(), Target::Pager);
        state.replace(None, false);
        assert_eq!(state.take_interrupt(), Target::Run);

        // Handled after the pager has ended.
        state.replace(Some(()), false);
        state.replace(None, true);
        assert_eq!(state.take_interrupt(), Target::Pager);
        assert_eq!(state.take_interrupt(), Target::Run);

        // Handled after the pager has started, or has started and ended.
        state.replace(Some(()), true);
        assert_eq!(state.take_interrupt(), Target::Run);
        assert_eq!(state.take_interrupt(), Target::Pager);
        state.replace(None, false);
        state.replace(Some(()), true);
        state.replace(None, true);
        assert_eq!(state.take_interrupt(), Target::Run);
        assert_eq!(state.take_interrupt(), Target::Run);
    }
}
