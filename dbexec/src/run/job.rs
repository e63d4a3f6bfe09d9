//! Parts that run one after the other.

use std::cell::Cell;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use generated_client::{Output, RunError};

use super::contexts::Contexts;
use super::ending::{self, Ending};
use super::inputs::{self, InputError};
use super::part::Part;
use super::place::Place;
use super::shared::Run;
use super::step::Step;
use crate::elapsed::Elapsed;
use crate::error::CliError;
use crate::out::Out;
use crate::progress::{self, Mode, Progress};
use crate::render::{ImageName, Printer};
use crate::report::End;
use crate::summary::summary;

/// Parts that run in order, in separate contexts.
#[derive(Clone, Copy, Debug)]
pub(super) struct Job<'a> {
    pub(super) parts: &'a [Part],
    /// Index of the first part in the run.
    pub(super) first: usize,
    /// Set if no other job runs at the same time.
    pub(super) is_whole_run: bool,
}

impl<'a> Job<'a> {
    /// Creates the job of all parts.
    pub(super) fn all(parts: &'a [Part]) -> Self {
        Self {
            parts,
            first: 0,
            is_whole_run: true,
        }
    }

    /// Names an activity in the progress. The activities of several jobs have the names of their files.
    fn activity(&self, name: &str) -> String {
        match self.parts.first() {
            Some(part) if !self.is_whole_run => part.place().origin.to_string(),
            _ => name.to_owned(),
        }
    }

    /// Returns the number of commands.
    fn count(&self) -> usize {
        self.parts.iter().map(Part::count).sum()
    }
}

/// Runs the parts and prints their results, and stops at the first error.
pub(super) fn run(
    run: &Run<'_>,
    job: &Job<'_>,
    out: &Out,
    progress: &Progress,
) -> Result<(), CliError> {
    let image_dir = run.args.save_images.as_deref().unwrap_or(Path::new(""));
    let options = run.args.results.options(image_dir);
    let mut execution = Execution {
        run,
        job,
        out,
        progress,
        contexts: Contexts::new(run, job.parts, out),
        printer: Printer::new(out.clone(), options, job.count()),
        ended: 0,
    };
    match execution.run_parts() {
        Ok(()) => execution.close(),
        Err((index, error)) => Err(execution.close_after(index, error)),
    }
}

/// Job that runs.
struct Execution<'a> {
    run: &'a Run<'a>,
    job: &'a Job<'a>,
    out: &'a Out,
    progress: &'a Progress,
    contexts: Contexts<'a>,
    printer: Printer<'a>,
    /// Number of commands that have ended.
    ended: usize,
}

/// End of a command.
struct StepEnd {
    output: Output,
    /// Time of the code, without that of its context.
    elapsed: Duration,
    /// Files that were written.
    images: Vec<PathBuf>,
}

/// Sum of the commands of a part.
#[derive(Default)]
struct PartEnd {
    elapsed: Duration,
    images: Vec<PathBuf>,
    is_truncated: bool,
}

/// Command that was not successful.
struct FailedStep {
    step: Arc<Step>,
    error: RunError,
    elapsed: Duration,
    /// Time of the last response that contained the output so far.
    last_output: Duration,
}

/// Error of a command.
enum StepError {
    Command(FailedStep),
    Other(CliError),
}

impl From<CliError> for StepError {
    fn from(error: CliError) -> Self {
        Self::Other(error)
    }
}

