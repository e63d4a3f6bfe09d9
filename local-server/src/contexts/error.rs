//! Errors of operations on contexts and commands.

use crate::clusters::ClusterError;
use crate::language::Language;

/// Error of an operation on a context or a command. `http` maps it to a response.
#[derive(Debug)]
pub(crate) enum ServiceError {
    NoSuchContext(String),
    NoSuchCommand {
        context: String,
        command: String,
    },
    UnsupportedLanguage(Language),
    /// A context does not run commands in this language.
    OtherLanguage {
        context: Language,
        command: Language,
    },
    CannotStart {
        program: String,
        reason: String,
    },
    NoRandomBytes(getrandom::Error),
    TooManyContexts(usize),
    QueueFull(String),
    ContextFailed {
        context: String,
        reason: String,
    },
    NotKilled(String),
    Cluster(ClusterError),
    ShuttingDown,
}
