//! First line of a session.

use std::time::{Duration, Instant};

use generated_client::Error;
use generated_client::api_2_0::clusters;

use crate::cluster::{spark_version, spark_version_key, state_name};
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
    let name = &target.cluster_name;
    if target.is_local() {
        return Ok(name.clone());
    }
    let client = target.client.deadline(Some(Instant::now() + MAX_TIME));
    match clusters::get(&client, &clusters::Get::new(target.cluster.as_str())) {
        Ok(cluster) => {
            let state = state_name(&cluster.state);
            let spark = spark_version_key(&cluster).map_or_else(String::new, |key| {
                let versions = clusters::spark_versions(&client, &clusters::SparkVersions::new());
                let versions = versions.map_or_else(|_| Vec::new(), |list| list.versions);
                format!(", {}", spark_version(key, &versions))
            });
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
