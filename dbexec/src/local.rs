//! Code on this machine: `dbexec serve`, `dbexec run --local` and `dbexec spark`.
//!
//! Interpreters are supervised with signals and process groups, so other systems than Unix have errors
//! in place of these commands.

#[cfg(unix)]
mod interpreters;
#[cfg(unix)]
mod master;
#[cfg(unix)]
mod secrets;
#[cfg(unix)]
mod serve;
#[cfg(unix)]
mod server;
#[cfg(unix)]
mod settings;
#[cfg(unix)]
mod spark;
#[cfg(unix)]
mod token;
#[cfg(not(unix))]
mod unsupported;

#[cfg(not(unix))]
pub(crate) use self::unsupported::{
    FaultRate, MemoryLimit, MemorySize, QuirkSetting, Server, check_language, help,
    remove_from_environment, serve, spark, start,
};
#[cfg(unix)]
pub(crate) use self::{
    interpreters::check_language,
    master::{MemoryLimit, MemorySize},
    secrets::remove_from_environment,
    serve::serve,
    server::{Server, start},
    settings::{FaultRate, QuirkSetting, help},
    spark::spark,
};
