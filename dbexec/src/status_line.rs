//! Line on standard error that is drawn again and again, and erased before other output.

use std::io::{self, StderrLock, Write as _};
use std::sync::{Mutex, MutexGuard, PoisonError};

use terminal_size::terminal_size_of;
use unicode_width::UnicodeWidthChar as _;

/// State of the last line of the terminal.
#[derive(Debug)]
struct State {
    is_drawn: bool,
    /// Set if the last line is complete.
    is_line_start: bool,
    /// Set if the process is about to end.
    is_ended: bool,
}

static STATE: Mutex<State> = Mutex::new(State {
    is_drawn: false,
    is_line_start: true,
    is_ended: false,
});

/// Exclusive access to the line and to standard error.
#[derive(Debug)]
pub(crate) struct StatusLine {
    state: MutexGuard<'static, State>,
    stderr: StderrLock<'static>,
}

/// Locks the line, which cannot be drawn during writes to the terminal.
pub(crate) fn lock() -> StatusLine {
    // Always in this order: the handler of signals holds the lock of standard error when it prints.
    let stderr = io::stderr().lock();
    let state = STATE.lock().unwrap_or_else(PoisonError::into_inner);
    StatusLine { state, stderr }
}

impl StatusLine {
    /// Erases the line before output that begins at its place.
    pub(crate) fn erase(&mut self) {
        if self.state.is_drawn {
            self.state.is_drawn = false;
            let _ = write!(self.stderr, "\r\x1b[K");
        }
    }

    /// Writes a line to standard error in place of the status line.
    pub(crate) fn write_line(&mut self, text: &str) {
        self.erase();
        // An error of standard error cannot be reported.
        let _ = writeln!(self.stderr, "{text}");
    }

    /// Records whether the last line of the output is complete.
    pub(crate) fn set_line_start(&mut self, is_line_start: bool) {
        self.state.is_line_start = is_line_start;
    }

    /// Draws a line, unless the last line of the terminal is not complete.
    pub(crate) fn draw(&mut self, line: &str) {
        if self.state.is_line_start && !self.state.is_ended {
            self.state.is_drawn = true;
            // `\x1b[K` erases the rest of a longer line.
            let _ = write!(self.stderr, "\r{}\x1b[K", cut(line, width()));
        }
    }

    /// Erases the line, and draws none any more.
    pub(crate) fn end(&mut self) {
        self.erase();
        self.state.is_ended = true;
    }
}

/// Returns the width of lines that the terminal does not wrap.
pub(crate) fn width() -> usize {
    const DEFAULT_WIDTH: usize = 80;
    let size = terminal_size_of(io::stderr());
    let width = size.map(|(width, _)| usize::from(width.0));
    // The size of a terminal that was not configured is zero.
    let width = width.filter(|width| *width > 0).unwrap_or(DEFAULT_WIDTH);
    width.saturating_sub(1)
}

/// Returns the start of a text that is not wider than a number of columns.
pub(crate) fn cut(text: &str, width: usize) -> String {
    let mut rest = width;
    let is_fitting = |c: &char| {
        let after = rest.checked_sub(c.width().unwrap_or(0));
        rest = after.unwrap_or(0);
        after.is_some()
    };
    text.chars().take_while(is_fitting).collect()
}
