//! Steps that run one after the other.

use std::path::Path;
use std::time::Instant;

use generated_client::{CommandStatus, ExecutionContext, Output, RunError, Wait};

use super::contexts::Contexts;
use super::ending::{self, Ending};
use super::shared::Run;
use super::step::Step;
use crate::elapsed::Elapsed;
use crate::error::CliError;
use crate::out::Out;
use crate::progress::{Mode, Progress};
use crate::render::{ImageName, Printer};
use crate::report::End;

/// Steps that run in order, in separate contexts.
#[derive(Clone, Copy, Debug)]
pub(super) struct Job<'a> {
    pub(super) steps: &'a [Step],
    /// Index of the first step in the run.
    pub(super) first: usize,
}

impl<'a> Job<'a> {
    /// Creates the job of all steps.
    pub(super) fn all(steps: &'a [Step]) -> Self {
        Self { steps, first: 0 }
    }
}

/// Runs the steps and prints their results, and stops at the first error.
pub(super) fn run(
    run: &Run<'_>,
    job: &Job<'_>,
    out: &Out,
    progress: &Progress,
) -> Result<(), CliError> {
    let mut contexts = Contexts::new(run, job.steps, out);
    let image_dir = run.args.save_images.as_deref().unwrap_or(Path::new(""));
    let options = run.args.results.options(image_dir);
    let mut printer = Printer::new(out.clone(), options, job.steps.len());
    for (index, step) in (job.first..).zip(job.steps) {
        let start = Instant::now();
        run.report.begin(index);
        match run_step(&mut contexts, step, &mut printer, progress) {
            Ok(output) => {
                let is_truncated = output.is_truncated();
                run.report.end(index, &End::Success { is_truncated });
                run.saved.add_output(index, &output);
                if run.args.progress != Mode::None {
                    print_end(step, start, out);
                }
            }
            Err(StepError::Command(error)) => {
                record_error(run, index, step, &error);
                let (error, contexts) = contexts.close_after(error, step.language);
                // The error of the code takes precedence over an error of standard output.
                let _ = printer.finish();
                let ending = Ending {
                    step,
                    elapsed: start.elapsed(),
                    timeout: run.args.timeout,
                    contexts,
                };
                return Err(ending.error(error));
            }
            Err(StepError::Other(error)) => {
                contexts.close();
                let _ = printer.finish();
                return Err(error);
            }
        }
    }
    let result = printer.finish();
    contexts.close();
    result
}

/// Adds an error to the report and the notebook.
fn record_error(run: &Run<'_>, index: usize, step: &Step, error: &RunError) {
    let end = match error {
        RunError::Failed(failure) => {
            run.saved.add_failure(index, failure);
            End::Failed {
                failure,
                line: ending::located(failure, &step.place).1,
            }
        }
        error => End::Other(error),
    };
    run.report.end(index, &end);
}

/// Error of a step.
enum StepError {
    Command(RunError),
    Other(CliError),
}

impl From<CliError> for StepError {
    fn from(error: CliError) -> Self {
        Self::Other(error)
    }
}

/// Runs a step and prints its results.
fn run_step(
    contexts: &mut Contexts<'_>,
    step: &Step,
    printer: &mut Printer<'_>,
    progress: &Progress,
) -> Result<Output, StepError> {
    progress.begin(&"context", "Pending");
    let context = contexts
        .get(step.language, progress)
        .inspect_err(|_| progress.end())?;
    progress.begin(&step.place, "Running");
    if let Some(prelude) = &step.prelude {
        pass_inputs(context, prelude, step).inspect_err(|_| progress.end())?;
    }
    let mut live = printer.live_output();
    let command = step.command(context);
    let set_state = progress.setter();
    let command = command
        .on_output(|text| live.print(text))
        .on_progress(move |progress| {
            if is_running(progress.status) {
                set_state(&progress.status.to_string());
            }
        });
    let result = command.run();
    progress.end();
    match result {
        Ok(output) => {
            let cell = step.place.cell.map_or(1, |cell| cell.number);
            let name = ImageName::new(&step.place.origin, cell);
            printer.print(&output, live, &name, step.text_end())?;
            Ok(output)
        }
        Err(error) => {
            printer.print_failed(&error, live);
            Err(StepError::Command(error))
        }
    }
}

/// Returns whether a command has not ended.
fn is_running(status: &CommandStatus) -> bool {
    !matches!(
        status,
        CommandStatus::Finished | CommandStatus::Error | CommandStatus::Cancelled
    )
}

/// Runs the code that passes arguments to that of the user.
fn pass_inputs(context: &ExecutionContext, prelude: &str, step: &Step) -> Result<(), StepError> {
    let command = context.command(prelude).language(step.language.into());
    match command.wait(Wait::new().no_timeout()).run() {
        Ok(_) => Ok(()),
        Err(RunError::Failed(failure)) => {
            let place = &step.place;
            let note = format!("the arguments and parameters could not be passed to {place}");
            Err(CliError::code_failed(failure.to_string()).note(note).into())
        }
        Err(error) => Err(StepError::Command(error)),
    }
}

/// Prints that one of several steps has ended.
fn print_end(step: &Step, start: Instant, out: &Out) {
    let name = step.place.in_sequence(step.language);
    if !name.is_empty() {
        out.eprintln(format_args!("{name} {}", Elapsed(start.elapsed())));
    }
}
