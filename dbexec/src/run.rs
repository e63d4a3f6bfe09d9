//! `dbexec run`: code in, output out.

use std::path::Path;
use std::time::Duration;

use generated_client::{ContextBuilder, Error, ErrorKind, ExecutionContext, Output, RunError};

use crate::cli::RunArgs;
use crate::exit::Failure;
use crate::language::Language;
use crate::live::Live;
use crate::render::{self, Format};
use crate::source::Source;
use crate::target::Target;
use crate::{console, interrupt};

/// What the user is told at the first Ctrl-C, as cancelling takes its time.
const NOTICE: &str = "interrupted: ending what was begun; once more to leave at once";

/// Runs the code and prints what it leaves behind.
pub(crate) fn run(args: &RunArgs) -> Result<(), Failure> {
    // Until the code is there, Ctrl-C has nothing to undo: reading it may simply be ended.
    let source = Source::find(args.code.as_deref(), args.file.as_deref())?;
    let language = Language::choose(args.language, named_file(args))?;
    render::prepare(args.save_images.as_deref())?;
    let interrupt = interrupt::on_signals(Some(NOTICE))?;
    let place = Target::of(args, &interrupt)?;

    let context = create(&place, language, args).map_err(|error| not_created(error, &place))?;
    if interrupt.is_raised() {
        close(context);
        return Err(Failure::interrupted("the code was not sent"));
    }
    let mut live = Live::new(args.format == Format::Text);
    let command = source.command_in(&context);
    let outcome = command.on_output(|text| live.print(text)).run();
    let is_lost = matches!(outcome, Err(RunError::ContextLost(_)));
    let shown = finish(outcome, live, args);
    if !is_lost {
        close(context);
    }
    shown
}

/// The file whose name may tell the language.
fn named_file(args: &RunArgs) -> Option<&Path> {
    args.file.as_deref().filter(|path| *path != Path::new("-"))
}

fn create(place: &Target, language: Language, args: &RunArgs) -> Result<ExecutionContext, Error> {
    let mut builder = ContextBuilder::new(place.cluster.as_str(), language.into());
    builder = builder.wait(args.timeout.wait());
    if place.is_local() {
        // There is no cluster that has yet to start.
        builder = builder.cluster_timeout(Duration::ZERO).attempts(1);
    } else if let Some(limit) = args.timeout.limit() {
        builder = builder.cluster_timeout(limit.min(ContextBuilder::DEFAULT_CLUSTER_TIMEOUT));
    }
    builder.create(&place.client)
}

/// On this machine, the usual reason is that there is no Python of that name, or an old one.
fn not_created(error: Error, place: &Target) -> Failure {
    let may_be_python = error.kind() == ErrorKind::WaitFailed || error.status() == Some(500);
    let failure = Failure::from(error);
    if place.is_local() && may_be_python {
        failure.note("`--python PROGRAM` names another Python; it must be 3.8 or newer")
    } else {
        failure
    }
}

/// Shows what was not shown while the code ran. An error of the code counts more than one of
/// standard output.
fn finish(outcome: Result<Output, RunError>, live: Live, args: &RunArgs) -> Result<(), Failure> {
    match outcome {
        Ok(output) => render::show(&output, args.format, live, args.save_images.as_deref()),
        Err(error) => {
            keep_output(&error, &live);
            let _ = live.end();
            Err(error.into())
        }
    }
}

/// What the code printed before it failed is no result, but it may tell why it did.
fn keep_output(error: &RunError, live: &Live) {
    if let RunError::Failed(failure) = error
        && let Some(output) = &failure.output
        && !live.is_on()
    {
        console::say(output.trim_end_matches('\n'));
    }
}

/// A context that stays behind takes room on the cluster; the run is none the worse for it.
fn close(context: ExecutionContext) {
    let id = context.id().clone();
    if let Err(error) = context.close() {
        console::say(format!(
            "warning: the execution context {id} may be left behind: {error}"
        ));
    }
}
