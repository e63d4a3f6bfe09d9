//! Commands of a session, and their results.

use std::time::{Duration, Instant};

use generated_client::{Command, ExecutionContext, Failure, Output, RunError, Wait};

use super::contexts::Contexts;
use super::failure::{self, Inputs};
use super::signals::Signals;
use crate::error::CliError;
use crate::language::Language;
use crate::out::Out;
use crate::progress::{Mode, Progress, is_running};
use crate::render::{ImageName, Options, Printer, TextEnd};
use crate::run::step::Step;
use crate::timeout::Timeout;

/// Maximum time of a query for the names of a completion. The editor waits for a part of it only.
const MAX_NAMES_TIME: Duration = Duration::from_secs(10);

/// Runs code in the contexts of a session.
pub(super) struct Runner<'a> {
    pub(super) contexts: Contexts<'a>,
    pub(super) signals: Signals,
    pub(super) options: Options<'a>,
    pub(super) progress: Mode,
    /// Ctrl-C does not end the session, and failures are printed.
    pub(super) is_interactive: bool,
}

/// Code of one command.
pub(super) struct Task<'t> {
    pub(super) language: Language,
    /// Number of the input, or `None` for code of a file.
    pub(super) input: Option<usize>,
    pub(super) code: Code<'t>,
    pub(super) image_name: ImageName,
    pub(super) text_end: TextEnd,
}

/// Code of a task.
#[derive(Clone, Copy)]
pub(super) enum Code<'t> {
    Text(&'t str),
    /// Step of a file.
    Step(&'t Step),
}

impl Code<'_> {
    fn command<'a>(&'a self, context: &'a ExecutionContext) -> Command<'a> {
        match self {
            Self::Text(code) => context.command(*code),
            Self::Step(step) => step.command(context),
        }
    }
}

/// End of a command that has no output.
pub(super) enum Failed {
    /// The code raised an error.
    Code(Box<Failure>),
    /// Ctrl-C has canceled the command, after this time.
    Canceled(Duration),
    /// The context is lost.
    ContextLost(String),
    Other(CliError),
}

impl From<CliError> for Failed {
    fn from(error: CliError) -> Self {
        Self::Other(error)
    }
}

impl Runner<'_> {
    /// Runs a command and prints its results.
    pub(super) fn run(&mut self, task: &Task<'_>) -> Result<Output, Failed> {
        loop {
            let progress = Progress::new(self.progress, Timeout::NONE);
            progress.begin(&"context", "Pending");
            let index = self.contexts.open(task.language, &progress)?;
            let mut printer = Printer::new(Out::Streams, self.options, 1);
            let mut live = printer.live_output();
            progress.begin(&"", "Running");
            let result = {
                let open = self.contexts.get(index);
                let (set_state, describe) = (progress.setter(), self.contexts.states());
                let command = task.code.command(&open.context);
                let handle = command.cancel_handle();
                let end_of_code = live.end_of_code();
                let command = command
                    .language(task.language.into())
                    .wait(Wait::new().no_timeout())
                    .on_output(|text| live.print(text))
                    .on_progress(move |progress| {
                        if !is_running(progress.status) {
                            end_of_code.set();
                        } else if !handle.is_canceled() {
                            set_state(&describe(progress.status));
                        }
                    });
                let running = self.is_interactive.then(|| {
                    let set_state = Box::new(progress.setter());
                    self.signals.running(command.cancel_handle(), set_state)
                });
                let result = command.run();
                (result, running.and_then(|running| running.canceled_at()))
            };
            drop(progress);
            let (result, canceled_at) = result;
            if let Err(error) = &result
                && self.contexts.is_refused(index, task.language, error)
            {
                continue;
            }
            if task.language == Language::Python {
                self.contexts.get_mut(index).python_inputs.push(task.input);
            }
            return match result {
                Ok(output) => {
                    let _ = printer.print(&output, live, &task.image_name, task.text_end)?;
                    printer.finish()?;
                    Ok(output)
                }
                Err(error) => {
                    printer.print_failed(&error, live);
                    Err(self.failed(index, error, canceled_at))
                }
            };
        }
    }

    fn failed(&mut self, index: usize, error: RunError, canceled_at: Option<Instant>) -> Failed {
        match (error, canceled_at) {
            (RunError::Failed(failure), _) => Failed::Code(failure),
            (RunError::Cancelled, Some(time)) => Failed::Canceled(time.elapsed()),
            (RunError::ContextLost(message), _) => {
                self.contexts.remove(index);
                Failed::ContextLost(message)
            }
            (error @ RunError::Interrupted(_), Some(_)) => Failed::Other(unconfirmed(&error)),
            (error, _) => Failed::Other(CliError::from(error)),
        }
    }

    /// Runs a command of the session itself and returns its output. Nothing is created for it, and an error
    /// has no output.
    pub(super) fn query(
        &mut self,
        language: Language,
        code: &str,
        is_for_names: bool,
    ) -> Option<Output> {
        let index = self.contexts.find(language)?;
        let open = self.contexts.get_mut(index);
        if language == Language::Python {
            open.python_inputs.push(None);
        }
        let command = open.context.command(code).language(language.into());
        let command = if is_for_names {
            command.timeout(MAX_NAMES_TIME)
        } else {
            command
        };
        let _running = self.is_interactive.then(|| {
            let handle = command.cancel_handle();
            if is_for_names {
                self.signals.querying(handle)
            } else {
                self.signals.running(handle, Box::new(|_| {}))
            }
        });
        command.run().ok()
    }

    /// Returns the text of an error of an input.
    pub(super) fn describe(
        &self,
        failure: &Failure,
        input: usize,
        code: &[String],
        language: Language,
    ) -> String {
        let text = failure.to_string();
        let index = self
            .contexts
            .find(language)
            .filter(|_| language == Language::Python);
        let Some(index) = index else {
            return text;
        };
        let inputs = Inputs {
            current: input,
            commands: &self.contexts.get(index).python_inputs,
            code,
        };
        failure::shorten(&text, &inputs)
    }
}

/// Error of a command that may be running after Ctrl-C.
fn unconfirmed(error: &RunError) -> CliError {
    let message = match error.leftover() {
        Some(leftover) => leftover.to_string(),
        None => "the command was not sent".to_owned(),
    };
    CliError::unconfirmed(format_args!("not confirmed; {message}"))
        .note("the next input runs after the end of this command")
}
