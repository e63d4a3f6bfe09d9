//! `dbexec wait`: waits for a command that another process has started.

use std::cell::RefCell;
use std::path::Path;

use generated_client::{ContextBuilder, Error, ExecutionContext, Failure, Output, RunError, Wait};

use crate::cli::WaitArgs;
use crate::error::CliError;
use crate::handle::Handle;
use crate::journal::{Store, Workspace};
use crate::language::Language;
use crate::live_output::LiveOutput;
use crate::out::Out;
use crate::progress::{Progress, is_running};
use crate::render::{ImageName, Printer, TextEnd};
use crate::source::Origin;
use crate::{console, interrupt, summary, target};

/// Waits for the end of a command, prints its results, and destroys its context.
pub(crate) fn wait(args: &WaitArgs) -> Result<(), CliError> {
    let Handle {
        cluster, context, ..
    } = &args.handle;
    let help = "use the handle that `dbexec run --detach` prints";
    let command = args.handle.require_command(help)?;
    let (client, workspace) = target::connect_recorded(&args.workspace)?;
    let interrupt = interrupt::on_signals(())?;
    let client = client
        .with_interrupt(interrupt)
        .deadline(args.timeout.deadline());
    let context = ContextBuilder::new(&**cluster, args.language.into())
        .wait(Wait::new().no_timeout())
        .attach(&client, &**context)
        .map_err(|error| {
            let cli_error = CliError::workspace_request(&error);
            if cli_error.message().contains("ContextNotFound") {
                cli_error.help("`dbexec wait` prints results once, and then destroys the context")
            } else {
                cli_error
            }
        })?;
    let options = args.results.options(Path::new(""));
    let mut printer = Printer::new(Out::Streams, options, 1);
    let mut live = printer.live_output();
    let end_of_code = live.end_of_code();
    let mut running = context.attach_command(command).no_timeout();
    if let Some(script) = &args.handle.script {
        running = running.script_id(script);
    }
    let progress = Progress::new(args.progress.mode, args.timeout);
    progress.begin(&command, "waiting");
    let (state, set_state) = (RefCell::new("running".to_owned()), progress.setter());
    let result = running
        .on_output(|text| live.print(text))
        .on_progress(|progress| {
            if !is_running(progress.status) {
                end_of_code.set();
            }
            let status = progress.status.to_string();
            set_state(&status);
            *state.borrow_mut() = status;
        })
        .wait();
    drop(progress);
    match result {
        Ok(output) => {
            let result = print(args, &mut printer, &output, live);
            let destroyed = close(context, args, &workspace);
            result
                .and(printer.finish())
                .and(destroyed.map_err(|error| CliError::workspace_request(&error)))
        }
        Err(error) => {
            printer.print_failed(&error, live);
            Err(match error {
                RunError::Failed(failure) => {
                    failed(&failure, args, end_context(context, args, &workspace))
                }
                RunError::Cancelled => {
                    let context = end_context(context, args, &workspace);
                    CliError::from(error).note(context)
                }
                error => not_ended(error, args, &state.borrow()),
            })
        }
    }
}

fn print(
    args: &WaitArgs,
    printer: &mut Printer<'_>,
    output: &Output,
    live: LiveOutput,
) -> Result<(), CliError> {
    let name = ImageName::new(&Origin::Argument, 1);
    let text_end = match args.handle.script {
        Some(_) => TextEnd::Unchanged,
        None => TextEnd::NewlineRemoved,
    };
    printer.print(output, live, &name, text_end)?;
    if let Some(table) = output.table()
        && args.progress.mode.is_for_terminal()
    {
        console::eprintln(summary::count(table.len()));
    }
    Ok(())
}

/// Converts an error of the code.
fn failed(failure: &Failure, args: &WaitArgs, context: &str) -> CliError {
    let place = match &failure.location {
        Some(location) => location.to_string(),
        None => "the command".to_owned(),
    };
    let error = CliError::code_failed(failure.to_string())
        .line(format_args!("error: {place} failed; {context}"));
    // As for `dbexec run`.
    if args.handle.script.is_some() || args.language == Language::Sql {
        return error;
    }
    error.note("output before the error may be lost")
}

/// Converts an error after which the command may be running.
fn not_ended(error: RunError, args: &WaitArgs, state: &str) -> CliError {
    let handle = &args.handle;
    match error {
        RunError::Timeout(_) => CliError::timeout(format_args!(
            "still {state} after {} (--timeout); not cancelled",
            args.timeout
        ))
        .help(format_args!("`dbexec wait {handle}` continues to wait")),
        RunError::Interrupted(_) => {
            CliError::interrupted(format_args!("the command is not cancelled"))
                .help(format_args!("`dbexec wait {handle}` continues to wait"))
        }
        error => CliError::from(error),
    }
}

/// Destroys the context of a command that was not successful, and returns a text with its state.
fn end_context(context: ExecutionContext, args: &WaitArgs, workspace: &Workspace) -> &'static str {
    match close(context, args, workspace) {
        Ok(()) if args.keep => "context kept",
        Ok(()) => "context destroyed",
        Err(error) => {
            console::warn(format_args!(
                "cannot destroy the execution context: {error}"
            ));
            "context not destroyed"
        }
    }
}

/// Destroys the context and removes it from the journal, unless it is kept.
fn close(context: ExecutionContext, args: &WaitArgs, workspace: &Workspace) -> Result<(), Error> {
    if args.keep {
        context.detach();
        return Ok(());
    }
    context.close()?;
    Store::open().forget(workspace, &args.handle);
    Ok(())
}
