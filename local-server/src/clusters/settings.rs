//! Settings of a cluster.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::error::ClusterError;

/// Bounds of `autotermination_minutes`, as documented by Databricks. 0 is allowed, too.
const AUTOTERMINATION_MINUTES: std::ops::RangeInclusive<u32> = 10..=10_000;

const MAX_WORKERS: u32 = 100_000;

/// Settings of a cluster. Other settings of the service are ignored.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct ClusterSettings {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) cluster_name: Option<String>,
    /// Empty for a cluster that was not created by a request: the version that runs.
    pub(crate) spark_version: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) node_type_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) driver_node_type_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) num_workers: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) autoscale: Option<Autoscale>,
    /// Minutes without commands until the cluster is terminated. 0 disables it.
    pub(crate) autotermination_minutes: u32,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) spark_conf: BTreeMap<String, String>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) custom_tags: BTreeMap<String, String>,
}

/// Minimum and maximum number of workers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Autoscale {
    pub(crate) min_workers: u32,
    pub(crate) max_workers: u32,
}

impl ClusterSettings {
    /// Returns the settings of a cluster that was not created by a request.
    pub(super) fn implicit(id: &str) -> Self {
        Self {
            cluster_name: Some(id.to_owned()),
            num_workers: Some(0),
            ..Self::default()
        }
    }

    /// Checks the settings as the service does.
    pub(crate) fn check(&self) -> Result<(), ClusterError> {
        let invalid = |message: String| Err(ClusterError::Invalid(message));
        if self.spark_version.is_empty() {
            return invalid("Missing required field: spark_version".to_owned());
        }
        let workers = match (self.num_workers, self.autoscale) {
            (Some(workers), None) => workers,
            (None, Some(autoscale)) if autoscale.min_workers <= autoscale.max_workers => {
                autoscale.max_workers
            }
            (None, Some(_)) => return invalid("min_workers exceeds max_workers".to_owned()),
            (Some(_), Some(_)) => {
                return invalid("num_workers and autoscale are mutually exclusive".to_owned());
            }
            (None, None) => return invalid("Missing required field: size".to_owned()),
        };
        if workers > MAX_WORKERS {
            return invalid(format!("The number of workers exceeds {MAX_WORKERS}"));
        }
        let minutes = self.autotermination_minutes;
        if minutes != 0 && !AUTOTERMINATION_MINUTES.contains(&minutes) {
            return invalid(format!(
                "autotermination_minutes must be 0 or between {} and {}: {minutes}",
                AUTOTERMINATION_MINUTES.start(),
                AUTOTERMINATION_MINUTES.end()
            ));
        }
        Ok(())
    }
}
