//! The request that creates a context.

use std::time::Duration;

use api_runtime::{Client, Delivery, Error, ErrorKind, RetryPolicy};

use super::deadline::{Deadline, MIN_PAUSE};
use crate::api::{ClusterId, contexts};
use crate::api_2_0::{ClusterState, clusters};
use crate::cleanup::Cleanup;
use crate::context_progress::Attempt;
use crate::server_id;

/// Maximum time for the request of the state of a cluster that is not ready.
const STATE_TIMEOUT: Duration = Duration::from_secs(10);

/// Sends the request with the client's own retries, and then until the deadline while the cluster is
/// not ready.
pub(super) fn send_create(
    attempt: Attempt<'_>,
    cleanup: &Cleanup,
    request: &contexts::Create,
    deadline: &Deadline<'_>,
) -> Result<contexts::CreateResponse, Error> {
    let client = cleanup.creating(attempt.client);
    let error = match contexts::create(&client, request) {
        Err(error) if is_not_ready(&error) => error,
        result => return result,
    };
    let retry_after = error.retry_after().filter(|pause| !pause.is_zero());
    let pause = retry_after.unwrap_or(MIN_PAUSE);
    let left = deadline.left();
    if left <= pause || does_not_run(attempt.client, &request.cluster_id, left) {
        return Err(error);
    }
    attempt.report(None, Some(&error));
    if !deadline.pause(pause) {
        return Err(error);
    }
    let left = deadline.left();
    let retries = RetryPolicy::new().attempts(u32::MAX).budget(left);
    contexts::create(&client.retries(retries).timeout(Some(left)), request)
}

/// Returns whether the server rejected the request for now, without creating a context.
fn is_not_ready(error: &Error) -> bool {
    error.kind() == ErrorKind::Status
        && error.is_transient()
        && error.delivery() == Delivery::NotProcessed
}

/// Returns whether the cluster has to be started before it accepts contexts. Servers need not have the API
/// of clusters.
fn does_not_run(client: &Client, cluster: &ClusterId, left: Duration) -> bool {
    let client = client.retries(RetryPolicy::none());
    let client = client.timeout(Some(STATE_TIMEOUT.min(left)));
    let cluster = clusters::get(&client, &clusters::Get::new(cluster));
    cluster.is_ok_and(|cluster| {
        let state = cluster.state;
        matches!(
            state,
            ClusterState::Terminated | ClusterState::Terminating | ClusterState::Error
        )
    })
}

/// Checks the id of a new context, which is a part of further requests.
pub(super) fn check_id(
    created: contexts::CreateResponse,
) -> Result<contexts::CreateResponse, Error> {
    server_id::check(created.id.as_str(), contexts::Create::OPERATION.name)?;
    Ok(created)
}
