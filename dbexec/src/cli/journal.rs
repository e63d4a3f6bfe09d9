//! Arguments of `dbexec ps` and `dbexec clean`.

use clap::Args;

use super::{StatusFormat, WorkspaceArgs};

pub(super) const PS_EXAMPLES: &str = "\
Columns:
  context as CLUSTER/CONTEXT/COMMAND, file, state of the command or the context,
  time since the context was requested, process, host of the workspace

Examples:
  dbexec ps
  dbexec ps --output json
  dbexec ps --profile prod    only the contexts of this workspace";

pub(super) const CLEAN_EXAMPLES: &str = "\
Credentials are taken from the variables, the profile or the netrc entry that
name the host of the context. To use others, for example a variable
DATABRICKS_TOKEN without a host, select the workspace with `--host` or
`--profile`.

Examples:
  dbexec clean --dry-run
  dbexec clean
  dbexec clean etl/1793653964133248955
  dbexec clean --all --host https://adb-123.azuredatabricks.net";

#[derive(Debug, Args)]
pub(crate) struct PsArgs {
    /// Format of the output
    #[arg(long, value_enum, value_name = "FORMAT", default_value = "text")]
    pub(crate) output: StatusFormat,

    #[command(flatten)]
    pub(crate) workspace: WorkspaceArgs,
}

#[derive(Debug, Args)]
pub(crate) struct CleanArgs {
    /// Contexts to destroy, as printed by `dbexec ps`. Default: those whose process has ended
    #[arg(value_name = "HANDLE")]
    pub(crate) handles: Vec<String>,

    /// Destroy detached contexts, too
    #[arg(long, conflicts_with = "handles")]
    pub(crate) all: bool,

    /// Print what would be destroyed
    #[arg(long)]
    pub(crate) dry_run: bool,

    #[command(flatten)]
    pub(crate) workspace: WorkspaceArgs,
}
