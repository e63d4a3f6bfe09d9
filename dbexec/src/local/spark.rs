//! `dbexec spark`: installs Spark, and shows what is installed.

mod install;
mod prepare;
mod progress;
mod status;

use crate::cli::SparkCommand;
use crate::error::CliError;

/// Runs a subcommand of `dbexec spark`.
pub(crate) fn spark(command: &SparkCommand) -> Result<(), CliError> {
    match command {
        SparkCommand::Install(args) => install::install(args),
        SparkCommand::Prepare(args) => prepare::prepare(args),
        SparkCommand::Status(args) => status::status(args),
    }
}
