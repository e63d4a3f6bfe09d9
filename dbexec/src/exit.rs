//! Every way in which a command line does not end well: its exit code, and what is said.

use std::error::Error as StdError;
use std::fmt;
use std::process::ExitCode;

use generated_client::{Error, ErrorKind, RunError};
use local_server::StartError;

/// The exit codes, apart from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Exit {
    /// The code that was run ended with an error, or somebody cancelled it.
    CodeFailed = 1,
    /// The command line or the settings cannot be used. Nothing was sent.
    Usage = 2,
    /// The server was not reached, refused, was not understood, or lost the context.
    Unserved = 3,
    /// Something took longer than it may.
    TimedOut = 4,
    /// Ctrl-C, as shells have it: 128 and the number of the signal.
    Interrupted = 130,
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
        let words = format!("error: {words}");
        Self {
            exit,
            words,
            notes: Vec::new(),
        }
    }

    /// What was typed or set cannot be used.
    pub(crate) fn usage(words: impl fmt::Display) -> Self {
        Self::new(Exit::Usage, words)
    }

    /// Something outside of the code that was to be run failed.
    pub(crate) fn unserved(words: impl fmt::Display) -> Self {
        Self::new(Exit::Unserved, words)
    }

    /// The user asked for an end.
    pub(crate) fn interrupted(words: impl fmt::Display) -> Self {
        Self::new(Exit::Interrupted, words)
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
        f.write_str(self.words.trim_end_matches('\n'))?;
        self.notes
            .iter()
            .try_for_each(|note| write!(f, "\nnote: {note}"))
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        let processed = error.may_have_been_processed();
        let failure = Self::new(exit_of(error.kind()), with_causes(&error));
        if processed {
            failure.note("the server may have run it; check before you run it again")
        } else {
            failure
        }
    }
}

impl From<RunError> for Failure {
    fn from(error: RunError) -> Self {
        let exit = match error {
            RunError::Request(error) => return error.into(),
            // A traceback speaks for itself.
            RunError::Failed(failure) => {
                let words = failure.to_string();
                return Self {
                    exit: Exit::CodeFailed,
                    words,
                    notes: Vec::new(),
                };
            }
            RunError::Cancelled => Exit::CodeFailed,
            RunError::Timeout(_) => Exit::TimedOut,
            RunError::Interrupted(_) => Exit::Interrupted,
            _ => Exit::Unserved,
        };
        Self::new(exit, with_causes(&error))
    }
}

impl From<StartError> for Failure {
    fn from(error: StartError) -> Self {
        if error.is_port_in_use() {
            return Self::unserved(&error).note("`--port 0` takes any that is free");
        }
        Self::unserved(with_causes(&error))
    }
}

fn exit_of(kind: ErrorKind) -> Exit {
    match kind {
        ErrorKind::InvalidInput => Exit::Usage,
        ErrorKind::Timeout | ErrorKind::WaitTimeout => Exit::TimedOut,
        ErrorKind::Interrupted => Exit::Interrupted,
        _ => Exit::Unserved,
    }
}

/// The error and the errors below it, as far as they say something new.
fn with_causes(error: &dyn StdError) -> String {
    let mut words = error.to_string();
    let mut below = error.source();
    while let Some(cause) = below {
        let text = cause.to_string();
        if !words.contains(&text) {
            words.push_str(": ");
            words.push_str(&text);
        }
        below = cause.source();
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(kind: ErrorKind) -> Error {
        Error::before_sending(kind, "words")
    }

    #[test]
    fn every_kind_of_error_has_its_exit_code() {
        let cases = [
            (ErrorKind::InvalidInput, 2),
            (ErrorKind::Connect, 3),
            (ErrorKind::Disconnected, 3),
            (ErrorKind::Timeout, 4),
            (ErrorKind::Status, 3),
            (ErrorKind::InvalidResponse, 3),
            (ErrorKind::WaitFailed, 3),
            (ErrorKind::WaitTimeout, 4),
            (ErrorKind::Interrupted, 130),
        ];
        for (kind, code) in cases {
            assert_eq!(Failure::from(error(kind)).exit() as u8, code, "{kind:?}");
            let run = RunError::Request(error(kind));
            assert_eq!(Failure::from(run).exit() as u8, code, "a call: {kind:?}");
        }
    }

    #[test]
    fn every_end_of_a_command_has_its_exit_code() {
        let cases = [
            (RunError::Cancelled, 1, "error: the command was cancelled"),
            (
                RunError::ContextLost("gone".to_owned()),
                3,
                "error: the execution context is lost: gone",
            ),
            (
                RunError::Timeout(error(ErrorKind::WaitTimeout)),
                4,
                "error: the command was cancelled: words",
            ),
            (
                RunError::Interrupted(error(ErrorKind::Interrupted)),
                130,
                "error: the command was cancelled: words",
            ),
        ];
        for (run, code, words) in cases {
            let failure = Failure::from(run);
            assert_eq!(
                (failure.exit() as u8, failure.to_string().as_str()),
                (code, words)
            );
        }
    }

    #[test]
    fn notes_stand_on_lines_of_their_own() {
        let failure = Failure::usage("no\n").note("a").note("b");
        assert_eq!(failure.to_string(), "error: no\nnote: a\nnote: b");
        assert_eq!(failure.exit(), Exit::Usage);
    }

    #[test]
    fn causes_are_told_once() {
        #[derive(Debug)]
        struct Layer(&'static str, Option<Box<Layer>>);
        impl fmt::Display for Layer {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.0)
            }
        }
        impl StdError for Layer {
            fn source(&self) -> Option<&(dyn StdError + 'static)> {
                self.1.as_deref().map(|layer| layer as _)
            }
        }
        let bottom = Layer("port 1", Some(Box::new(Layer("denied", None))));
        let error = Layer("cannot listen on port 1", Some(Box::new(bottom)));
        assert_eq!(with_causes(&error), "cannot listen on port 1: denied");
    }
}
