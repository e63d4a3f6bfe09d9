//! Arguments of `dbexec completions` and `dbexec man`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

pub(super) const COMPLETIONS_EXAMPLES: &str = "\
Examples:
  mkdir -p ~/.local/share/bash-completion/completions
  dbexec completions bash > ~/.local/share/bash-completion/completions/dbexec
  dbexec completions zsh > \"${fpath[1]}/_dbexec\"
  dbexec completions fish > ~/.config/fish/completions/dbexec.fish";

pub(super) const MAN_EXAMPLES: &str = "\
Examples:
  dbexec man | man -l -
  dbexec man --dir ~/.local/share/man/man1    dbexec.1, dbexec-run.1 and so on";

#[derive(Debug, Args)]
pub(crate) struct CompletionsArgs {
    /// Shell that reads the script
    #[arg(value_enum)]
    pub(crate) shell: CompletionShell,
}

/// Shell with a completion script.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum CompletionShell {
    Bash,
    Zsh,
    Fish,
}

#[derive(Debug, Args)]
pub(crate) struct ManArgs {
    /// Write the pages of all commands to this folder, which is created, instead of the one of `dbexec` to standard output
    #[arg(long, value_name = "DIR")]
    pub(crate) dir: Option<PathBuf>,
}
