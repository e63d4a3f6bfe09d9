//! `dbexec fs rm` and `dbexec fs mkdir`.

use generated_client::api_2_0::dbfs;
use generated_client::{Client, ContextBuilder, files};

use super::error;
use super::status::Status;
use crate::cli::{FsMkdirArgs, FsRmArgs, WorkspaceArgs};
use crate::error::CliError;
use crate::{interrupt, target};

/// Deletes files and folders.
pub(super) fn remove(args: &FsRmArgs) -> Result<(), CliError> {
    if let Some(root) = args.paths.iter().find(|path| path.name().is_none()) {
        let message = format!("`{root}` cannot be deleted");
        return Err(CliError::usage(message));
    }
    let status = Status::default();
    let client = connect(&args.workspace, &status)?;
    for path in &args.paths {
        let info = dbfs::get_status(&client, &dbfs::GetStatus::new(path.as_str()));
        let info = info.map_err(|error| error::of_path(&error, path))?;
        if info.is_dir == Some(true) && !args.recursive {
            return Err(CliError::service(format!("`{path}` is a folder"))
                .help("use `-r` to delete it with its contents"));
        }
        status.set(format!("`{path}` may be deleted, in part or as a whole"));
        files::delete(&client, path.as_str(), args.recursive)
            .map_err(|error| status.add_to(&error, error::of_path(&error, path)))?;
        status.clear();
    }
    Ok(())
}

/// Creates folders and their parents.
pub(super) fn make_folders(args: &FsMkdirArgs) -> Result<(), CliError> {
    let status = Status::default();
    let client = connect(&args.workspace, &status)?;
    for path in &args.paths {
        status.set(format!("`{path}` may have been created"));
        dbfs::mkdirs(&client, &dbfs::Mkdirs::new(path.as_str()))
            .map_err(|error| status.add_to(&error, error::of_path(&error, path)))?;
        status.clear();
    }
    Ok(())
}

/// Returns a client whose requests in flight are awaited for a while after a signal.
fn connect(args: &WorkspaceArgs, status: &Status) -> Result<Client, CliError> {
    let client = target::connect(args)?;
    let interrupt = interrupt::on_signals(status.clone())?;
    let grace = ContextBuilder::DEFAULT_CLEANUP_TIMEOUT;
    Ok(client.with_interrupt(interrupt).grace(grace))
}
