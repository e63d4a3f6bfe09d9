//! Errors on systems where processes cannot be supervised.

use std::convert::Infallible;
use std::ffi::OsString;
use std::str::FromStr;

use crate::cli::{InterpreterArgs, ServeArgs, SparkCommand};
use crate::error::CliError;
use crate::language::Language;

/// A server that cannot exist.
#[derive(Debug)]
pub(crate) enum Server {}

impl Server {
    pub(crate) fn url(&self) -> String {
        match *self {}
    }

    pub(crate) fn is_starting_spark(&self) -> bool {
        match *self {}
    }
}

/// Argument of `dbexec serve`, which is not parsed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct FaultRate;

/// Argument of `dbexec serve`, which is not parsed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct QuirkSetting;

/// Argument of `dbexec serve`, which is not parsed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct MemoryLimit;

impl FromStr for MemoryLimit {
    type Err = Infallible;

    fn from_str(_: &str) -> Result<Self, Infallible> {
        Ok(Self)
    }
}

/// Argument of `dbexec serve`, which is not parsed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct MemorySize;

impl FromStr for MemorySize {
    type Err = Infallible;

    fn from_str(_: &str) -> Result<Self, Infallible> {
        Ok(Self)
    }
}

impl FromStr for FaultRate {
    type Err = Infallible;

    fn from_str(_: &str) -> Result<Self, Infallible> {
        Ok(Self)
    }
}

impl FromStr for QuirkSetting {
    type Err = Infallible;

    fn from_str(_: &str) -> Result<Self, Infallible> {
        Ok(Self)
    }
}

pub(crate) fn help() -> String {
    "`dbexec serve` is not supported on this system.".to_owned()
}

pub(crate) fn start(_: &InterpreterArgs) -> Result<(Server, String), CliError> {
    Err(unsupported("`dbexec run --local`"))
}

pub(crate) fn serve(_: &ServeArgs) -> Result<(), CliError> {
    Err(unsupported("`dbexec serve`"))
}

pub(crate) fn spark(_: &SparkCommand) -> Result<(), CliError> {
    Err(unsupported("`dbexec spark`"))
}

pub(crate) fn check_language(_: Language, _: &InterpreterArgs) -> Result<(), CliError> {
    Err(unsupported("`dbexec run --local`"))
}

#[expect(
    clippy::unnecessary_wraps,
    reason = "the signature is that of systems with a local server"
)]
pub(crate) fn remove_from_environment(_kept: &[OsString]) -> Result<(), CliError> {
    Ok(())
}

fn unsupported(command: &str) -> CliError {
    CliError::usage(format!(
        "{command} is not supported on this system, as it has no signals and process groups to \
         supervise interpreters"
    ))
    .help("use Linux or macOS, or the Windows Subsystem for Linux")
}
