//! `dbexec config`: shows settings, and writes a profile.

#[cfg(unix)]
mod hidden;
mod init;
mod show;

use crate::cli::ConfigCommand;
use crate::error::CliError;

/// Runs a subcommand of `dbexec config`.
pub(crate) fn config(command: &ConfigCommand) -> Result<(), CliError> {
    match command {
        ConfigCommand::Show(args) => show::show(args),
        ConfigCommand::Init(args) => init::init(args),
    }
}
