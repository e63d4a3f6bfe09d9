//! Steps that run one after the other.

use std::cell::Cell;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use generated_client::{Output, RunError};

use super::contexts::Contexts;
use super::ending::{self, Ending};
use super::inputs::{self, InputError};
use super::shared::Run;
use super::step::Step;
use crate::elapsed::Elapsed;
use crate::error::CliError;
use crate::out::Out;
use crate::progress::{self, Mode, Progress};
use crate::render::{ImageName, Printer};
use crate::report::End;
use crate::summary::summary;

/// Steps that run in order, in separate contexts.
#[derive(Clone, Copy, Debug)]
pub(super) struct Job<'a> {
    pub(super) steps: &'a [Step],
    /// Index of the first step in the run.
    pub(super) first: usize,
    /// Set if no other job runs at the same time.
    pub(super) is_whole_run: bool,
}

impl<'a> Job<'a> {
    /// Creates the job of all steps.
    pub(super) fn all(steps: &'a [Step]) -> Self {
        Self {
            steps,
            first: 0,
            is_whole_run: true,
        }
    }

    /// Names an activity in the progress. The activities of several jobs have the names of their files.
    fn activity(&self, name: &str) -> String {
        match self.steps.first() {
            Some(step) if !self.is_whole_run => step.place.origin.to_string(),
            _ => name.to_owned(),
        }
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
        if job.is_whole_run {
            progress.set_parts(index, job.steps.len());
        }
        let context_name = job.activity("context");
        match run_step(
            run,
            &mut contexts,
            (index, step),
            &mut printer,
            (progress, &context_name),
        ) {
            Ok(end) => {
                let is_truncated = end.output.is_truncated();
                run.report.end(index, &End::Success { is_truncated });
                run.saved.add_output(index, &end.output);
                // The end of a file that runs in parallel is printed with those of the others.
                let is_quiet = run.args.progress.mode == Mode::None
                    || !job.is_whole_run && step.place.cell.is_none();
                print_end(step, &end, out, run.args.progress.mode, is_quiet);
            }
            Err(StepError::Command(failed)) => {
                record_error(run, index, step, &failed.error);
                progress.begin_closing(&job.activity("context"));
                let (error, contexts) = contexts.close_after(failed.error, step.language);
                progress.end();
                // The error of the code takes precedence over an error of standard output.
                let _ = printer.finish();
                let ending = Ending {
                    step,
                    elapsed: failed.elapsed,
                    last_output: failed.last_output,
                    timeout: run.args.timeout,
                    cleanup_timeout: run.args.cleanup_timeout,
                    contexts,
                };
                return Err(ending.error(error));
            }
            Err(StepError::Other(error)) => {
                run.report.end(index, &End::Beside(&error));
                progress.begin_closing(&job.activity("context"));
                contexts.close();
                progress.end();
                let _ = printer.finish();
                return Err(error);
            }
        }
    }
    let result = printer.finish();
    progress.begin_closing(&job.activity("context"));
    contexts.close();
    progress.end();
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

/// End of a step.
struct StepEnd {
    output: Output,
    /// Time of the code, without that of its context.
    elapsed: Duration,
    /// Files that were written.
    images: Vec<PathBuf>,
}

/// Step that was not successful.
struct FailedStep {
    error: RunError,
    elapsed: Duration,
    /// Time of the last response that contained the output so far.
    last_output: Duration,
}

/// Error of a step.
enum StepError {
    Command(FailedStep),
    Other(CliError),
}

impl From<CliError> for StepError {
    fn from(error: CliError) -> Self {
        Self::Other(error)
    }
}

/// Runs a step, which has this index in the run, and prints its results.
fn run_step(
    run: &Run<'_>,
    contexts: &mut Contexts<'_>,
    (index, step): (usize, &Step),
    printer: &mut Printer<'_>,
    (progress, context_name): (&Progress, &str),
) -> Result<StepEnd, StepError> {
    if !contexts.has(step.language) {
        progress.begin(&context_name, "Pending");
    }
    let context = contexts
        .get(step.language, progress)
        .inspect_err(|_| progress.end())?;
    let start = Instant::now();
    run.report.begin(index, context.id());
    progress.begin(&step.place, "Running");
    let failed = |error, last_output: Duration| {
        StepError::Command(FailedStep {
            error,
            elapsed: start.elapsed(),
            last_output,
        })
    };
    let passed = inputs::pass(context, step).inspect_err(|_| progress.end());
    passed.map_err(|error| match error {
        InputError::Request(error) => failed(error, Duration::ZERO),
        InputError::Code(error) => StepError::Other(error),
    })?;
    let mut live = printer.live_output();
    let end_of_code = live.end_of_code();
    let last_output = Cell::new(Duration::ZERO);
    let (set_state, describe) = (progress.setter(), run.target.states());
    let result = step
        .command(context)
        .on_output(|text| live.print(text))
        .on_progress(|progress| {
            run.report.observe(index, progress.id, progress.status);
            if progress::is_running(progress.status) {
                last_output.set(progress.elapsed);
                set_state(&describe(progress.status));
            } else {
                end_of_code.set();
            }
        })
        .run();
    let elapsed = start.elapsed();
    progress.end();
    match result {
        Ok(output) => {
            let cell = step.place.cell.map_or(1, |cell| cell.number);
            let name = ImageName::new(&step.place.origin, cell);
            let images = printer.print(&output, live, &name, step.text_end())?;
            Ok(StepEnd {
                output,
                elapsed,
                images,
            })
        }
        Err(error) => {
            printer.print_failed(&error, live);
            Err(failed(error, last_output.get()))
        }
    }
}

/// Prints that one of several steps has ended, or the number of rows of a single one.
/// Files that were written are mentioned in any case.
fn print_end(step: &Step, end: &StepEnd, out: &Out, mode: Mode, is_quiet: bool) {
    let name = step.place.in_sequence(step.language);
    let images = end.images.iter().map(|path| path.display());
    if name.is_empty() {
        if let Some(table) = end.output.table()
            && mode.is_for_terminal()
        {
            out.eprintln(summary(table.len(), end.elapsed));
        }
    } else if is_quiet {
        images.for_each(|path| out.note(format_args!("saved the image {path}")));
    } else {
        let mut line = format!("{name} {}", Elapsed(end.elapsed));
        for path in images {
            let _ = write!(line, ", image {path}");
        }
        out.eprintln(line);
    }
}
