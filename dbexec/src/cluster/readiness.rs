//! Libraries of a cluster that runs, and a test with an execution context.

use std::time::{Duration, Instant};

use generated_client::api_2_0::libraries::{self, ClusterStatus};
use generated_client::{
    Client, ContextBuilder, Error, ExecutionContext, Language, Leftovers, Wait, WaitProgress,
    wait_until_installed,
};

/// Waits until the libraries of a cluster are installed. Returns a summary, or `None` without libraries.
pub(super) fn wait_for_libraries(
    client: &Client,
    cluster: &str,
    show: &dyn Fn(&str),
) -> Result<Option<&'static str>, Error> {
    let response = match libraries::cluster_status(client, &ClusterStatus::new(cluster)) {
        Ok(response) => response,
        // Servers need not have the API of libraries, and users not the right to read it.
        Err(error) if matches!(error.status(), Some(403 | 404)) => {
            return Ok(Some("libraries not checked"));
        }
        Err(error) => return Err(error),
    };
    let statuses = response.library_statuses.unwrap_or_default();
    let libraries: Vec<_> = statuses.into_iter().map(|status| status.library).collect();
    if libraries.is_empty() {
        return Ok(None);
    }
    let wait = Wait::new()
        .no_timeout()
        .on_progress(|progress: &WaitProgress<'_>| show(&format!("libraries: {progress}")));
    wait_until_installed(client, cluster, &libraries, wait)?;
    Ok(Some("libraries installed"))
}

/// Creates a context, in up to this many attempts, and destroys it. Returns the elapsed time. `leftovers`
/// records the context until then.
pub(crate) fn test_context(
    client: &Client,
    cluster: &str,
    leftovers: &Leftovers,
    attempts: u32,
) -> Result<Duration, Error> {
    let start = Instant::now();
    ContextBuilder::new(cluster, Language::Python)
        .attempts(attempts)
        .wait(Wait::new().no_timeout())
        .leftovers(leftovers)
        .create(client)
        .and_then(ExecutionContext::close)?;
    Ok(start.elapsed())
}
