//! Spark on this machine: search, installation, and commands of its JVMs.

mod cache;
mod class_data;
mod distribution;
mod environment;
mod error;
mod file_lock;
mod find;
#[cfg(test)]
mod fixtures;
mod install;
mod java;
mod kernels;
mod launch;
mod placement;
mod prepare;
mod requirement;
mod source;
#[doc(hidden)]
pub mod testing;
mod unused;
mod version;

pub use self::distribution::Distribution;
pub use self::environment::Environment;
pub use self::error::FindError;
pub(crate) use self::error::PrepareError;
pub use self::find::{Installation, Search};
pub use self::install::{InstallError, Installer, OnProgress, Progress, Step};
pub use self::java::Java;
pub use self::source::Source;
pub(crate) use self::version::major_minor;
pub(crate) use self::{
    class_data::path as archive_path,
    launch::{Archive, Launch},
    placement::Placement,
    prepare::{PreparedSpark, Spark},
    unused::{ARCHIVE_PREFIX, record_archive_use},
};
