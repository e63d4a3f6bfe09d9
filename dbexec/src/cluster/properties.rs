//! Properties of clusters for users.

use generated_client::api_2_0::Cluster;
use generated_client::api_runtime::types::Timestamp;
use serde_json::{Map, Value, json};

use super::state::state_name;

/// Names of the properties.
pub(super) const NAMES: [&str; 6] = ["name", "id", "state", "spark_version", "workers", "started"];

/// Returns the values of the properties, in the order of their names.
pub(super) fn values(cluster: &Cluster) -> Value {
    Value::from(list(cluster).to_vec())
}

/// Returns an object with the properties, and the message about the state.
pub(super) fn json(cluster: &Cluster) -> Value {
    let named = NAMES.map(str::to_owned).into_iter().zip(list(cluster));
    let mut object: Map<String, Value> = named.collect();
    let message = cluster
        .state_message
        .as_deref()
        .filter(|text| !text.is_empty());
    object.insert("message".to_owned(), json!(message));
    Value::from(object)
}

fn list(cluster: &Cluster) -> [Value; 6] {
    let workers = match (&cluster.autoscale, cluster.num_workers) {
        (Some(scale), _) => format!("{}-{}", scale.min_workers, scale.max_workers),
        (None, Some(workers)) => workers.to_string(),
        (None, None) => String::new(),
    };
    let started = cluster.start_time.as_ref();
    [
        json!(cluster.cluster_name),
        json!(cluster.cluster_id.as_str()),
        json!(state_name(&cluster.state)),
        json!(cluster.spark_version),
        json!(workers),
        json!(started.map(|time| format!("{:.0}", Timestamp(time.0)))),
    ]
}
