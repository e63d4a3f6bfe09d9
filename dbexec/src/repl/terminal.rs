//! Settings of the terminal, which a session restores when a signal ends it while a line is edited.

#[cfg(unix)]
use std::io;
#[cfg(unix)]
use std::sync::Arc;

#[cfg(unix)]
use rustix::termios::{OptionalActions, Termios, tcgetattr, tcsetattr};

use crate::console;

/// Settings of the terminal at the start, or nothing if standard input is not a terminal.
#[derive(Clone)]
pub(super) struct TerminalSettings {
    #[cfg(unix)]
    saved: Option<Arc<Termios>>,
}

impl TerminalSettings {
    pub(super) fn save() -> Self {
        Self {
            #[cfg(unix)]
            saved: tcgetattr(io::stdin()).ok().map(Arc::new),
        }
    }

    /// Ends the line that is edited, and restores the settings.
    pub(super) fn restore(&self) {
        #[cfg(unix)]
        if let Some(saved) = &self.saved {
            let _ = tcsetattr(io::stdin(), OptionalActions::Drain, saved);
            // The mode in which the terminal marks text that is pasted.
            console::eprint_sequence("\x1b[?2004l\r\n");
        }
        #[cfg(not(unix))]
        console::eprint_sequence("\n");
    }
}
