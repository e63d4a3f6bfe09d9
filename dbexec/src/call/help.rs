//! The help of `dbexec call`, which is also printed without an endpoint.

use clap::CommandFactory as _;

use crate::cli::Cli;

/// Returns the help of `dbexec call`.
pub(super) fn of_call(is_long: bool) -> String {
    let mut cli = Cli::command();
    cli.build();
    match cli.find_subcommand_mut("call") {
        Some(call) if is_long => call.render_long_help().to_string(),
        Some(call) => call.render_help().to_string(),
        None => String::new(),
    }
}
