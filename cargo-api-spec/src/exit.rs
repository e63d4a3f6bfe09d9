//! Every way in which a command line does not end well: its exit code, and what is said.

use std::fmt;
use std::process::ExitCode;

/// The exit codes, apart from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub(crate) enum Exit {
    /// The answer is no.
    No = 1,
    /// The command line cannot be used, or a file cannot be read or written.
    Usage = 2,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

/// Why a command line did not end well. `Display` is what standard error is told.
#[derive(Debug)]
pub(crate) struct Failure {
    exit: Exit,
    words: String,
    notes: Vec<String>,
}

impl Failure {
    fn new(exit: Exit, words: impl fmt::Display) -> Self {
        Self {
            exit,
            words: words.to_string(),
            notes: Vec::new(),
        }
    }

    /// What is wrong, in words alone.
    pub(crate) fn words(&self) -> &str {
        &self.words
    }

    /// What was asked has been found out, and the answer is no.
    pub(crate) fn no(words: impl fmt::Display) -> Self {
        Self::new(Exit::No, words)
    }

    /// What was typed cannot be used, or a file cannot.
    pub(crate) fn usage(words: impl fmt::Display) -> Self {
        Self::new(Exit::Usage, words)
    }

    /// Adds what helps, on a line of its own.
    pub(crate) fn note(mut self, note: impl Into<String>) -> Self {
        self.notes.push(note.into());
        self
    }

    pub(crate) fn exit(&self) -> Exit {
        self.exit
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "error: {}", self.words)?;
        self.notes
            .iter()
            .try_for_each(|note| write!(f, "\nnote: {note}"))
    }
}
