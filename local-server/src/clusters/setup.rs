//! Properties of a cluster for its contexts.

use std::sync::Arc;

use super::jars::Jars;
use super::resources::Resources;

/// Properties of a cluster for one of its contexts.
#[derive(Clone, Debug)]
pub(crate) struct ClusterSetup {
    pub(super) jars: Jars,
    pub(crate) resources: Arc<Resources>,
}
