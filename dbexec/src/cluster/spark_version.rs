//! Versions of Spark.

use generated_client::api_2_0::{Cluster, SparkVersion};

/// Returns the key of the version of Spark that a cluster runs.
pub(crate) fn spark_version_key(cluster: &Cluster) -> Option<&str> {
    let effective = cluster.effective_spark_version.as_deref();
    effective.or(cluster.spark_version.as_deref())
}

/// Returns the version of Spark for the key of a cluster, e.g. `Spark 3.5.2` for `16.4.x-scala2.12`, or the
/// key if `versions` does not contain it.
pub(crate) fn spark_version(key: &str, versions: &[SparkVersion]) -> String {
    let name = versions.iter().find(|version| version.key == key);
    let version = name.and_then(|version| {
        let (_, rest) = version.name.split_once("Spark ")?;
        let version = rest.split([',', ')', ' ']).next()?;
        version
            .starts_with(|c: char| c.is_ascii_digit())
            .then_some(version)
    });
    match version {
        Some(version) => format!("Spark {version}"),
        None => key.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use generated_client::api_runtime::codec::{Decode as _, Reader};

    use super::*;

    #[test]
    fn version_is_part_of_the_name() {
        let json = br#"[
            {"key": "16.4.x-scala2.12", "name": "16.4 LTS (includes Apache Spark 3.5.2, Scala 2.12)"},
            {"key": "1", "name": "Spark is not installed"}]"#;
        let versions = Vec::<SparkVersion>::decode(&mut Reader::new(json)).unwrap();
        assert_eq!(spark_version("16.4.x-scala2.12", &versions), "Spark 3.5.2");
        assert_eq!(spark_version("1", &versions), "1");
        assert_eq!(spark_version("custom:1", &[]), "custom:1");
    }
}
