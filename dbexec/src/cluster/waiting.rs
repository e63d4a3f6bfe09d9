//! Progress and errors of waits for clusters.

use generated_client::api_2_0::{Cluster, ClusterState};
use generated_client::{Error, ErrorKind};

use super::state::state_name;
use super::suggestion::command_line;
use crate::error::{CliError, with_sources};
use crate::progress::Progress;
use crate::timeout::Timeout;

/// A wait for a state of a cluster.
pub(super) struct Waiting<'a> {
    /// Cluster as the user has specified it.
    pub(super) name: &'a str,
    pub(super) timeout: Timeout,
    /// Last state that was received.
    state: Option<ClusterState>,
    progress: &'a Progress,
}

impl<'a> Waiting<'a> {
    /// Begins to display the state of a cluster.
    pub(super) fn new(name: &'a str, timeout: Timeout, progress: &'a Progress) -> Self {
        progress.begin(&name, "waiting for the state");
        Self {
            name,
            timeout,
            state: None,
            progress,
        }
    }

    /// Displays the state of the cluster.
    pub(super) fn on_poll(&mut self, cluster: &Cluster) {
        let message = cluster.state_message.as_deref().unwrap_or_default();
        self.progress
            .set_state(&state_name(&cluster.state), message);
        self.state = Some(cluster.state.clone());
    }

    /// Displays a further step.
    pub(super) fn show(&self, step: &str) {
        self.progress.set_state(step, "");
    }

    /// Converts an error of the wait. `continues` ends the message about its state, e.g. `and continues to
    /// start`.
    pub(super) fn error(&self, error: &Error, continues: &str) -> CliError {
        let name = self.name;
        let state = self.state.as_ref().map(state_name);
        let cli_error = match (error.kind(), state) {
            (ErrorKind::Interrupted, Some(state)) => {
                CliError::interrupted(format!("`{name}` is {state}, {continues}"))
            }
            (ErrorKind::Interrupted, None) => {
                CliError::interrupted(format!("the state of `{name}` is not known"))
            }
            (ErrorKind::Timeout | ErrorKind::WaitTimeout, Some(state)) => {
                CliError::timeout(format!(
                    "`{name}` is still {state} after {} (--timeout), {continues}",
                    self.timeout
                ))
            }
            (ErrorKind::WaitFailed, _) => return CliError::service(with_sources(error)),
            _ => return CliError::request(error),
        };
        let status = command_line("status", name, " --wait");
        cli_error.help(format!("`{status}` continues to wait"))
    }
}
