//! `dbexec run`: code in, output out.

use std::path::Path;

use generated_client::{Error, ErrorKind, ExecutionContext, Output, RunError};

use crate::cli::RunArgs;
use crate::exit::Failure;
use crate::language::Language;
use crate::place::Place;
use crate::source::Source;
use crate::{console, interrupt};

/// What the user is told at the first Ctrl-C, as cancelling takes its time.
const NOTICE: &str = "interrupted: ending what was begun; once more to leave at once";

/// Runs the code and prints what it leaves behind.
pub(crate) fn run(args: &RunArgs) -> Result<(), Failure> {
    // Until the code is there, Ctrl-C has nothing to undo: reading it may simply be ended.
    let source = Source::find(args.code.as_deref(), args.file.as_deref())?;
    let language = Language::choose(args.language, named_file(args))?;
    let interrupt = interrupt::on_signals(Some(NOTICE))?;
    let place = Place::of(args, &interrupt)?;

    let context = create(&place, language, args).map_err(|error| not_created(error, &place))?;
    if interrupt.is_raised() {
        close(context);
        return Err(Failure::interrupted("the code was not sent"));
    }
    let outcome = source.run_in(&context);
    let is_lost = matches!(outcome, Err(RunError::ContextLost(_)));
    let shown = outcome
        .map_err(Failure::from)
        .and_then(|output| show(&output));
    if !is_lost {
        close(context);
    }
    shown
}

/// The file whose name may tell the language.
fn named_file(args: &RunArgs) -> Option<&Path> {
    args.file.as_deref().filter(|path| *path != Path::new("-"))
}

fn create(place: &Place, language: Language, args: &RunArgs) -> Result<ExecutionContext, Error> {
    let cluster = place.cluster.as_str();
    ExecutionContext::create_within(&place.client, cluster, language.into(), args.timeout.wait())
}

/// On this machine, the usual reason is that there is no Python of that name, or an old one.
fn not_created(error: Error, place: &Place) -> Failure {
    let may_be_python = error.kind() == ErrorKind::WaitFailed || error.status() == Some(500);
    let failure = Failure::from(error);
    if place.is_local() && may_be_python {
        failure.note("`--python PROGRAM` names another Python; it must be 3.8 or newer")
    } else {
        failure
    }
}

fn show(output: &Output) -> Result<(), Failure> {
    let mut text = output.to_string();
    if !text.is_empty() && !text.ends_with('\n') {
        text.push('\n');
    }
    console::print(&text)?;
    if output.is_truncated() {
        console::say("warning: the server cut the results: this is not all of them");
    }
    Ok(())
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
