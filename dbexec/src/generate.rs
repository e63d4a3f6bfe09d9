//! `dbexec completions` and `dbexec man`: files that are generated from the definition of the command line.

use std::fs;
use std::path::Path;

use clap::{Command, CommandFactory as _};
use clap_complete::Shell;

use crate::cli::{Cli, CompletionShell, CompletionsArgs, ManArgs};
use crate::console;
use crate::error::CliError;

/// Prints the completion script of a shell.
pub(crate) fn completions(args: &CompletionsArgs) -> Result<(), CliError> {
    let shell = match args.shell {
        CompletionShell::Bash => Shell::Bash,
        CompletionShell::Zsh => Shell::Zsh,
        CompletionShell::Fish => Shell::Fish,
    };
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "dbexec", &mut script);
    console::print(&String::from_utf8_lossy(&script))
}

/// Prints the manual page of `dbexec`, or writes those of all commands.
pub(crate) fn man(args: &ManArgs) -> Result<(), CliError> {
    let mut command = Cli::command();
    command.build();
    match &args.dir {
        None => console::print(&page(&command)?),
        Some(dir) => {
            fs::create_dir_all(dir).map_err(|error| {
                CliError::usage(format!("cannot create {}: {error}", dir.display()))
            })?;
            write_pages(&command, dir)
        }
    }
}

fn write_pages(command: &Command, dir: &Path) -> Result<(), CliError> {
    let name = command
        .get_display_name()
        .unwrap_or_else(|| command.get_name());
    let path = dir.join(format!("{name}.1"));
    fs::write(&path, page(command)?)
        .map_err(|error| CliError::usage(format!("cannot write {}: {error}", path.display())))?;
    let documented = |command: &&Command| command.get_name() != "help" && !command.is_hide_set();
    command
        .get_subcommands()
        .filter(documented)
        .try_for_each(|command| write_pages(command, dir))
}

fn page(command: &Command) -> Result<String, CliError> {
    let mut page = Vec::new();
    clap_mangen::Man::new(command.clone())
        .render(&mut page)
        .map_err(|error| CliError::service(format!("cannot generate a page: {error}")))?;
    Ok(String::from_utf8_lossy(&page).into_owned())
}
