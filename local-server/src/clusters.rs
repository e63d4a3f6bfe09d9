//! Clusters. Each one is a Spark application, which its SQL and Python contexts share.
//! Scala contexts have applications of their own.

mod application;
mod applications;
mod archives;
mod connection;
mod host;
mod hosts;
mod jars;
mod jvm;
mod session;

pub(crate) use self::application::Application;
pub(crate) use self::applications::Applications;
pub(crate) use self::archives::Archives;
pub(crate) use self::connection::{SparkConnection, SparkEvent};
pub(crate) use self::hosts::{Cluster, Hosts};
pub(crate) use self::jars::Jars;
pub(crate) use self::jvm::JvmOptions;
pub(crate) use self::session::Session;
