//! Messages for the end of a run that was not successful.

use std::time::Duration;

use generated_client::{Failure, RunError};

use super::step::{Place, Step};
use super::traceback;
use crate::elapsed::{self, Elapsed};
use crate::error::{CliError, TIMEOUT_HELP, with_sources};
use crate::timeout::Timeout;

/// Facts about a step that was not successful.
#[derive(Debug)]
pub(super) struct Ending<'a> {
    pub(super) step: &'a Step,
    pub(super) elapsed: Duration,
    /// Time of the last response that contained the output so far.
    pub(super) last_output: Duration,
    pub(super) timeout: Timeout,
    /// State of the contexts, for example `context destroyed`.
    pub(super) contexts: &'static str,
}

impl Ending<'_> {
    /// Converts the error of the step.
    pub(super) fn error(&self, error: RunError) -> CliError {
        let Self { step, contexts, .. } = self;
        let place = &step.place;
        // The message of the error names the command, which may be running.
        if error.leftover().is_some() {
            return CliError::from(error);
        }
        let is_sent = error.may_have_been_processed();
        let end = if is_sent { "canceled" } else { "was not sent" };
        match &error {
            RunError::Failed(failure) => self.failed(failure),
            RunError::Timeout(cause) => CliError::timeout(format_args!(
                "timed out after {} (--timeout); {place} {end}, {contexts}",
                self.timeout
            ))
            .note(with_sources(cause))
            .help(TIMEOUT_HELP),
            RunError::Interrupted(_) => {
                CliError::interrupted(format_args!("interrupted; {place} {end}, {contexts}"))
            }
            _ => CliError::from(error),
        }
    }

    /// Names file and line of an error of the code.
    fn failed(&self, failure: &Failure) -> CliError {
        let place = &self.step.place;
        let (text, line) = located(failure, place);
        let name = line.map_or_else(|| place.to_string(), |line| place.at_line(line));
        let message = failure.message();
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

/// Returns the text of an error with the lines of its file, and the last of them.
pub(crate) fn located(failure: &Failure, place: &Place) -> (String, Option<usize>) {
    let text = failure.to_string();
    if let Some(location) = &failure.location {
        return (text, usize::try_from(location.line).ok());
    }
    let Some(offset) = place.line_offset() else {
        return (text, None);
    };
    let (located, line) = traceback::locate(&text, &place.origin.to_string(), offset);
    (located.into_owned(), line)
}
