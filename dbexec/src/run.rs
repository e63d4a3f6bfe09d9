//! `dbexec run`: runs code and prints its results.

use std::path::Path;
use std::time::Duration;

use generated_client::{
    ContextBuilder, Error, ErrorKind, ExecutionContext, Leftover, Leftovers, RunError, Wait,
};

use crate::cli::RunArgs;
use crate::error::{CliError, TIMEOUT_HELP};
use crate::journal::Recorder;
use crate::language::Language;
use crate::live_output::LiveOutput;
use crate::render::{self, Format};
use crate::source::Source;
use crate::target::Target;
use crate::{console, interrupt, local};

/// Messages for signals.
#[derive(Clone)]
struct Messages(Leftovers);

impl interrupt::Messages for Messages {
    fn print_first(&self) {
        // Canceling may take a while.
        console::eprintln(
            "interrupted: canceling the command; press Ctrl-C again to exit immediately",
        );
    }

    fn print_last(&self) {
        print_leftovers(&self.0, "");
    }
}

/// Runs the code and prints its results.
pub(crate) fn run(args: &RunArgs) -> Result<(), CliError> {
    if args.local {
        local::remove_from_environment(&args.keep_env)?;
    }
    // Before the signal handlers are installed: Ctrl-C must stop reading standard input, and there
    // is nothing to clean up yet.
    let source = Source::find(args.code.as_deref(), args.file.as_deref())?;
    source.check()?;
    let language = Language::select(args.language, named_file(args))?;
    if args.local {
        local::check_language(language, &args.interpreters)?;
    }
    render::create_image_dir(args.save_images.as_deref())?;
    let recorder = Recorder::new(named_file(args).map(|path| path.display().to_string()));
    let leftovers = recorder.leftovers();
    let interrupt = interrupt::on_signals(Messages(leftovers.clone()))?;
    let target = Target::new(args, &interrupt)?;
    recorder.set_workspace(target.workspace.clone());

    let result = create_and_run(&target, &source, language, &leftovers, args);
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

fn create_and_run(
    target: &Target,
    source: &Source,
    language: Language,
    leftovers: &Leftovers,
    args: &RunArgs,
) -> Result<(), CliError> {
    let context = create_context(target, language, leftovers, args)
        .map_err(|error| not_created(error, target))?;
    if target.client.interrupt().is_raised() {
        close(context, target);
        return Err(CliError::interrupted(
            "interrupted before the code was sent",
        ));
    }
    let mut live = LiveOutput::new(args.format == Format::Text);
    let command = source.command(&context);
    let result = command.on_output(|text| live.print(text)).run();
    match result {
        Ok(output) => {
            let images = args.save_images.as_deref();
            let printed = render::print(&output, args.format, live, images);
            close(context, target);
            printed
        }
        Err(error) => {
            print_partial_output(&error, &live);
            // The error of the code takes precedence over an error of standard output.
            let _ = live.finish();
            Err(close_after(error, context, target).into())
        }
    }
}

/// Returns the file, unless it is standard input.
fn named_file(args: &RunArgs) -> Option<&Path> {
    args.file.as_deref().filter(|path| *path != Path::new("-"))
}

fn create_context(
    target: &Target,
    language: Language,
    leftovers: &Leftovers,
    args: &RunArgs,
) -> Result<ExecutionContext, Error> {
    let mut builder = ContextBuilder::new(target.cluster.as_str(), language.into());
    // The client has the deadline of `--timeout`.
    builder = builder
        .wait(Wait::new().no_timeout())
        .cleanup_timeout(args.cleanup_timeout.duration().unwrap_or(Duration::MAX));
    if target.is_local() {
        // There is no cluster that may still be starting, and nothing remains after this process.
        builder = builder.cluster_timeout(Duration::ZERO).attempts(1);
    } else {
        builder = builder.leftovers(leftovers);
    }
    builder.create(&target.client)
}

fn not_created(mut error: Error, target: &Target) -> CliError {
    if target.is_local() {
        // The context ends with the server.
        error.detach::<Leftover>();
    }
    let cli_error = CliError::request(&error);
    // The usual reason for a failure on this machine: Python is missing or too old.
    let is_python = error.kind() == ErrorKind::WaitFailed || error.status() == Some(500);
    if target.is_local() && is_python {
        cli_error.help("use `--python PROGRAM` to select Python 3.8 or newer")
    } else if target.has_timed_out(&error) {
        cli_error.help(TIMEOUT_HELP)
    } else {
        cli_error
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

/// Destroys the context after an error of the command.
fn close_after(mut error: RunError, context: ExecutionContext, target: &Target) -> RunError {
    // A lost context need not be destroyed, and mostly cannot.
    let is_destroyed = if let RunError::ContextLost(_) = error {
        drop(context);
        true
    } else {
        close(context, target)
    };
    if is_destroyed {
        // The command has ended with its context.
        error.take_leftover();
    }
    error
}

/// Destroys the context, and returns whether it is destroyed. A failure is a warning, because the run
/// itself is complete.
fn close(context: ExecutionContext, target: &Target) -> bool {
    if target.is_local() {
        // The context ends with the server, which is certain.
        context.detach();
        return true;
    }
    let Err(mut error) = context.close() else {
        return true;
    };
    let remains = error.detach::<Leftover>().is_some();
    console::warn(format_args!(
        "cannot destroy the execution context: {error}"
    ));
    !remains
}
