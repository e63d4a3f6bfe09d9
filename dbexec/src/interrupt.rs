//! Signals: SIGINT (Ctrl-C), SIGTERM and SIGHUP, and SIGPIPE for a closed standard output.

#[cfg(unix)]
use std::fs;
#[cfg(not(unix))]
use std::sync::Arc;
#[cfg(not(unix))]
use std::sync::atomic::AtomicBool;
use std::sync::atomic::{AtomicI32, Ordering};
use std::sync::mpsc::channel;
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;
use std::{io, process, thread};

use generated_client::Interrupt;
#[cfg(unix)]
use signal_hook::consts::{SIGHUP, SIGPIPE, SIGQUIT};
use signal_hook::consts::{SIGINT, SIGTERM};
#[cfg(unix)]
use signal_hook::iterator::Signals;

use crate::error::CliError;
#[cfg(unix)]
use crate::pager_process;
use crate::{status_line, stdout, taskbar};

/// Maximum time for writing a message to standard error, e.g. to a pipe whose reader has stopped.
const MAX_PRINT_TIME: Duration = Duration::from_secs(1);

/// Last signal that was received, or 0.
static SIGNAL: AtomicI32 = AtomicI32::new(0);

/// Interrupt that the first signal raises.
static INTERRUPT: OnceLock<Interrupt> = OnceLock::new();

/// Locked while a signal ends the process, and while its end must not be changed by a signal.
static END: Mutex<()> = Mutex::new(());

/// Messages for the signals that arrive.
pub(crate) trait Messages: Clone + Send + 'static {
    /// Handles a signal that does not end the process. Returns `false` for all others.
    fn handle(&self, _signal: i32) -> bool {
        false
    }

    /// Wakes a thread that no interrupt wakes. Called after the first signal has raised the interrupt.
    fn wake(&self) {}

    /// Returns whether the first signal ends the process, because there is nothing to clean up.
    fn ends_at_once(&self) -> bool {
        false
    }

    /// Prints that the first signal has arrived. `raise` raises the interrupt: the state before it can be read
    /// until then, and the message must not be visible before.
    fn print_first(&self, raise: &dyn Fn());

    /// Prints what remains if the process exits now.
    fn print_last(&self);
}

/// No messages.
impl Messages for () {
    fn print_first(&self, raise: &dyn Fn()) {
        raise();
    }

    fn print_last(&self) {}
}

/// Returns a handle that the first signal raises. The second signal ends the process immediately.
///
/// SIGHUP stays ignored under `nohup`.
pub(crate) fn on_signals(messages: impl Messages) -> Result<Interrupt, CliError> {
    let interrupt = Interrupt::new();
    stdout::stop_after(&interrupt);
    let _ = INTERRUPT.set(interrupt.clone());
    let raised = interrupt.clone();
    let handle = move |signal| {
        if is_for_pager(signal) || messages.handle(signal) {
            return;
        }
        let end = hold_end();
        SIGNAL.store(signal, Ordering::SeqCst);
        if raised.is_raised() || is_quit(signal) || messages.ends_at_once() {
            let messages = messages.clone();
            within_print_time(move || {
                messages.print_last();
                status_line::lock().end();
                taskbar::clear();
            });
            raise_again();
            process::exit(128 + signal);
        }
        drop(end);
        print_first(&messages, raised.clone());
        raised.raise();
        messages.wake();
    };
    on_each_signal(handle)
        .map_err(|error| CliError::service(format!("cannot install signal handlers: {error}")))?;
    Ok(interrupt)
}

/// Returns whether a signal (Ctrl-\) ends the process without a clean-up.
fn is_quit(signal: i32) -> bool {
    #[cfg(unix)]
    return signal == SIGQUIT;
    #[cfg(not(unix))]
    {
        let _ = signal;
        false
    }
}

/// Returns whether a signal concerns the pager only. Other signals end the pager, too.
fn is_for_pager(signal: i32) -> bool {
    #[cfg(unix)]
    {
        if signal == SIGINT && pager_process::takes_interrupt() {
            return true;
        }
        pager_process::terminate();
    }
    let _ = signal;
    false
}

/// Prevents signals from ending the process for as long as the result exists: a report of the exit code must
/// be true.
pub(crate) fn hold_end() -> MutexGuard<'static, ()> {
    END.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Interrupts the command because standard output is closed.
pub(crate) fn on_closed_stdout() {
    #[cfg(unix)]
    let _ = SIGNAL.compare_exchange(0, SIGPIPE, Ordering::SeqCst, Ordering::SeqCst);
    if let Some(interrupt) = INTERRUPT.get() {
        interrupt.raise();
    }
}

