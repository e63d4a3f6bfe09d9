//! The option `--detach`: starts a command and does not wait for its end.

use std::time::{Duration, Instant};

use generated_client::Running;

use super::contexts::Contexts;
use super::ending::Ending;
use super::shared::Run;
use super::step::Step;
use crate::cli::RunArgs;
use crate::console;
use crate::error::CliError;
use crate::handle::Handle;
use crate::out::Out;
use crate::progress::Progress;

/// Checks that there is one command.
pub(super) fn check(args: &RunArgs, steps: &[Step]) -> Result<(), CliError> {
    let is_single = steps.len() == 1 && steps.iter().all(|step| step.prelude.is_none());
    if args.detach && !is_single {
        return Err(CliError::usage("`--detach` starts a single command"));
    }
    Ok(())
}

/// Starts the command and prints its handle.
pub(super) fn run(run: &Run<'_>, step: &Step) -> Result<(), CliError> {
    let start = Instant::now();
    let out = Out::Streams;
    let progress = Progress::new(run.args.progress, run.args.timeout);
    let mut contexts = Contexts::new(run, std::slice::from_ref(step), &out);
    progress.begin(&"context", "Pending");
    let context = contexts.get(step.language, &progress)?;
    let cluster = context.cluster_id().to_string();
    let context_id = context.id().to_string();
    let started = step.command(context).start();
    match started.map(Running::detach) {
        Ok(command) => {
            contexts.detach();
            drop(progress);
            let handle = Handle {
                command: Some(command.to_string()),
                ..Handle::context(&cluster, &context_id)
            };
            console::note(format_args!(
                "detached; output: `dbexec wait {handle}`; stop: `dbexec cancel {handle}`"
            ));
            console::print(&format!("{handle}\n"))
        }
        Err(error) => {
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
