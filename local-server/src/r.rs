//! R contexts: the interpreter and its kernel.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, io};

use tempfile::TempDir;

use crate::process::{CancelSignal, Launch};
use crate::spark::Environment;

const BOOTSTRAP: &str = include_str!("r/bootstrap.R");
const KERNEL: &str = concat!(
    include_str!("r/json.R"),
    include_str!("r/display.R"),
    include_str!("r/dbutils.R"),
    include_str!("r/kernel.R")
);

/// Returns the process of an R context, with the folder of `dbutils.fs`.
///
/// R creates its temporary folder in a folder in `parent`, which is removed with the process: a killed R
/// leaves its temporary folder behind. The variable `TMPDIR` of the code is that of the server. The memory
/// of R is limited to a number of bytes.
///
/// # Errors
///
/// If no folder can be created.
pub(crate) fn launch(
    program: &Path,
    python: &Path,
    parent: &Path,
    dbfs_root: &Path,
    memory_limit: Option<u64>,
) -> io::Result<Launch> {
    let folder = TempDir::with_prefix_in("r-", parent)?;
    let mut command = Command::new(program);
    command
        .args(["--no-echo", "--no-restore", "--no-save", "-e"])
        .arg(
            BOOTSTRAP
                .trim_end()
                .replace("SIZE", &KERNEL.len().to_string()),
        )
        .env("LOCAL_SERVER_DBFS", dbfs_root)
        .env("TMPDIR", folder.path());
    if let Some(inherited) = env::var_os("TMPDIR") {
        command.env("LOCAL_SERVER_TMPDIR", inherited);
    }
    if let Some(bytes) = memory_limit {
        command.env("LOCAL_SERVER_MEMORY_LIMIT", bytes.to_string());
    }
    let launch = Launch::program(python, CancelSignal::Sigint, memory_limit, &command);
    Ok(launch.input(KERNEL.as_bytes()).folder(folder))
}

/// Returns the path of R, or a message with the next step.
pub(crate) fn find(program: &Path) -> Result<PathBuf, String> {
    let found = Environment::from_process().program(program.as_os_str());
    found.ok_or_else(|| missing(program))
}

fn missing(program: &Path) -> String {
    let place = if program.as_os_str() == OsStr::new("R") {
        "in the PATH".to_owned()
    } else {
        format!("at `{}`", program.display())
    };
    format!(
        "there is no R {place}; install R 4.0 or newer (on Debian and Ubuntu: `apt install \
         --no-install-recommends r-base-core`), or select its program"
    )
}
