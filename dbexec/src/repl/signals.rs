//! Reactions to signals: Ctrl-C cancels the code that runs, other signals end the session.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::Sender;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use generated_client::{CancelHandle, Interrupt, Leftovers};
use signal_hook::consts::SIGINT;

use super::event::Event;
use super::terminal::TerminalSettings;
use crate::{interrupt, remains};

/// Function that sets the state in the progress line.
type SetState = Box<dyn Fn(&str) + Send>;

/// State that the session shares with the thread of the signals. Clones are the same state.
#[derive(Clone)]
pub(super) struct Signals(Arc<Shared>);

struct Shared {
    /// Set if Ctrl-C does not end the session.
    is_interactive: bool,
    /// Set if the code runs on this machine.
    is_local: bool,
    activity: Mutex<Activity>,
    /// Set from the end of a line until the next one begins.
    has_line: AtomicBool,
    events: Sender<Event>,
    terminal: TerminalSettings,
    leftovers: Leftovers,
}

/// Activity that Ctrl-C ends.
enum Activity {
    /// There is no prompt yet: Ctrl-C ends the session.
    Starting,
    /// The editor handles the key.
    None,
    Creating(Interrupt),
    /// Command of the session itself.
    Querying(CancelHandle),
    Running {
        handle: CancelHandle,
        set_state: SetState,
        canceled_at: Option<Instant>,
    },
}

/// Ends an activity when it is dropped.
pub(super) struct Running<'a>(&'a Signals);

impl Signals {
    pub(super) fn new(
        is_interactive: bool,
        is_local: bool,
        events: Sender<Event>,
        terminal: TerminalSettings,
        leftovers: Leftovers,
    ) -> Self {
        Self(Arc::new(Shared {
            is_interactive,
            is_local,
            activity: Mutex::new(Activity::Starting),
            has_line: AtomicBool::new(false),
            events,
            terminal,
            leftovers,
        }))
    }

    fn lock(&self) -> MutexGuard<'_, Activity> {
        self.0
            .activity
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// Begins the inputs: from now on, Ctrl-C does not end the session.
    pub(super) fn begin_inputs(&self) {
        *self.lock() = Activity::None;
    }

    /// Lets Ctrl-C raise an interrupt until the returned value is dropped.
    pub(super) fn creating(&self, interrupt: &Interrupt) -> Running<'_> {
        *self.lock() = Activity::Creating(interrupt.clone());
        Running(self)
    }

    /// Lets Ctrl-C cancel a command until the returned value is dropped.
    pub(super) fn running(&self, handle: CancelHandle, set_state: SetState) -> Running<'_> {
        *self.lock() = Activity::Running {
            handle,
            set_state,
            canceled_at: None,
        };
        Running(self)
    }

    /// Lets Ctrl-C, and the end of the line, cancel a query until the returned value is dropped.
    pub(super) fn querying(&self, handle: CancelHandle) -> Running<'_> {
        let mut activity = self.lock();
        if self.has_line() {
            handle.cancel();
        }
        *activity = Activity::Querying(handle);
        drop(activity);
        Running(self)
    }

    /// Begins a line, whose completion may need queries.
    pub(super) fn begin_line(&self) {
        self.0.has_line.store(false, Ordering::SeqCst);
    }

    /// Ends the queries for the completion of a line that is complete: its code does not wait for them.
    pub(super) fn end_line(&self) {
        let activity = self.lock();
        self.0.has_line.store(true, Ordering::SeqCst);
        if let Activity::Querying(handle) = &*activity {
            handle.cancel();
        }
    }

    /// Returns whether the line is complete.
    pub(super) fn has_line(&self) -> bool {
        self.0.has_line.load(Ordering::SeqCst)
    }

    /// Cancels the command; the second time, gives up waiting for its end.
    fn on_ctrl_c(&self) {
        match &mut *self.lock() {
            Activity::Starting | Activity::None => {}
            Activity::Creating(interrupt) => interrupt.raise(),
            Activity::Querying(handle) => handle.cancel(),
            Activity::Running {
                handle,
                set_state,
                canceled_at: canceled_at @ None,
            } => {
                *canceled_at = Some(Instant::now());
                handle.cancel();
                set_state("cancelling; Ctrl-C again does not wait");
            }
            Activity::Running { handle, .. } => handle.abandon(),
        }
    }
}

impl Running<'_> {
    /// Returns the time at which Ctrl-C has canceled the command.
    pub(super) fn canceled_at(&self) -> Option<Instant> {
        match *self.0.lock() {
            Activity::Running { canceled_at, .. } => canceled_at,
            _ => None,
        }
    }
}

impl Drop for Running<'_> {
    fn drop(&mut self) {
        *self.0.lock() = Activity::None;
    }
}

impl interrupt::Messages for Signals {
    fn handle(&self, signal: i32) -> bool {
        let is_starting = matches!(*self.lock(), Activity::Starting);
        let is_handled = self.0.is_interactive && signal == SIGINT && !is_starting;
        if is_handled {
            self.on_ctrl_c();
        }
        is_handled
    }

    fn print_first(&self, raise: &dyn Fn()) {
        if self.0.is_interactive {
            raise();
        } else {
            remains::print_interrupted(&self.0.leftovers, raise);
        }
    }

    fn wake(&self) {
        let _ = self.0.events.send(Event::Ended);
    }

    fn print_last(&self) {
        self.0.terminal.end_line();
        if !self.0.is_local {
            remains::print(&self.0.leftovers, "");
        }
    }
}
