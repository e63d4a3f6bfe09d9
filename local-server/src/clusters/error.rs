//! Errors of operations on clusters and libraries.

use super::state::ClusterState;

/// Error of an operation on a cluster. `http` maps it to a response.
#[derive(Debug)]
pub(crate) enum ClusterError {
    /// Invalid parameter, with the message.
    Invalid(String),
    NoSuchCluster(String),
    UnexpectedState {
        cluster: String,
        state: ClusterState,
    },
    TooManyClusters,
    NoRandomBytes(getrandom::Error),
}
