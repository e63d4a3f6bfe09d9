//! First line of a session.

use std::time::{Duration, Instant};

use generated_client::Error;
use generated_client::api_2_0::clusters;

use crate::error::CliError;
use crate::target::Target;

/// Maximum time for the request for the cluster.
const MAX_TIME: Duration = Duration::from_secs(10);

/// Returns the state of the cluster, for example `etl Running, Spark 3.5.2`.
///
/// # Errors
///
/// Returns an error if the server cannot be reached or rejects the credentials. Servers without an API of
/// clusters have no state.
pub(super) fn cluster(target: &Target) -> Result<String, CliError> {
    let name = &target.cluster;
    if target.is_local() {
        return Ok(name.clone());
    }
    let client = target.client.deadline(Some(Instant::now() + MAX_TIME));
    match clusters::get(&client, &clusters::Get::new(name.as_str())) {
        Ok(cluster) => {
            let state = capitalized(&cluster.state.to_string());
            let spark = cluster
                .spark_version
                .as_deref()
                .map(spark)
                .unwrap_or_default();
            Ok(format!("{name} {state}{spark}"))
        }
        Err(error) if is_unknown(&error) => Ok(name.clone()),
        Err(error) => Err(CliError::request(&error)),
    }
}

/// Returns whether the server has rejected the request, but not its credentials.
fn is_unknown(error: &Error) -> bool {
    error.status().is_some_and(|status| status != 401)
}

/// Returns `Running` for `RUNNING`.
fn capitalized(state: &str) -> String {
    let mut chars = state.chars();
    let first = chars.next().into_iter();
    first.chain(chars.map(|c| c.to_ascii_lowercase())).collect()
}

/// Describes the version of a cluster, for example `15.4.x-scala2.12`.
fn spark(version: &str) -> String {
    match version.split_once(".x-") {
        Some((runtime, _)) => format!(", Databricks Runtime {runtime}"),
        None => format!(", Spark {version}"),
    }
}