/// Returns the exit code that a shell shows after the signal that was received.
pub(crate) fn exit_code() -> Option<i32> {
    match SIGNAL.load(Ordering::SeqCst) {
        0 => None,
        signal => Some(128 + signal),
    }
}

/// Returns whether the process ends because standard output was closed, which is no news to its user.
pub(crate) fn is_stdout_closed() -> bool {
    #[cfg(unix)]
    return SIGNAL.load(Ordering::SeqCst) == SIGPIPE;
    #[cfg(not(unix))]
    false
}

/// Ends the process by the signal that was received, so that its parent, for example a loop of a shell,
/// stops too. Returns if there was none.
pub(crate) fn raise_again() {
    let signal = SIGNAL.load(Ordering::SeqCst);
    if signal != 0 {
        let _ = signal_hook::low_level::emulate_default_handler(signal);
    }
}

/// Calls a function after each signal, in a thread.
#[cfg(unix)]
fn on_each_signal(handle: impl Fn(i32) + Send + 'static) -> io::Result<()> {
    let mut handled = vec![SIGINT, SIGTERM];
    // SIGHUP is ignored under `nohup`, and SIGQUIT in the background of a script.
    handled.extend(
        [SIGHUP, SIGQUIT]
            .into_iter()
            .filter(|signal| !is_ignored(*signal)),
    );
    // Actions of a signal run in the order in which they were registered.
    pager_process::record_interrupts()?;
    let mut signals = Signals::new(handled)?;
    thread::Builder::new().spawn(move || signals.forever().for_each(handle))?;
    Ok(())
}

/// Calls a function after each signal, in a thread. This system has no function that waits for signals.
#[cfg(not(unix))]
fn on_each_signal(handle: impl Fn(i32) + Send + 'static) -> io::Result<()> {
    const POLL_INTERVAL: Duration = Duration::from_millis(50);
    let signals = [SIGINT, SIGTERM].map(|signal| (signal, Arc::new(AtomicBool::new(false))));
    for (signal, has_arrived) in &signals {
        signal_hook::flag::register(*signal, has_arrived.clone())?;
    }
    thread::Builder::new().spawn(move || {
        loop {
            thread::sleep(POLL_INTERVAL);
            for (signal, has_arrived) in &signals {
                if has_arrived.swap(false, Ordering::SeqCst) {
                    handle(*signal);
                }
            }
        }
    })?;
    Ok(())
}

/// Prints the first message and raises the interrupt.
fn print_first(messages: &impl Messages, interrupt: Interrupt) {
    let messages = messages.clone();
    within_print_time(move || {
        // The lock delays the messages of the interrupted thread. The interrupt is raised before the
        // message is visible, so that a response that arrives later does not count as undisturbed.
        // `console` locks standard error first, too.
        let _stderr = io::stderr().lock();
        messages.print_first(&|| interrupt.raise());
    });
}

/// Waits for a function that prints, but no longer than [`MAX_PRINT_TIME`].
fn within_print_time(print: impl FnOnce() + Send + 'static) {
    let (sender, receiver) = channel();
    let print = move || {
        print();
        let _ = sender.send(());
    };
    // On a machine without resources for a thread, the signal must still have its effect. `spawn` drops the
    // sender then, and nothing is awaited.
    let _ = thread::Builder::new().spawn(print);
    let _ = receiver.recv_timeout(MAX_PRINT_TIME);
}

/// Returns whether a signal was ignored when this process started. Always `false` outside of Linux, where
/// reading the signal disposition requires `unsafe` code.
#[cfg(unix)]
fn is_ignored(signal: i32) -> bool {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    ignores(&status, signal)
}

#[cfg(unix)]
fn ignores(status: &str, signal: i32) -> bool {
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let mask = mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok());
    // Bit n - 1 represents signal n.
    mask.is_some_and(|mask| mask & (1 << (signal - 1)) != 0)
}

#[cfg(all(test, unix))]
mod tests {
    use super::{SIGHUP, SIGQUIT, ignores};

    #[test]
    fn ignored_signals_are_read_from_their_mask() {
        let hangup = "Name:\tx\nSigIgn:\t0000000000001001\nSigCgt:\t0\n";
        assert!(ignores(hangup, SIGHUP) && !ignores(hangup, SIGQUIT));
        let quit = "SigBlk:\t0000000000000001\nSigIgn:\t0000000000001006\n";
        assert!(ignores(quit, SIGQUIT) && !ignores(quit, SIGHUP));
        assert!(!ignores("SigIgn:\tno number\n", SIGHUP));
        assert!(!ignores("", SIGHUP));
    }
}
