//! Arguments for the display of progress.

use clap::Args;

use crate::progress::Mode;

#[derive(Debug, Args)]
pub(crate) struct ProgressArgs {
    /// Display of the progress on standard error
    #[arg(
        id = "progress",
        long = "progress",
        value_enum,
        value_name = "MODE",
        env = "DBEXEC_PROGRESS",
        default_value = "auto"
    )]
    pub(crate) mode: Mode,
}
