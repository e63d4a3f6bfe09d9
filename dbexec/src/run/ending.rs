//! Messages for the end of a run that was not successful.

use std::time::Duration;

use generated_client::{Failure, Leftover, RunError};

use super::step::Step;
use super::{sql_position, traceback};
use crate::elapsed::{self, Elapsed};
use crate::error::{CliError, TIMEOUT_HELP, with_sources};
use crate::handle::Handle;
use crate::language::Language;
use crate::timeout::Timeout;

/// Facts about a step that was not successful.
#[derive(Debug)]
pub(super) struct Ending<'a> {
    pub(super) step: &'a Step,
    pub(super) elapsed: Duration,
    /// Time of the last response that contained the output so far.
    pub(super) last_output: Duration,
    pub(super) timeout: Timeout,
    pub(super) cleanup_timeout: Timeout,
    /// State of the contexts, for example `context destroyed`.
    pub(super) contexts: &'static str,
}

impl Ending<'_> {
    /// Converts the error of the step.
    pub(super) fn error(&self, error: RunError) -> CliError {
        let Self { step, contexts, .. } = self;
        let place = &step.place;
        if let Some(leftover) = error.leftover() {
            let unconfirmed = self.unconfirmed(&error, leftover);
            return unconfirmed.unwrap_or_else(|| CliError::from(error));
        }
        let is_sent = error.may_have_been_processed();
        let end = if is_sent { "cancelled" } else { "was not sent" };
        match &error {
            RunError::Failed(failure) => self.failed(failure),
            RunError::Timeout(cause) => {
                let error = CliError::timeout(format_args!(
                    "timed out after {} (--timeout); {place} {end}, {contexts}",
                    self.timeout
                ));
                // The server has confirmed the end of a command that was sent.
                let error = if is_sent {
                    error
                } else {
                    error.note(with_sources(cause))
                };
                error.help(TIMEOUT_HELP)
            }
            RunError::Interrupted(_) => {
                let subject = self.subject();
                CliError::interrupted(format_args!("{subject} {end}, {contexts}"))
            }
            _ => CliError::from(error),
        }
    }

    /// Returns the name of the step, or `command` if there is only one.
    fn subject(&self) -> String {
        let place = &self.step.place;
        match (place.file, place.cell, place.statement) {
            ((_, 1), None, None) => "command".to_owned(),
            _ => place.to_string(),
        }
    }

    /// Names a command that may still run.
    fn unconfirmed(&self, error: &RunError, leftover: &Leftover) -> Option<CliError> {
        let within = match self.cleanup_timeout.duration() {
            Some(_) => format!("not confirmed within {}; {leftover}", self.cleanup_timeout),
            None => format!("not confirmed; {leftover}"),
        };
        let cli_error = match error {
            RunError::Timeout(_) => CliError::timeout(format_args!(
                "timed out after {} (--timeout); cancellation {within}",
                self.timeout
            )),
            RunError::Interrupted(_) => CliError::unconfirmed(within),
            // Another error has ended the wait.
            _ => return None,
        };
        let handle = Handle::of_command(leftover).filter(Handle::is_printable);
        Some(match handle {
            Some(handle) => cli_error.help(format_args!("dbexec cancel {handle}")),
            None => cli_error,
        })
    }

    /// Names file and line of an error of the code.
    fn failed(&self, failure: &Failure) -> CliError {
        let Located {
            text,
            message,
            line,
        } = located(failure, self.step);
        let name = self.step.place.name(line);
        let message = message.lines().next().unwrap_or_default();
        let brief = match failure.name() {
            Some(kind) => format!("{name} {kind}: {message}"),
            None => format!("{name} {message}"),
        };
        let error = CliError::code_failed(text)
            .with_brief(brief)
            .line(format_args!(
                "error: {name} failed after {}; {}",
                Elapsed(self.elapsed),
                self.contexts
            ));
        if self.step.keeps_output() {
            return error;
        }
        error.note(format_args!(
            "output since {} may be lost",
            elapsed::clock_with_tenths(self.last_output)
        ))
    }
}

/// Error of the code, with the lines of its file.
pub(crate) struct Located {
    pub(crate) text: String,
    /// Message without the kind of the error and a traceback.
    pub(crate) message: String,
    /// Line to name.
    pub(crate) line: Option<usize>,
}

/// Replaces the lines of a command by those of its file.
pub(crate) fn located(failure: &Failure, step: &Step) -> Located {
    let place = &step.place;
    let unchanged = |line| Located {
        text: failure.to_string(),
        message: failure.message(),
        line,
    };
    if let Some(location) = &failure.location {
        return unchanged(usize::try_from(location.line).ok());
    }
    let Some(position) = place.position() else {
        return unchanged(None);
    };
    if step.language == Language::Sql {
        let (text, line) = sql_position::locate(&failure.to_string(), position);
        return Located {
            text,
            message: sql_position::locate(&failure.message(), position).0,
            line: line.or_else(|| place.statement_line()),
        };
    }
    let text = failure.to_string();
    let (text, line) = traceback::locate(&text, &place.origin.to_string(), position.line - 1);
    Located {
        text: text.into_owned(),
        message: failure.message(),
        line,
    }
}
