//! State of a cluster in responses.

use std::fmt;

use serde::Serialize;

/// State of a cluster in responses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "UPPERCASE")]
pub(crate) enum ClusterState {
    Pending,
    Running,
    Restarting,
    Terminating,
    Terminated,
}

/// Formats the state in the form of Databricks's messages, e.g. `Running`.
impl fmt::Display for ClusterState {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{self:?}")
    }
}
