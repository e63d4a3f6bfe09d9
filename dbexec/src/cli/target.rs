//! Arguments that select the target of code: a cluster of a workspace, or this machine.

use std::ffi::OsString;

use clap::Args;
use clap::builder::NonEmptyStringValueParser;

use super::{InterpreterArgs, WorkspaceArgs};
use crate::handle::Handle;
use crate::target::Selection;
use crate::timeout::Timeout;

#[derive(Debug, Args)]
#[command(mut_arg("python", |arg| arg.requires("local")))]
#[command(mut_arg("spark_home", |arg| arg.requires("local")))]
#[command(mut_arg("java", |arg| arg.requires("local")))]
#[command(mut_arg("r", |arg| arg.requires("local")))]
pub(crate) struct TargetArgs {
    /// Cluster to run the code on: its id, or its name
    #[arg(long, value_parser = NonEmptyStringValueParser::new())]
    pub(crate) cluster: Option<String>,

    /// Start the cluster if it is terminated, and wait until it runs
    #[arg(long, conflicts_with_all = ["local", "context"])]
    pub(crate) start: bool,

    /// Run the code on this machine, without a workspace
    #[arg(
        long,
        conflicts_with_all = ["host", "token", "profile", "workspace_id", "ca_file", "allow_plain_http"]
    )]
    pub(crate) local: bool,

    /// Variable with a secret that the code of `--local` inherits, for example `DATABRICKS_TOKEN`.
    /// Other secrets that `dbexec` reads are removed from its environment
    #[arg(long, value_name = "NAME", requires = "local")]
    pub(crate) keep_env: Vec<OsString>,

    #[command(flatten)]
    pub(crate) interpreters: InterpreterArgs,

    #[command(flatten)]
    pub(crate) workspace: WorkspaceArgs,
}

impl TargetArgs {
    /// Returns the selection of the target. The cluster of an existing context takes precedence.
    pub(crate) fn selection<'a>(
        &'a self,
        context: Option<&'a Handle>,
        timeout: Timeout,
    ) -> Selection<'a> {
        Selection {
            local: self.local,
            interpreters: &self.interpreters,
            workspace: &self.workspace,
            cluster: self.cluster.as_deref(),
            context,
            timeout,
        }
    }
}