impl Execution<'_> {
    /// Runs the parts. Returns an error with the index of its part in the run.
    fn run_parts(&mut self) -> Result<(), (usize, StepError)> {
        for (index, part) in (self.job.first..).zip(self.job.parts) {
            let end = self.run_part(index, part).map_err(|error| (index, error))?;
            let is_truncated = end.is_truncated;
            self.run.report.end(index, &End::Success { is_truncated });
            self.print_end(part, &end);
        }
        Ok(())
    }

    /// Runs the commands of a part, which has this index in the run.
    fn run_part(&mut self, index: usize, part: &Part) -> Result<PartEnd, StepError> {
        let is_named = !in_sequence(part).is_empty();
        let mut all = PartEnd::default();
        for step in part.steps() {
            if self.job.is_whole_run {
                self.progress.set_parts(self.ended, self.job.count());
            }
            let end = self.run_step(index, step?)?;
            self.ended += 1;
            self.run.saved.add_output(index, &end.output);
            if !is_named {
                self.print_rows(&end);
            }
            all.elapsed += end.elapsed;
            all.is_truncated |= end.output.is_truncated();
            all.images.extend(end.images);
        }
        Ok(all)
    }

    /// Runs a command of the part with this index, and prints its results.
    fn run_step(&mut self, index: usize, step: Arc<Step>) -> Result<StepEnd, StepError> {
        let (run, progress) = (self.run, self.progress);
        if !self.contexts.has(step.language) {
            progress.begin(&self.job.activity("context"), "Pending");
        }
        let context = self
            .contexts
            .get(step.language, progress)
            .inspect_err(|_| progress.end())?;
        let start = Instant::now();
        run.report.begin(index, context.id());
        begin(progress, &step);
        let passed = inputs::pass(context, &step).inspect_err(|_| progress.end());
        if let Err(error) = passed {
            return Err(match error {
                InputError::Request(error) => StepError::Command(FailedStep {
                    step,
                    error,
                    elapsed: start.elapsed(),
                    last_output: Duration::ZERO,
                }),
                InputError::Code(error) => StepError::Other(error),
            });
        }
        let mut live = self.printer.live_output();
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
                let images = self.printer.print(&output, live, &name, step.text_end())?;
                Ok(StepEnd {
                    output,
                    elapsed,
                    images,
                })
            }
            Err(error) => {
                self.printer.print_failed(&error, live);
                Err(StepError::Command(FailedStep {
                    step,
                    error,
                    elapsed,
                    last_output: last_output.get(),
                }))
            }
        }
    }

    /// Prints the number of rows of a table, if there is only one part.
    fn print_rows(&self, end: &StepEnd) {
        if let Some(table) = end.output.table()
            && self.run.args.progress.mode.is_for_terminal()
        {
            self.out.eprintln(summary(table.len(), end.elapsed));
        }
    }

    /// Prints that one of several parts has ended. Files that were written are mentioned in any case.
    fn print_end(&self, part: &Part, end: &PartEnd) {
        let mode = self.run.args.progress.mode;
        if part.count() == 0 && mode != Mode::None {
            self.out
                .note(format_args!("{} has no statements", part.place()));
        }
        let name = in_sequence(part);
        if name.is_empty() {
            return;
        }
        let images = end.images.iter().map(|path| path.display());
        // The end of a file that runs in parallel is printed with those of the others.
        let is_quiet = mode == Mode::None || !self.job.is_whole_run && part.place().cell.is_none();
        if is_quiet {
            images.for_each(|path| self.out.note(format_args!("saved the image {path}")));
        } else {
            let mut line = format!("{name} {}", Elapsed(end.elapsed));
            for path in images {
                let _ = write!(line, ", image {path}");
            }
            self.out.eprintln(line);
        }
    }

    /// Completes the output, and closes the contexts.
    fn close(self) -> Result<(), CliError> {
        let result = self.printer.finish();
        self.progress.begin_closing(&self.job.activity("context"));
        self.contexts.close();
        self.progress.end();
        result
    }

    /// Closes the contexts after an error in the part with this index, and completes the output.
    fn close_after(self, index: usize, error: StepError) -> CliError {
        let run = self.run;
        match &error {
            StepError::Command(failed) => record_error(run, index, failed),
            StepError::Other(error) => run.report.end(index, &End::Beside(error)),
        }
        self.progress.begin_closing(&self.job.activity("context"));
        let error = match error {
            StepError::Command(failed) => {
                let language = failed.step.language;
                let (error, contexts) = self.contexts.close_after(failed.error, language);
                let ending = Ending {
                    step: &failed.step,
                    elapsed: failed.elapsed,
                    last_output: failed.last_output,
                    timeout: run.args.timeout,
                    cleanup_timeout: run.args.cleanup_timeout,
                    contexts,
                };
                ending.error(error)
            }
            StepError::Other(error) => {
                self.contexts.close();
                error
            }
        };
        self.progress.end();
        // The error of the code takes precedence over an error of standard output.
        let _ = self.printer.finish();
        error
    }
}

/// Begins the display of a command. A further statement of the same code has no separate line in a log.
fn begin(progress: &Progress, step: &Step) {
    let Place { statement, .. } = &step.place;
    if statement.is_some_and(|statement| statement.number > 1) {
        progress.begin_quietly(&step.place, "Running");
    } else {
        progress.begin(&step.place, "Running");
    }
}

/// Names a part among the other ones, or returns an empty text if there is only one.
fn in_sequence(part: &Part) -> String {
    part.place().in_sequence(part.language())
}

/// Adds an error to the report and the notebook.
fn record_error(run: &Run<'_>, index: usize, failed: &FailedStep) {
    let end = match &failed.error {
        RunError::Failed(failure) => {
            run.saved.add_failure(index, failure);
            let located = ending::located(failure, &failed.step);
            End::Failed {
                name: failure.name(),
                message: located.message,
                line: located.line,
            }
        }
        error => End::Other(error),
    };
    run.report.end(index, &end);
}
