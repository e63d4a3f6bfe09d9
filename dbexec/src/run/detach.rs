//! The option `--detach`: starts a command and does not wait for its end.

use std::time::{Duration, Instant};

use generated_client::{CommandStatus, ExecutionContext, Running};

use super::contexts::Contexts;
use super::ending::Ending;
use super::inputs::{self, InputError};
use super::shared::Run;
use super::step::Step;
use crate::cli::RunArgs;
use crate::console;
use crate::context::handle_of;
use crate::error::CliError;
use crate::handle::Handle;
use crate::out::Out;

/// Checks that there is one command.
pub(super) fn check(args: &RunArgs, steps: &[Step]) -> Result<(), CliError> {
    if args.detach && steps.len() != 1 {
        return Err(CliError::usage("`--detach` starts a single command"));
    }
    Ok(())
}

/// Starts the command and prints its handle.
pub(super) fn run(run: &Run<'_>, step: &Step) -> Result<(), CliError> {
    let out = Out::Streams;
    let progress = run.progress();
    let mut contexts = Contexts::new(run, std::slice::from_ref(step), &out);
    progress.begin(&"context", "Pending");
    let context = contexts.get(step.language, &progress)?;
    let start = Instant::now();
    run.report.begin(0, context.id());
    match start_step(run, context, step) {
        Ok(handle) => {
            contexts.detach();
            drop(progress);
            console::eprintln(format_args!(
                "detached; output: dbexec wait {handle}; stop: dbexec cancel {handle}"
            ));
            console::print(&format!("{handle}\n"))
        }
        Err(InputError::Code(error)) => {
            contexts.close();
            Err(error)
        }
        Err(InputError::Request(error)) => {
            let (error, contexts) = contexts.close_after(error, step.language);
            let ending = Ending {
                step,
                elapsed: start.elapsed(),
                last_output: Duration::ZERO,
                timeout: run.args.timeout,
                contexts,
            };
            Err(ending.error(error))
        }
    }
}

/// Starts a step and returns the handle of its command.
fn start_step(
    run: &Run<'_>,
    context: &ExecutionContext,
    step: &Step,
) -> Result<Handle, InputError> {
    inputs::pass(context, step)?;
    let running = step.command(context).start().map_err(InputError::Request)?;
    let script = running.current_script_id().map(str::to_owned);
    run.recorder.set_script(script.clone());
    let command = Running::detach(running);
    run.report.observe(0, &command, &CommandStatus::Running);
    Ok(Handle {
        command: Some(command.to_string()),
        script,
        ..handle_of(context)
    })
}
