//! Facts about a run that a report contains.

use std::time::Instant;

use generated_client::{ContextId, Delivery, LeftoverChange, LeftoverEvent, RunError};

use crate::console;
use crate::error::{CliError, Exit};
use crate::language::Language;

/// Facts about a run.
#[derive(Debug)]
pub(super) struct Run {
    pub(super) start: Instant,
    /// Cluster as the user has specified it.
    pub(super) cluster: Option<String>,
    pub(super) cluster_id: Option<String>,
    pub(super) contexts: Vec<Context>,
    pub(super) commands: Vec<Command>,
}

/// Context of a run.
#[derive(Debug)]
pub(super) struct Context {
    /// Key in the record of the contexts that remain, if it has this context.
    pub(super) key: Option<u64>,
    /// `None` until the response to the request that creates the context.
    pub(super) id: Option<String>,
    pub(super) is_destroyed: bool,
}

/// Command of a run, in the order of the steps.
#[derive(Debug)]
pub(super) struct Command {
    pub(super) file: String,
    pub(super) cell: Option<usize>,
    pub(super) language: Language,
    /// Number of the statements, which are commands of the API, and of those that have started.
    pub(super) statements: usize,
    pub(super) started: usize,
    /// Id of the context.
    pub(super) context: Option<String>,
    /// Id of the command, or of the last statement that has started.
    pub(super) id: Option<String>,
    /// Last status of this command that was received.
    pub(super) state: Option<String>,
    pub(super) start: Option<Instant>,
    pub(super) seconds: Option<f64>,
    pub(super) result: CommandResult,
    pub(super) is_truncated: bool,
    pub(super) error: Option<CommandError>,
    /// Delivery of the request that runs the command, if it has failed.
    pub(super) delivery: Delivery,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum CommandResult {
    NotRun,
    /// Started, and its end is not known.
    Running,
    Success,
    Error,
    Canceled,
    Timeout,
    Interrupted,
    /// A request failed, or the context is lost.
    Lost,
}

impl CommandResult {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::NotRun => "not run",
            Self::Running => "running",
            Self::Success => "success",
            Self::Error => "error",
            Self::Canceled => "canceled",
            Self::Timeout => "timeout",
            Self::Interrupted => "interrupted",
            Self::Lost => "lost",
        }
    }
}

#[derive(Clone, Debug)]
pub(super) struct CommandError {
    pub(super) name: Option<String>,
    pub(super) message: String,
    pub(super) line: Option<usize>,
}

/// End of a command.
#[derive(Debug)]
pub(crate) enum End<'a> {
    Success {
        is_truncated: bool,
    },
    Failed {
        /// Kind of the error.
        name: Option<String>,
        message: String,
        line: Option<usize>,
    },
    /// Any other error of the command.
    Other(&'a RunError),
    /// An error before or after the command.
    Beside(&'a CliError),
}

impl Run {
    /// Records a change of a context.
    pub(super) fn record(&mut self, event: &LeftoverEvent<'_>) {
        let id = event.leftover.context_id();
        let id = id.map(|id| id.as_str().to_owned());
        let contexts = &mut self.contexts;
        let index = contexts
            .iter()
            .position(|context| context.key == Some(event.key));
        let index = index.unwrap_or_else(|| {
            contexts.push(Context {
                key: Some(event.key),
                id: None,
                is_destroyed: false,
            });
            contexts.len() - 1
        });
        let is_removed = event.change == LeftoverChange::Removed;
        if is_removed && id.is_none() {
            // It was not created.
            contexts.remove(index);
            return;
        }
        contexts[index].id = id;
        contexts[index].is_destroyed = is_removed;
    }
}

impl Command {
    /// Creates a command that has not run.
    pub(super) fn new(
        file: String,
        cell: Option<usize>,
        language: Language,
        statements: usize,
    ) -> Self {
        Self {
            file,
            cell,
            language,
            statements,
            started: 0,
            context: None,
            id: None,
            state: None,
            start: None,
            seconds: None,
            result: CommandResult::NotRun,
            is_truncated: false,
            error: None,
            delivery: Delivery::NotProcessed,
        }
    }

    /// Records that the command, or its next statement, starts in a context.
    pub(super) fn begin(&mut self, context: &ContextId) {
        self.context = Some(context.as_str().to_owned());
        self.id = None;
        self.state = None;
        self.start.get_or_insert_with(Instant::now);
        self.started += 1;
        self.result = CommandResult::Running;
    }

    /// Returns whether the server has processed the request that runs the command.
    pub(super) fn delivery(&self) -> &'static str {
        match (&self.id, self.result, self.delivery) {
            (Some(_), ..) => "processed",
            (None, CommandResult::Running, _) | (None, _, Delivery::Unknown) => "unknown",
            (None, _, Delivery::NotProcessed) => "not processed",
        }
    }

    pub(super) fn set_end(&mut self, end: &End<'_>) {
        if let End::Other(error) = end {
            self.delivery = error.delivery();
        }
        (self.result, self.error) = match end {
            End::Success { is_truncated } => {
                self.is_truncated = *is_truncated;
                (CommandResult::Success, None)
            }
            End::Failed {
                name,
                message,
                line,
            } => (
                CommandResult::Error,
                Some(CommandError {
                    name: name.clone(),
                    message: console::redact(message),
                    line: *line,
                }),
            ),
            End::Beside(error) => {
                let result = match error.exit() {
                    Exit::CodeFailed => CommandResult::Error,
                    Exit::Timeout => CommandResult::Timeout,
                    Exit::Interrupted => CommandResult::Interrupted,
                    Exit::Usage | Exit::ServiceError => CommandResult::Lost,
                    Exit::Truncated => {
                        self.is_truncated = true;
                        CommandResult::Success
                    }
                };
                let error = CommandError {
                    name: None,
                    message: console::redact(error.message()),
                    line: None,
                };
                (result, Some(error))
            }
            End::Other(error) => {
                let result = match error {
                    RunError::Cancelled => CommandResult::Canceled,
                    RunError::Timeout(_) => CommandResult::Timeout,
                    RunError::Interrupted(_) => CommandResult::Interrupted,
                    _ => CommandResult::Lost,
                };
                let error = CommandError {
                    name: None,
                    message: console::redact(&error.to_string()),
                    line: None,
                };
                (result, Some(error))
            }
        };
    }

    /// Names the command, for example `nb.py (cell 3)`.
    pub(super) fn title(&self) -> String {
        match self.cell {
            Some(cell) => format!("{} (cell {cell})", self.file),
            None => self.file.clone(),
        }
    }
}

/// Run that has ended.
#[derive(Debug)]
pub(super) struct Summary<'a> {
    pub(super) run: &'a Run,
    /// `None` until the end.
    pub(super) exit: Option<i32>,
    pub(super) seconds: f64,
    pub(super) message: Option<&'a str>,
}
