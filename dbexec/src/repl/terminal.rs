//! Settings of the terminal. A session changes them while code runs, and a signal may end it while a line is edited.

#[cfg(unix)]
use std::io;
#[cfg(unix)]
use std::sync::Arc;

#[cfg(unix)]
use rustix::termios::{OptionalActions, SpecialCodeIndex, Termios, tcgetattr, tcsetattr};

use crate::console;

/// Value of a key that is disabled, `_POSIX_VDISABLE`.
#[cfg(unix)]
const DISABLED: u8 = if cfg!(any(target_os = "linux", target_os = "android")) {
    0
} else {
    0xff
};

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

    /// Makes Ctrl-D an ordinary key, for the editor of the next line. Otherwise, the terminal replaces the key by
    /// NUL when a line is edited that it does not end.
    pub(super) fn disable_end_key(&self) {
        #[cfg(unix)]
        if let Some(saved) = &self.saved {
            let mut settings = Termios::clone(saved);
            settings.special_codes[SpecialCodeIndex::VEOF] = DISABLED;
            let _ = tcsetattr(io::stdin(), OptionalActions::Drain, &settings);
        }
    }

    /// Restores the settings.
    pub(super) fn restore(&self) {
        #[cfg(unix)]
        if let Some(saved) = &self.saved {
            let _ = tcsetattr(io::stdin(), OptionalActions::Drain, saved);
        }
    }

    /// Ends the line that is edited, and restores the settings.
    pub(super) fn end_line(&self) {
        self.restore();
        #[cfg(unix)]
        if self.saved.is_some() {
            // The mode in which the terminal marks text that is pasted.
            console::eprint_sequence("\x1b[?2004l\r\n");
        }
        #[cfg(not(unix))]
        console::eprint_sequence("\n");
    }
}
