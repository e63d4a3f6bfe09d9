//! Clusters. Each one is a Spark application, which its SQL and Python contexts share.

mod connection;
mod host;
mod hosts;
mod session;

pub(crate) use self::connection::{SparkConnection, SparkEvent};
pub(crate) use self::hosts::{Cluster, HostOptions, Hosts};
pub(crate) use self::session::Session;
