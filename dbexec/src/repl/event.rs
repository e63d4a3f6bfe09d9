//! Messages between the threads of a session.
//!
//! The session runs on the main thread. Another thread reads lines, because a signal must end the session
//! while a line is awaited.

use std::sync::mpsc::SyncSender;

use crate::language::Language;

/// Event that the session handles.
#[derive(Debug)]
pub(super) enum Event {
    /// End of a request for a line.
    Read(Read),
    /// Request of the editor for names of the session.
    Names(NamesRequest),
    /// A signal ends the session.
    Ended,
}

/// Result of a request for a line.
#[derive(Debug)]
pub(super) enum Read {
    /// Text without the last line end. A paste has several lines.
    Line(String),
    /// Ctrl-C.
    Cleared,
    /// End of the input, or Ctrl-D.
    End,
    /// Error of the terminal or of standard input.
    Failed(String),
}

/// Request for the names that a completion needs.
#[derive(Debug)]
pub(super) struct NamesRequest {
    pub(super) language: Language,
    /// Object whose attributes are requested, or an empty text for the names of the session.
    pub(super) object: String,
    pub(super) reply: SyncSender<Vec<String>>,
}

/// Request to the thread that reads lines.
#[derive(Debug)]
pub(super) enum Request {
    Line(LineRequest),
    /// Adds an input to the history.
    Remember(String),
}

/// Request for a line.
#[derive(Debug)]
pub(super) struct LineRequest {
    pub(super) language: Language,
    pub(super) prompt: String,
    /// Previous lines of the same input, each with its line end.
    pub(super) before: String,
    /// Text to edit.
    pub(super) initial: String,
}
