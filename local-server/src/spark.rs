//! Spark on this machine: search, versions, and commands of its JVMs.

mod cache;
mod environment;
mod error;
mod find;
#[cfg(test)]
mod fixtures;
mod java;
#[allow(dead_code, reason = "for the engines that start JVMs")]
mod kernels;
#[allow(dead_code, reason = "for the engines that start JVMs")]
mod launch;
#[allow(dead_code, reason = "for the engines that start JVMs")]
mod prepare;
mod probe;
mod version;

pub use self::environment::Environment;
pub use self::error::FindError;
pub use self::find::{Distribution, Installation, Search, Source};
pub use self::java::Java;
#[allow(unused_imports, reason = "for the engines that start JVMs")]
pub(crate) use self::{
    error::PrepareError,
    launch::{Archive, Launch},
    prepare::{PreparedSpark, Spark},
};
