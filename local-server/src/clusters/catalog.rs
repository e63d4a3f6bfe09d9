//! Versions of Spark and types of nodes that a cluster can be created with.

use serde_json::{Value, json};

use crate::spark::Distribution;

/// Versions of Scala in keys. The Python SDK selects 2.12 unless its caller specifies another one. The key has
/// no effect on the Spark that runs, which the name describes.
const SCALA_VERSIONS: [&str; 2] = ["2.13", "2.12"];

/// Returns the key of a Spark in the format of Databricks.
pub(crate) fn spark_version(spark: &Distribution) -> String {
    spark_key(release(spark), &spark.scala)
}

fn spark_key(release: &str, scala: &str) -> String {
    format!("{release}.x-scala{scala}")
}

/// Returns the first two numbers of the version.
fn release(spark: &Distribution) -> &str {
    let version = &*spark.version;
    version
        .rsplit_once('.')
        .map_or(version, |(release, _)| release)
}

/// The only type of node: this machine.
pub(crate) const NODE_TYPE: &str = "local";

/// Returns the response of `clusters/spark-versions`: the Spark of this server. Without one, Python and R code
/// runs, and a cluster can be created.
pub(crate) fn spark_versions(spark: Option<&Distribution>) -> Value {
    let release = spark.map_or("0.0", release);
    // Programs select versions with long-term support by `LTS`.
    let name = match spark {
        Some(Distribution { version, scala, .. }) => {
            format!("{release} LTS (includes Apache Spark {version}, Scala {scala})")
        }
        None => "LTS (Spark is not installed)".to_owned(),
    };
    let versions = SCALA_VERSIONS.map(|scala| {
        let key = spark_key(release, scala);
        json!({"key": key, "name": name})
    });
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

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;
    use crate::spark::Source;

    #[test]
    fn version_is_that_of_the_spark() {
        for (version, scala, key, name) in [
            (
                "4.3.0",
                "2.13",
                "4.3.x-scala2.13",
                "4.3 LTS (includes Apache Spark 4.3.0, Scala 2.13)",
            ),
            (
                "3.5.9",
                "2.12",
                "3.5.x-scala2.12",
                "3.5 LTS (includes Apache Spark 3.5.9, Scala 2.12)",
            ),
        ] {
            let spark = Distribution {
                home: PathBuf::new(),
                version: version.to_owned(),
                scala: scala.to_owned(),
                python_path: Vec::new(),
                source: Source::Cache,
            };
            assert_eq!(spark_version(&spark), key);
            let listed = spark_versions(Some(&spark));
            let versions = listed["versions"].as_array().unwrap();
            assert_eq!(versions.len(), 2);
            assert!(
                versions.contains(&json!({"key": key, "name": name})),
                "{listed}"
            );
            assert!(
                versions.iter().all(|version| version["name"] == name),
                "{listed}"
            );
        }
    }
}
