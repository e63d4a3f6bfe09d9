//! Arguments of `dbexec cluster`.

use clap::builder::NonEmptyStringValueParser;
use clap::{Args, Subcommand};

use super::{ProgressArgs, ResultArgs, StatusFormat, WorkspaceArgs};
use crate::timeout::Timeout;

pub(super) const EXAMPLES: &str = "\
Examples:
  dbexec cluster list
  dbexec cluster list --output json
  dbexec cluster start etl --wait --timeout 20m
  dbexec cluster status etl --output json
  dbexec cluster stop etl";

#[derive(Debug, Subcommand)]
pub(crate) enum ClusterCommand {
    /// List the clusters of the workspace: those that are not terminated first
    #[command(after_help = EXAMPLES)]
    List(ClusterListArgs),
    /// Start a terminated cluster
    ///
    /// With `--wait`, waits until the cluster runs and its libraries are installed, and tests it with an
    /// execution context. Ctrl-C ends the wait, and the cluster continues to start.
    #[command(after_help = EXAMPLES)]
    Start(ClusterArgs),
    /// Terminate a cluster. It can be started again
    #[command(after_help = EXAMPLES)]
    Stop(ClusterArgs),
    /// Print the state of a cluster
    ///
    /// With `--wait`, waits while the cluster is being started or terminated.
    #[command(after_help = EXAMPLES)]
    Status(ClusterStatusArgs),
}

#[derive(Debug, Args)]
pub(crate) struct ClusterListArgs {
    #[command(flatten)]
    pub(crate) results: ResultArgs,

    #[command(flatten)]
    pub(crate) workspace: WorkspaceArgs,
}

#[derive(Debug, Args)]
pub(crate) struct ClusterStatusArgs {
    /// Format of the output: the state, or an object with the properties of the cluster
    #[arg(long, value_enum, value_name = "FORMAT", default_value = "text")]
    pub(crate) output: StatusFormat,

    #[command(flatten)]
    pub(crate) cluster: ClusterArgs,
}

#[derive(Debug, Args)]
pub(crate) struct ClusterArgs {
    /// Cluster: its id, or its name. Default: `DATABRICKS_CLUSTER_ID`, or `cluster_id` in the profile
    #[arg(value_parser = NonEmptyStringValueParser::new())]
    pub(crate) cluster: Option<String>,

    /// Wait for the new state
    #[arg(long)]
    pub(crate) wait: bool,

    /// Maximum time for `--wait`: `90s`, `5m`, `1h30m`, a number of seconds, or `none`
    #[arg(long, value_name = "TIME", default_value = "none", requires = "wait")]
    pub(crate) timeout: Timeout,

    #[command(flatten)]
    pub(crate) progress: ProgressArgs,

    #[command(flatten)]
    pub(crate) workspace: WorkspaceArgs,
}
