//! Arguments of the commands that take a handle.

use clap::Args;

use super::{ProgressArgs, ResultArgs, WorkspaceArgs};
use crate::handle::Handle;
use crate::language::Language;
use crate::timeout::Timeout;

pub(super) const HANDLE_EXAMPLES: &str = r#"Examples:
  dbexec run --keep setup.py          prints the handle of the context
  dbexec run --context etl/17 query.sql
  run=$(dbexec run --detach job.py)   prints the handle of the command
  dbexec wait --timeout 5m "$run"
  dbexec status "$run"
  dbexec cancel etl/17/dd7f
  dbexec destroy etl/17"#;

#[derive(Debug, Args)]
pub(crate) struct WaitArgs {
    /// Command, as printed by `dbexec run --detach`: `CLUSTER/CONTEXT/COMMAND`
    #[arg(value_name = "HANDLE")]
    pub(crate) handle: Handle,

    /// Language of the command, by which its errors are printed
    #[arg(short, long, value_enum, ignore_case = true, default_value = "python")]
    pub(crate) language: Language,

    /// Maximum time to wait. The command is not canceled
    #[arg(long, value_name = "TIME", default_value = "none")]
    pub(crate) timeout: Timeout,

    #[command(flatten)]
    pub(crate) results: ResultArgs,

    #[command(flatten)]
    pub(crate) progress: ProgressArgs,

    /// Keep the context
    #[arg(long)]
    pub(crate) keep: bool,

    #[command(flatten)]
    pub(crate) workspace: WorkspaceArgs,
}

#[derive(Debug, Args)]
pub(crate) struct HandleArgs {
    /// Context or command: `CLUSTER/CONTEXT` or `CLUSTER/CONTEXT/COMMAND`
    #[arg(value_name = "HANDLE")]
    pub(crate) handle: Handle,

    #[command(flatten)]
    pub(crate) workspace: WorkspaceArgs,
}
