//! Spark on this machine: search, installation, and commands of its JVMs.

mod cache;
mod class_data;
mod environment;
mod error;
mod file_lock;
mod find;
#[cfg(test)]
mod fixtures;
mod install;
mod java;
#[allow(dead_code, reason = "for the engines that start JVMs")]
mod kernels;
#[allow(dead_code, reason = "for the engines that start JVMs")]
mod launch;
#[allow(dead_code, reason = "for the engines that start JVMs")]
mod prepare;
#[doc(hidden)]
pub mod testing;
mod version;

pub use self::environment::Environment;
pub use self::error::FindError;
pub use self::find::{Distribution, Installation, Search, Source};
pub use self::install::{InstallError, Installer, OnProgress, Progress, Step};
pub use self::java::Java;
pub(crate) use self::version::major_minor;
#[allow(unused_imports, reason = "for the engines that start JVMs")]
pub(crate) use self::{
    class_data::path as archive_path,
    error::PrepareError,
    launch::{Archive, Launch},
    prepare::{PreparedSpark, Spark},
};
