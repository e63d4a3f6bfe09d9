//! Spark on this machine: search, versions, and commands of its JVMs.

mod cache;
mod environment;
mod error;
mod find;
mod java;
#[allow(dead_code, reason = "for the engines that start JVMs")]
mod launch;
mod probe;
mod version;

pub use self::environment::Environment;
pub use self::error::FindError;
pub use self::find::{Distribution, Installation, Search, Source};
pub use self::java::Java;
#[expect(unused_imports, reason = "for the engines that start JVMs")]
pub(crate) use self::launch::{Archive, Launch};
