//! Clusters: their settings, states and libraries, and their processes.
//!
//! Each cluster is a Spark application, which its SQL and Python contexts share. Each Scala
//! context is a separate application.

mod application;
mod applications;
pub(crate) mod archive_writer;
mod archives;
pub(crate) mod catalog;
mod cluster;
mod connection;
mod error;
mod host;
mod hosts;
mod jars;
mod jvm;
mod library;
mod program;
mod registry;
mod resources;
mod session;
mod settings;
mod setup;
mod state;

pub(crate) use self::application::Application;
pub(crate) use self::applications::Applications;
pub(crate) use self::archives::Archives;
pub(crate) use self::cluster::{ClusterStatus, TerminationCause};
pub(crate) use self::connection::{SparkConnection, SparkEvent};
pub(crate) use self::error::ClusterError;
pub(crate) use self::host::Notice;
pub(crate) use self::hosts::{Cluster, Hosts};
pub(crate) use self::jvm::JvmOptions;
pub(crate) use self::library::{JarSource, Library, LibraryStatus};
pub(crate) use self::program::Program;
pub(crate) use self::registry::Clusters;
pub(crate) use self::resources::ignored_settings;
pub(crate) use self::session::Session;
pub(crate) use self::settings::ClusterSettings;
pub(crate) use self::setup::ClusterSetup;
pub(crate) use self::state::ClusterState;
