//! `dbexec wait`: waits for a command that another process has started.

use std::path::Path;

use generated_client::{ContextBuilder, ExecutionContext, Output, RunError, Wait};

use crate::cli::WaitArgs;
use crate::error::CliError;
use crate::handle::Handle;
use crate::journal::{Store, Workspace};
use crate::live_output::LiveOutput;
use crate::out::Out;
use crate::render::{ImageName, Printer, TextEnd};
use crate::source::Origin;
use crate::{interrupt, target};

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
        .map_err(|error| CliError::workspace_request(&error))?;
    let options = args.results.options(Path::new(""));
    let mut printer = Printer::new(Out::Streams, options, 1);
    let mut live = printer.live_output();
    let running = context.attach_command(command).no_timeout();
    let result = running.on_output(|text| live.print(text)).wait();
    match result {
        Ok(output) => {
            let result = print(&mut printer, &output, live);
            let destroyed = close(context, args, &workspace);
            result.and(printer.finish()).and(destroyed)
        }
        Err(error) => {
            printer.print_failed(&error, live);
            Err(failed(error, context, args, &workspace))
        }
    }
}

fn print(printer: &mut Printer<'_>, output: &Output, live: LiveOutput) -> Result<(), CliError> {
    printer.print(
        output,
        live,
        &ImageName::new(&Origin::Argument, 1),
        TextEnd::NewlineRemoved,
    )?;
    Ok(())
}

/// Converts an error. The context is destroyed if the command has ended.
fn failed(
    error: RunError,
    context: ExecutionContext,
    args: &WaitArgs,
    workspace: &Workspace,
) -> CliError {
    let handle = &args.handle;
    match error {
        RunError::Timeout(_) => CliError::timeout(format_args!(
            "still running after {} (--timeout); not canceled",
            args.timeout
        ))
        .help(format_args!("`dbexec wait {handle}` continues to wait")),
        RunError::Interrupted(_) => {
            CliError::interrupted(format_args!("interrupted; the command is not canceled"))
                .help(format_args!("`dbexec wait {handle}` continues to wait"))
        }
        RunError::Failed(_) | RunError::Cancelled => {
            let _ = close(context, args, workspace);
            CliError::from(error)
        }
        error => CliError::from(error),
    }
}

/// Destroys the context and removes it from the journal, unless it is kept.
fn close(
    context: ExecutionContext,
    args: &WaitArgs,
    workspace: &Workspace,
) -> Result<(), CliError> {
    if args.keep {
        context.detach();
        return Ok(());
    }
    context
        .close()
        .map_err(|error| CliError::workspace_request(&error))?;
    Store::open().forget(workspace, &args.handle);
    Ok(())
}
