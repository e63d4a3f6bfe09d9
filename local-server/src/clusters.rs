//! Clusters: their settings, states and libraries.

pub(crate) mod catalog;
mod cluster;
mod error;
mod library;
mod registry;
mod settings;

pub(crate) use self::cluster::{ClusterState, ClusterStatus, TerminationCause};
pub(crate) use self::error::ClusterError;
pub(crate) use self::library::{JarSource, Library, LibraryStatus};
pub(crate) use self::registry::Clusters;
pub(crate) use self::settings::ClusterSettings;
