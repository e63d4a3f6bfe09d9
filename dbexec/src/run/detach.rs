//! The option `--detach`: starts a command and does not wait for its end.

use std::time::{Duration, Instant};

use generated_client::{CommandStatus, RunError};

use super::contexts::Contexts;
use super::ending::Ending;
use super::inputs::{self, InputError};
use super::part::Part;
use super::shared::Run;
use super::step::Step;
use crate::cli::RunArgs;
use crate::console;
use crate::context::handle_of;
use crate::error::CliError;
use crate::handle::Handle;
use crate::out::Out;
use crate::progress::Progress;
use crate::report::End;

/// Checks that there is one command.
pub(super) fn check(args: &RunArgs, parts: &[Part]) -> Result<(), CliError> {
    if !args.detach {
        return Ok(());
    }
    let one = "`--detach` starts a single command";
    match parts {
        [Part::Command(_)] => Ok(()),
        [part @ Part::Statements(_)] => {
            let count = match part.count() {
                0 => "no".to_owned(),
                count => count.to_string(),
            };
            let place = part.place();
            let error = CliError::usage(format!("{one}, but {place} has {count} statements"));
            Err(error.help("run it without `--detach`, or start one script: `BEGIN ... END`"))
        }
        _ => Err(CliError::usage(one)),
    }
}

/// Starts the command and prints its handle. If it was not printed, nothing remains.
pub(super) fn run(run: &Run<'_>, part: &Part, step: &Step) -> Result<(), CliError> {
    let out = Out::Streams;
    let progress = run.progress();
    let mut contexts = Contexts::new(run, std::slice::from_ref(part), &out);
    progress.begin(&"context", "Pending");
    let result = start(run, step, &mut contexts, progress);
    match result {
        Ok(()) => {
            contexts.detach();
            Ok(())
        }
        Err(StartError::Command(error, elapsed)) => {
            run.report.end(0, &End::Other(&error));
            let (error, contexts) = contexts.close_after(error, step.language);
            let ending = Ending {
                step,
                elapsed,
                last_output: Duration::ZERO,
                timeout: run.args.timeout,
                cleanup_timeout: run.args.cleanup_timeout,
                contexts,
            };
            Err(ending.error(error))
        }
        Err(StartError::Other(error)) => {
            run.report.end(0, &End::Beside(&error));
            contexts.close();
            Err(error)
        }
    }
}

/// Error of a command that was not detached.
enum StartError {
    /// Error of the command, and the time until it.
    Command(RunError, Duration),
    Other(CliError),
}

impl From<CliError> for StartError {
    fn from(error: CliError) -> Self {
        Self::Other(error)
    }
}

/// Starts the command, prints its handle and detaches from it. It is canceled if that fails.
fn start(
    run: &Run<'_>,
    step: &Step,
    contexts: &mut Contexts<'_>,
    progress: Progress,
) -> Result<(), StartError> {
    let context = contexts.get(step.language, &progress)?;
    let start = Instant::now();
    run.report.begin(0, context.id());
    let failed = |error| StartError::Command(error, start.elapsed());
    inputs::pass(context, step).map_err(|error| match error {
        InputError::Request(error) => failed(error),
        InputError::Code(error) => StartError::Other(error),
    })?;
    let running = step.command(context).start().map_err(failed)?;
    run.report.observe(0, running.id(), &CommandStatus::Running);
    if run.target.client.interrupt().is_raised() {
        let message = format!("{} was not detached", step.place);
        return Err(CliError::interrupted(message).into());
    }
    drop(progress);
    let script = running.current_script_id().map(str::to_owned);
    run.recorder.set_script(script.clone());
    let handle = Handle {
        command: Some(running.id().to_string()),
        script,
        ..handle_of(context)
    };
    console::eprintln(format_args!(
        "detached; output: dbexec wait {handle}; stop: dbexec cancel {handle}"
    ));
    console::print(&format!("{handle}\n"))?;
    running.detach();
    Ok(())
}
