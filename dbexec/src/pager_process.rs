//! Process of the pager that is running.

use std::process::{Child, ExitStatus};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};

/// Interval at which the end of the pager is awaited. It is short for a person.
const POLL_INTERVAL: Duration = Duration::from_millis(20);

static PAGER: Mutex<Option<Child>> = Mutex::new(None);

fn pager() -> MutexGuard<'static, Option<Child>> {
    PAGER.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Records that a pager is running.
pub(crate) fn set(child: Child) {
    *pager() = Some(child);
}

/// Returns whether a pager is running.
pub(crate) fn is_active() -> bool {
    pager().is_some()
}

/// Waits for the end of the pager. It can be terminated in the meantime.
pub(crate) fn wait() -> Option<ExitStatus> {
    loop {
        {
            let mut pager = pager();
            match pager.as_mut()?.try_wait() {
                Ok(None) => {}
                result => {
                    *pager = None;
                    return result.ok().flatten();
                }
            }
        }
        thread::sleep(POLL_INTERVAL);
    }
}

/// Ends the pager that is running, which restores the terminal.
pub(crate) fn terminate() {
    if let Some(child) = &*pager() {
        let _ = kill_process(Pid::from_child(child), Signal::TERM);
    }
}
