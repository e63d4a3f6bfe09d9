//! `dbexec cluster`, and the clusters of other commands.
//!
//! ```text
//! cluster ──▶ list
//!    ├──────▶ start ──▶ readiness    libraries and a test context
//!    ├──────▶ stop, status
//!    └──────▶ prepare                start of the cluster of `dbexec run`
//!             properties             for `list` and `status`
//!             waiting                progress and errors of waits
//!             selected               cluster of the arguments: find
//!             state, suggestion
//! ```

mod find;
mod list;
mod prepare;
mod properties;
mod readiness;
mod selected;
mod spark_version;
mod start;
mod state;
mod status;
mod stop;
mod suggestion;
mod waiting;

pub(crate) use self::find::find;
pub(crate) use self::prepare::{not_running, prepare, require_running};
pub(crate) use self::readiness::test_context;
pub(crate) use self::spark_version::{spark_version, spark_version_key};
pub(crate) use self::state::{does_not_run, state_name};
pub(crate) use self::suggestion::command_line;
use crate::cli::ClusterCommand;
use crate::error::CliError;

/// Runs `dbexec cluster`.
pub(crate) fn cluster(command: &ClusterCommand) -> Result<(), CliError> {
    match command {
        ClusterCommand::List(args) => list::list(args),
        ClusterCommand::Start(args) => start::start(args),
        ClusterCommand::Stop(args) => stop::stop(args),
        ClusterCommand::Status(args) => status::status(args),
    }
}
