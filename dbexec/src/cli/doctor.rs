//! Arguments of `dbexec doctor`.

use clap::Args;

use super::{StatusFormat, WorkspaceArgs};

pub(super) const EXAMPLES: &str = "\
Examples:
  dbexec doctor
  dbexec doctor --profile prod --cluster-id 0123-456789-abcde
  dbexec doctor --output json";

#[derive(Debug, Args)]
pub(crate) struct DoctorArgs {
    /// Cluster to test
    #[arg(long, value_name = "ID")]
    pub(crate) cluster_id: Option<String>,

    /// Format of the output
    #[arg(long, value_enum, value_name = "FORMAT", default_value = "text")]
    pub(crate) output: StatusFormat,

    #[command(flatten)]
    pub(crate) workspace: WorkspaceArgs,
}
