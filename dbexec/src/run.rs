//! `dbexec run`: runs code and prints its results.

use std::path::Path;
use std::time::Duration;

use generated_client::{ContextBuilder, Error, ErrorKind, ExecutionContext, Output, RunError};

use crate::cli::RunArgs;
use crate::error::{CliError, TIMEOUT_HELP};
use crate::language::Language;
use crate::live_output::LiveOutput;
use crate::render::{self, Format};
use crate::source::Source;
use crate::target::Target;
use crate::{console, interrupt, secrets};

/// Message after the first signal, because cancelling may take a while.
const NOTICE: &str = "interrupted: cancelling the command; press Ctrl-C again to exit immediately";

/// Runs the code and prints its results.
pub(crate) fn run(args: &RunArgs) -> Result<(), CliError> {
    if args.local {
        secrets::remove_from_environment()?;
    }
    // Before the signal handlers are installed: Ctrl-C must stop reading standard input, and there
    // is nothing to clean up yet.
    let source = Source::find(args.code.as_deref(), args.file.as_deref())?;
    let language = Language::select(args.language, named_file(args))?;
    render::create_image_dir(args.save_images.as_deref())?;
    let interrupt = interrupt::on_signals(Some(NOTICE))?;
    let target = Target::new(args, &interrupt)?;

    let context =
        create_context(&target, language, args).map_err(|error| not_created(&error, &target))?;
    if interrupt.is_raised() {
        close(context);
        return Err(CliError::interrupted(
            "interrupted before the code was sent",
        ));
    }
    let mut live = LiveOutput::new(args.format == Format::Text);
    let command = source.command(&context);
    let result = command.on_output(|text| live.print(text)).run();
    let is_lost = matches!(result, Err(RunError::ContextLost(_)));
    let result = print_result(result, live, args);
    if !is_lost {
        close(context);
    }
    result
}

/// Returns the file, unless it is standard input.
fn named_file(args: &RunArgs) -> Option<&Path> {
    args.file.as_deref().filter(|path| *path != Path::new("-"))
}

fn create_context(
    target: &Target,
    language: Language,
    args: &RunArgs,
) -> Result<ExecutionContext, Error> {
    let mut builder = ContextBuilder::new(target.cluster.as_str(), language.into());
    builder = builder.wait(args.timeout.wait());
    if target.is_local() {
        // There is no cluster that may still be starting.
        builder = builder.cluster_timeout(Duration::ZERO).attempts(1);
    } else if let Some(timeout) = args.timeout.duration() {
        builder = builder.cluster_timeout(timeout.min(ContextBuilder::DEFAULT_CLUSTER_TIMEOUT));
    }
    builder.create(&target.client)
}

fn not_created(error: &Error, target: &Target) -> CliError {
    let cli_error = CliError::request(error);
    // The usual reason for a failure on this machine: Python is missing or too old.
    let is_python = error.kind() == ErrorKind::WaitFailed || error.status() == Some(500);
    if target.is_local() && is_python {
        cli_error.help("use `--python PROGRAM` to select Python 3.8 or newer")
    } else if error.kind() == ErrorKind::WaitTimeout {
        cli_error.help(TIMEOUT_HELP)
    } else if error.may_have_been_processed() {
        // The code was not sent, so it is safe to run it again. The API cannot list contexts.
        cli_error.note("an execution context may remain on the cluster until it is evicted")
    } else {
        cli_error
    }
}

/// Prints the results that were not printed while the code ran.
fn print_result(
    result: Result<Output, RunError>,
    live: LiveOutput,
    args: &RunArgs,
) -> Result<(), CliError> {
    match result {
        Ok(output) => render::print(&output, args.format, live, args.save_images.as_deref()),
        Err(error) => {
            print_partial_output(&error, &live);
            // The error of the code takes precedence over an error of standard output.
            let _ = live.finish();
            Err(error.into())
        }
    }
}

/// Prints the output of failed code to standard error, unless it was printed while the code ran. It
/// is not a result, but may help to find the cause.
fn print_partial_output(error: &RunError, live: &LiveOutput) {
    if let RunError::Failed(failure) = error
        && let Some(output) = &failure.output
        && !live.is_enabled()
    {
        console::eprintln(output.trim_end_matches('\n'));
    }
}

/// Destroys the context. A failure is a warning, because the run itself is complete.
fn close(context: ExecutionContext) {
    let id = context.id().clone();
    if let Err(error) = context.close() {
        console::eprintln(format!(
            "warning: cannot destroy the execution context {id}, which may still use resources of \
             the cluster: {error}"
        ));
    }
}
