//! Removal of secrets from this process before it runs code on this machine.
//!
//! Code can read the initial environment and the arguments of the processes of its user from the
//! operating system. A process cannot change them, so `dbexec` executes itself again without them.

use std::env;
use std::ffi::{OsStr, OsString};
use std::io::{self, Write as _};
use std::os::unix::process::CommandExt as _;
use std::process::{Command, Stdio};

use generated_client::Secret;

use crate::error::CliError;

/// Maximum length of a token, which every pipe can hold.
pub(crate) const TOKEN_BYTES: usize = 4096;

/// Executes this program again, with the same arguments, if its environment contains secrets other
/// than the variables `kept`.
pub(crate) fn remove_from_environment(kept: &[OsString]) -> Result<(), CliError> {
    if variables(kept).next().is_some() {
        let mut command = this_program()?;
        command.args(env::args_os().skip(1));
        return Err(execute(command, kept));
    }
    Ok(())
}

/// Executes this program again, with other arguments and with a token on standard input. Returns
/// only the error if that is impossible.
pub(crate) fn execute_with_token(
    arguments: impl IntoIterator<Item = OsString>,
    token: &Secret,
) -> CliError {
    let execute = || -> Result<CliError, CliError> {
        let (reader, mut writer) = io::pipe().map_err(|error| failed(&error))?;
        let written = writer.write_all(token.expose().as_bytes());
        written.map_err(|error| failed(&error))?;
        let mut command = this_program()?;
        command.args(arguments).stdin(Stdio::from(reader));
        Ok(execute(command, &[]))
    };
    execute().unwrap_or_else(|error| error)
}

/// Returns whether the environment contains secrets.
pub(crate) fn is_in_environment() -> bool {
    variables(&[]).next().is_some()
}

/// Returns the names of all variables that contain secrets, except those of `kept`.
fn variables(kept: &[OsString]) -> impl Iterator<Item = OsString> {
    let names = env::vars_os().map(|(name, _)| name);
    names.filter(|name| is_secret(name) && !kept.contains(name))
}

/// Returns whether a variable contains a secret of `dbexec`, for example `DATABRICKS_TOKEN`.
fn is_secret(name: &OsStr) -> bool {
    let name = name.to_string_lossy();
    let is_read = ["DBEXEC_", "DATABRICKS_", "ARM_", "AZURE_"]
        .iter()
        .any(|prefix| name.starts_with(prefix));
    is_read
        && ["TOKEN", "SECRET", "PASSWORD"]
            .iter()
            .any(|word| name.contains(word))
}

fn this_program() -> Result<Command, CliError> {
    let program = env::current_exe().map_err(|error| failed(&error))?;
    let mut command = Command::new(program);
    if let Some(name) = env::args_os().next() {
        command.arg0(name);
    }
    Ok(command)
}

fn execute(mut command: Command, kept: &[OsString]) -> CliError {
    for name in variables(kept) {
        command.env_remove(name);
    }
    failed(&command.exec())
}

fn failed(error: &io::Error) -> CliError {
    CliError::service(format!(
        "cannot execute `dbexec` again without the secrets in its environment: {error}"
    ))
}

#[cfg(test)]
mod tests {
    use super::is_secret;

    #[test]
    fn variables_with_secrets_are_recognized() {
        for name in [
            "DBEXEC_TOKEN",
            "DATABRICKS_TOKEN",
            "DATABRICKS_TOKEN_COMMAND",
            "DATABRICKS_PASSWORD",
            "DATABRICKS_CLIENT_SECRET",
            "ARM_CLIENT_SECRET",
        ] {
            assert!(is_secret(name.as_ref()), "{name}");
        }
        for name in [
            "DATABRICKS_HOST",
            "ARM_CLIENT_ID",
            "HOME",
            "TOKEN",
            "DBEXEC_TIMEOUT",
        ] {
            assert!(!is_secret(name.as_ref()), "{name}");
        }
    }
}
