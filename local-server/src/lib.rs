#![doc = include_str!("../README.md")]

#[cfg(not(unix))]
compile_error!(
    "local-server supports Unix only: it supervises processes with signals and process groups"
);

#[cfg(unix)]
mod auth;
#[cfg(unix)]
mod blocking;
#[cfg(unix)]
mod capture;
#[cfg(unix)]
mod clusters;
#[cfg(unix)]
mod connection;
#[cfg(unix)]
mod contexts;
#[cfg(unix)]
mod dbfs;
#[cfg(unix)]
mod engine;
#[cfg(unix)]
mod engines;
#[cfg(unix)]
mod error;
#[cfg(unix)]
mod faults;
#[cfg(unix)]
mod http;
#[cfg(unix)]
mod ids;
#[cfg(unix)]
pub mod interpreters;
#[cfg(unix)]
mod kernel;
#[cfg(unix)]
mod language;
#[cfg(unix)]
mod limits;
#[cfg(unix)]
mod magics;
#[cfg(unix)]
mod memory_size;
#[cfg(unix)]
mod options;
#[cfg(unix)]
pub mod preparation;
#[cfg(unix)]
mod probe;
#[cfg(unix)]
mod process;
#[cfg(unix)]
mod protocol;
#[cfg(unix)]
mod python;
#[cfg(unix)]
mod quirks;
#[cfg(unix)]
mod r;
#[cfg(unix)]
mod results;
#[cfg(unix)]
mod server;
#[cfg(unix)]
pub mod spark;
#[cfg(unix)]
mod tail;
#[cfg(unix)]
mod temporary_folder;
#[cfg(unix)]
mod tls;
#[cfg(unix)]
mod workspace;

#[cfg(unix)]
pub use crate::error::StartError;
#[cfg(unix)]
pub use crate::faults::{Fault, Faults, InvalidRate};
#[cfg(unix)]
pub use crate::memory_size::{InvalidMemoryLimit, InvalidMemorySize, MemoryLimit, MemorySize};
#[cfg(unix)]
pub use crate::options::{Options, SparkChoice};
#[cfg(unix)]
pub use crate::quirks::Quirk;
#[cfg(unix)]
pub use crate::server::Server;
