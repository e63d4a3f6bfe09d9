//! Arguments of `dbexec doctor`.

use clap::Args;
use clap::builder::NonEmptyStringValueParser;

use super::{StatusFormat, WorkspaceArgs};

pub(super) const EXAMPLES: &str = "\
Examples:
  dbexec doctor
  dbexec doctor --profile prod --cluster etl
  dbexec doctor --output json";

#[derive(Debug, Args)]
pub(crate) struct DoctorArgs {
    /// Cluster to test: its id, or its name
    #[arg(long, value_parser = NonEmptyStringValueParser::new())]
    pub(crate) cluster: Option<String>,

    /// Format of the output
    #[arg(long, value_enum, value_name = "FORMAT", default_value = "text")]
    pub(crate) output: StatusFormat,

    #[command(flatten)]
    pub(crate) workspace: WorkspaceArgs,
}
