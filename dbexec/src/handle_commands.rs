//! `dbexec status`, `dbexec cancel` and `dbexec destroy`: contexts and commands of other processes.

use generated_client::{Wait, commands, contexts};

use crate::cli::HandleArgs;
use crate::error::CliError;
use crate::handle::Handle;
use crate::journal::Store;
use crate::{console, target};

/// Prints the status of a command or a context.
pub(crate) fn status(args: &HandleArgs) -> Result<(), CliError> {
    let client = target::connect(&args.workspace)?;
    let Handle {
        cluster,
        context,
        command,
        ..
    } = &args.handle;
    let status = if let Some(command) = command {
        let request = commands::Status::new(&**cluster, &**context, &**command);
        commands::status(&client, &request)?.status.to_string()
    } else {
        let request = contexts::Status::new(&**cluster, &**context);
        contexts::status(&client, &request)?.status.to_string()
    };
    console::print(&format!("{status}\n"))
}

/// Cancels a command and waits for its end. Its context remains.
pub(crate) fn cancel(args: &HandleArgs) -> Result<(), CliError> {
    let Handle {
        cluster, context, ..
    } = &args.handle;
    let help = "use `dbexec destroy` to end a context with its commands";
    let command = args.handle.require_command(help)?;
    let client = target::connect(&args.workspace)?;
    let request = commands::Cancel::new(&**cluster, &**context, command);
    commands::cancel(&client, &request)?;
    commands::wait_for_cancel(&client, &request, Wait::new())?;
    Ok(())
}

/// Destroys a context, which ends its commands.
pub(crate) fn destroy(args: &HandleArgs) -> Result<(), CliError> {
    let (client, workspace) = target::connect_recorded(&args.workspace)?;
    let Handle {
        cluster, context, ..
    } = &args.handle;
    contexts::destroy(&client, &contexts::Destroy::new(&**cluster, &**context))?;
    Store::open().forget(&workspace, &args.handle);
    Ok(())
}
