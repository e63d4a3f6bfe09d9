//! Versions of Spark and types of nodes that a cluster can be created with.

use serde_json::{Value, json};

/// Keys and names in the format of Databricks. Programs select one of them by its name; the key has no
/// effect on the Spark that runs.
const SPARK_VERSIONS: [(&str, &str); 2] = [
    (
        "17.3.x-scala2.13",
        "17.3 LTS (includes Apache Spark 4.0.0, Scala 2.13)",
    ),
    (
        "16.4.x-scala2.12",
        "16.4 LTS (includes Apache Spark 3.5.2, Scala 2.12)",
    ),
];

/// Version of clusters that are created on first use.
pub(crate) const DEFAULT_SPARK_VERSION: &str = SPARK_VERSIONS[0].0;

/// The only type of node: this machine.
pub(crate) const NODE_TYPE: &str = "local";

/// Returns the response of `clusters/spark-versions`.
pub(crate) fn spark_versions() -> Value {
    let versions = SPARK_VERSIONS.map(|(key, name)| json!({"key": key, "name": name}));
    json!({ "versions": versions })
}

/// Returns the response of `clusters/list-node-types`.
pub(crate) fn node_types() -> Value {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    json!({"node_types": [{
        "node_type_id": NODE_TYPE,
        "description": "This machine",
        "instance_type_id": NODE_TYPE,
        "category": "General Purpose",
        "num_cores": cores,
        // Programs compare it with a minimum.
        "num_gpus": 0,
        // Programs select by memory per core, which is unknown here.
        "memory_mb": cores * 4096,
        "is_deprecated": false,
        "node_info": {"status": [], "available_core_quota": cores},
        "node_instance_type": {
            "instance_type_id": NODE_TYPE,
            "local_disks": 1,
            "local_disk_size_gb": 100,
        },
    }]})
}
