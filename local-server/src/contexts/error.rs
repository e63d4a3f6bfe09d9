//! Errors of operations on contexts and commands.

use crate::clusters::ClusterError;
use crate::engines::StartEngineError;
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
    /// The cluster has just started.
    ClusterNotReady(String),
    TooManyContexts(usize),
    Evicted(String),
    /// The interpreter of a context is starting.
    NotReady,
    /// The command begins with a magic command. The text names it, and what to use instead.
    Magic(String),
    QueueFull(String),
    ContextFailed {
        context: String,
        reason: String,
    },
    NotKilled(String),
    Cluster(ClusterError),
    ShuttingDown,
}
