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
            console::draw("\x1b[?2004l");
            console::draw_end();
        }
        #[cfg(not(unix))]
        console::draw_end();
    }
}
