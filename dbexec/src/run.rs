//! `dbexec run`: runs code and prints its results.
//!
//! ```text
//! run ──▶ step       one command for each file or cell: source, header, notebook, language
//!  ├────▶ prelude    arguments and parameters for the code: parameter, sql
//!  ├────▶ contexts   execution contexts of the languages: target
//!  ├────▶ ending     messages for errors: traceback
//!  └────▶ render     printing of results
//! ```

mod contexts;
mod ending;
pub(crate) mod parameter;
mod prelude;
mod sql;
mod step;
mod traceback;

use std::path::Path;
use std::time::Instant;

use generated_client::{ExecutionContext, Leftovers, RunError, Wait};

use self::contexts::Contexts;
use self::ending::Ending;
use self::prelude::Inputs;
use self::step::{Place, Step};
use crate::cli::RunArgs;
use crate::elapsed::Elapsed;
use crate::error::{CliError, Exit};
use crate::header::{self, Header};
use crate::progress::Progress;
use crate::render::{self, ImageName, Printer};
use crate::report::{End, Report};
use crate::source::Source;
use crate::target::Target;
use crate::{console, interrupt, local};

/// Messages for signals.
#[derive(Clone)]
struct Messages {
    leftovers: Leftovers,
    report: Report,
}

impl interrupt::Messages for Messages {
    fn print_first(&self) {
        // Canceling may take a while.
        console::eprintln(
            "interrupted: canceling the command; press Ctrl-C again to exit immediately",
        );
    }

    fn print_last(&self) {
        print_leftovers(&self.leftovers, "");
        let exit = interrupt::exit_code().unwrap_or(Exit::Interrupted as i32);
        self.report.write(
            exit,
            Some("error: interrupted twice; the clean-up was not completed"),
        );
    }
}

/// Runs the code, prints its results, and writes the report.
pub(crate) fn run(args: &RunArgs) -> Result<(), CliError> {
    let report = Report::new(args.report.as_deref())?;
    let result = run_and_print(args, &report);
    let exit = match &result {
        Ok(()) => 0,
        Err(error) if error.exit() == Exit::Interrupted => {
            interrupt::exit_code().unwrap_or(Exit::Interrupted as i32)
        }
        Err(error) => error.exit() as i32,
    };
    let message = result.as_ref().err().map(ToString::to_string);
    report.write(exit, message.as_deref());
    result
}

fn run_and_print(args: &RunArgs, report: &Report) -> Result<(), CliError> {
    if args.local {
        local::remove_from_environment(&args.keep_env)?;
    }
    // Before the signal handlers are installed: Ctrl-C must stop reading standard input, and there
    // is nothing to clean up yet.
    let sources = Source::find_all(args.code.as_deref(), &args.files)?;
    let headers = sources
        .iter()
        .map(|source| Header::read(&source.origin.to_string(), &source.code.start()))
        .collect::<Result<Vec<_>, _>>()?;
    let with_headers = header::apply(&headers)?;
    let args = with_headers.as_ref().unwrap_or(args);
    let inputs = Inputs {
        arguments: &args.arguments,
        parameters: &args.param,
    };
    let steps = step::steps(sources, &headers, args.language, inputs)?;
    for step in &steps {
        let Place { origin, cell, .. } = &step.place;
        report.add_command(
            origin.to_string(),
            cell.map(|cell| cell.number),
            step.language,
        );
        if args.local {
            local::check_language(step.language, &args.interpreters)?;
        }
    }
    if let Some(directory) = &args.save_images {
        render::create_image_dir(directory)?;
    }
    let leftovers = Leftovers::new();
    let interrupt = interrupt::on_signals(Messages {
        leftovers: leftovers.clone(),
        report: report.clone(),
    })?;
    let target = Target::new(args, &interrupt)?;
    report.set_cluster(&target.cluster);

    let result = run_steps(&target, &steps, &leftovers, args, report);
    let message = result.as_ref().err().map(ToString::to_string);
    print_leftovers(&leftovers, &message.unwrap_or_default());
    result
}

/// Prints what remains on the cluster, except what the message of the error contains.
fn print_leftovers(leftovers: &Leftovers, message: &str) {
    for leftover in leftovers.list() {
        let text = leftover.to_string();
        if !message.contains(&text) {
            console::warn(text);
        }
    }
}

/// Runs the steps one after the other, and stops at the first error.
fn run_steps(
    target: &Target,
    steps: &[Step],
    leftovers: &Leftovers,
    args: &RunArgs,
    report: &Report,
) -> Result<(), CliError> {
    let languages = steps.iter().map(|step| step.language).collect();
    let mut contexts = Contexts::new(target, leftovers, args, report, languages);
    let options = render::Options {
        format: args.output,
        is_vertical: args.vertical,
        allow_truncated: args.allow_truncated,
        image_dir: args.save_images.as_deref().unwrap_or(Path::new("")),
    };
    let mut printer = Printer::new(options, steps.len());
    let progress = Progress::new(args.progress, args.timeout);
    for (index, step) in steps.iter().enumerate() {
        let start = Instant::now();
        report.begin(index);
        match run_step(&mut contexts, step, &mut printer, &progress) {
            Ok(is_truncated) => {
                report.end(index, &End::Success { is_truncated });
                print_end(step, start);
            }
            Err(StepError::Command(error)) => {
                report_error(report, index, step, &error);
                let (error, contexts) = contexts.close_after(error, step.language);
                // The error of the code takes precedence over an error of standard output.
                let _ = printer.finish();
                let ending = Ending {
                    step,
                    elapsed: start.elapsed(),
                    timeout: args.timeout,
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

fn report_error(report: &Report, index: usize, step: &Step, error: &RunError) {
    let end = match error {
        RunError::Failed(failure) => End::Failed {
            failure,
            line: ending::located(failure, &step.place).1,
        },
        error => End::Other(error),
    };
    report.end(index, &end);
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

/// Runs a step and prints its results. Returns whether the server truncated them.
fn run_step(
    contexts: &mut Contexts<'_>,
    step: &Step,
    printer: &mut Printer<'_>,
    progress: &Progress,
) -> Result<bool, StepError> {
    progress.begin(&"context", "Pending");
    let context = contexts
        .get(step.language)
        .inspect_err(|_| progress.end())?;
    progress.begin(&step.place, "Running");
    if let Some(prelude) = &step.prelude {
        pass_inputs(context, prelude, step)?;
    }
    let mut live = printer.live_output();
    let command = step.command(context);
    let result = command.on_output(|text| live.print(text)).run();
    progress.end();
    match result {
        Ok(output) => {
            let cell = step.place.cell.map_or(1, |cell| cell.number);
            let name = ImageName::new(&step.place.origin, cell);
            printer.print(&output, live, &name)?;
            Ok(output.is_truncated())
        }
        Err(error) => {
            if let RunError::Failed(failure) = &error
                && let Some(output) = &failure.output
                && !live.is_enabled()
            {
                // It is not a result, but may help to find the cause.
                console::eprintln(output.trim_end_matches('\n'));
            }
            // The error of the code takes precedence over an error of standard output.
            let _ = live.finish();
            Err(StepError::Command(error))
        }
    }
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
fn print_end(step: &Step, start: Instant) {
    let name = step.place.in_sequence(step.language);
    if !name.is_empty() {
        console::eprintln(format_args!("{name} {}", Elapsed(start.elapsed())));
    }
}
