//! Errors of operations on contexts and commands.

use crate::engine::StartEngineError;
use crate::language::Language;

/// Error of an operation on a context or a command. `http` maps it to a response.
#[derive(Debug)]
pub(crate) enum ServiceError {
    NoSuchContext(String),
    NoSuchCommand {
        context: String,
        command: String,
    },
    /// The engine of a context cannot be started.
    CannotStart(Language, StartEngineError),
    /// A context does not run commands in this language.
    OtherLanguage {
        context: Language,
        command: Language,
    },
    NoRandomBytes(getrandom::Error),
    TooManyContexts(usize),
    QueueFull(String),
    ContextFailed {
        context: String,
        reason: String,
    },
    NotKilled(String),
    ShuttingDown,
}
