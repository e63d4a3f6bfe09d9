//! Statuses in responses.

use serde::Serialize;

/// Status of a context in responses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub(crate) enum ContextStatus {
    Pending,
    Running,
    Error,
}

/// Status of a command in responses.
///
/// Databricks documents `Error` too. In observed responses, failed code is `Finished`, with results of
/// the type `error`; this server does the same. `Cancelled` is reported without
/// `Quirk::CancelIsFinished` only.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub(crate) enum CommandStatus {
    Queued,
    Running,
    Cancelling,
    Finished,
    Cancelled,
}
