//! Cluster of `dbexec run` and `dbexec repl` before its contexts are created.

use std::time::{Duration, Instant};

use generated_client::api_2_0::{Cluster, ClusterState, clusters};
use generated_client::{Client, Error, ErrorKind, RetryPolicy, Wait, ensure_running};

use super::state::{does_not_run, is_running, state_name};
use super::suggestion::command_line;
use super::waiting::Waiting;
use crate::console;
use crate::elapsed::Elapsed;
use crate::error::CliError;
use crate::progress::Progress;
use crate::target::Target;
use crate::timeout::Timeout;

/// Maximum time for the request of the state after an error.
const STATE_TIMEOUT: Duration = Duration::from_secs(5);

/// Starts the cluster and waits until it runs, or checks its state if that is known. Clusters start only
/// if `start` is set.
pub(crate) fn prepare(
    target: &Target,
    start: bool,
    timeout: Timeout,
    progress: &Progress,
) -> Result<(), CliError> {
    let state = target.state.as_ref();
    if target.is_local() || state.is_some_and(is_running) {
        return Ok(());
    }
    if !start {
        return match state {
            Some(state) if does_not_run(state) => Err(terminated(&target.cluster_name, state)),
            _ => Ok(()),
        };
    }
    let start = Instant::now();
    let mut waiting = Waiting::new(&target.cluster_name, timeout, progress);
    let mut was_running = None;
    let wait = Wait::new().no_timeout().on_poll(|cluster: &Cluster| {
        was_running.get_or_insert_with(|| is_running(&cluster.state));
        waiting.on_poll(cluster);
    });
    let running = ensure_running(&target.client, target.cluster.as_str(), wait);
    progress.end();
    let cluster = running.map_err(|error| waiting.error(&error, "and continues to start"))?;
    if was_running != Some(true) {
        console::eprintln(format_args!(
            "{} {} after {}",
            target.cluster_name,
            state_name(&cluster.state),
            Elapsed(start.elapsed())
        ));
    }
    Ok(())
}

/// Checks that the cluster runs or starts. Its state is requested if it is not known.
pub(crate) fn require_running(target: &Target) -> Result<(), CliError> {
    if target.is_local() || target.state.is_some() {
        return Ok(());
    }
    let request = clusters::Get::new(target.cluster.as_str());
    match clusters::get(&target.client, &request) {
        Ok(cluster) if does_not_run(&cluster.state) => {
            Err(terminated(&target.cluster_name, &cluster.state))
        }
        // The next request shows if the server rejects all.
        _ => Ok(()),
    }
}

/// Explains an error of the creation of a context by the state of the cluster, which is requested. Returns
/// `None` if it is not the reason.
pub(crate) fn not_running(
    client: &Client,
    id: &str,
    name: &str,
    error: &Error,
) -> Option<CliError> {
    let is_rejected = error.kind() == ErrorKind::Status && !error.may_have_been_processed();
    if !is_rejected || matches!(error.status(), Some(401 | 403)) {
        return None;
    }
    let client = client
        .timeout(Some(STATE_TIMEOUT))
        .retries(RetryPolicy::none());
    let state = clusters::get(&client, &clusters::Get::new(id)).ok()?.state;
    does_not_run(&state).then(|| terminated(name, &state))
}

fn terminated(name: &str, state: &ClusterState) -> CliError {
    CliError::service(format!("the cluster `{name}` is {}", state_name(state))).help(format!(
        "use `--start` to start it, or `{}`",
        command_line("start", name, " --wait")
    ))
}
