//! Handles of contexts and commands: `CLUSTER/CONTEXT` and `CLUSTER/CONTEXT/COMMAND`. The command of a script
//! is `COMMAND+SCRIPT`, so that other processes and machines recognize its end.
//!
//! `dbexec run --keep` and `--detach` print a handle, and `dbexec wait|status|cancel|destroy` and `dbexec run
//! --context` take it.

use std::fmt;
use std::str::FromStr;

use generated_client::Leftover;

use crate::error::CliError;

/// Name of a context, or of a command in it, in all processes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Handle {
    pub(crate) cluster: String,
    pub(crate) context: String,
    pub(crate) command: Option<String>,
    /// Id by which the end of a script is recognized in its output.
    pub(crate) script: Option<String>,
}

/// Length of the ids of scripts, in hexadecimal digits.
const SCRIPT_ID_LENGTH: usize = 32;

impl Handle {
    /// Returns the handle of a context.
    pub(crate) fn context(cluster: &str, context: &str) -> Self {
        Self {
            cluster: cluster.to_owned(),
            context: context.to_owned(),
            command: None,
            script: None,
        }
    }

    /// Returns the handle of the context of a leftover.
    pub(crate) fn of_context(leftover: &Leftover) -> Option<Self> {
        let context = leftover.context_id()?;
        Some(Self::context(
            leftover.cluster_id().as_str(),
            context.as_str(),
        ))
    }

    /// Returns the handle of a leftover that is a command with an id.
    pub(crate) fn of_command(leftover: &Leftover) -> Option<Self> {
        Some(Self {
            command: Some(leftover.command_id()?.to_string()),
            ..Self::of_context(leftover)?
        })
    }

    /// Returns whether the handle can be copied to a command line. Ids from servers may contain anything.
    pub(crate) fn is_printable(&self) -> bool {
        let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
        [&self.cluster, &self.context]
            .into_iter()
            .chain(&self.command)
            .all(|id| !id.is_empty() && id.chars().all(is_plain))
    }

    /// Returns the id of the command, or an error with this help if the handle is that of a context.
    pub(crate) fn require_command(&self, help: &str) -> Result<&str, CliError> {
        self.command.as_deref().ok_or_else(|| {
            CliError::usage(format!("`{self}` is the handle of a context")).help(help)
        })
    }
}

impl fmt::Display for Handle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.cluster, self.context)?;
        match &self.command {
            Some(command) => write!(f, "/{command}")?,
            None => return Ok(()),
        }
        match &self.script {
            Some(script) => write!(f, "+{script}"),
            None => Ok(()),
        }
    }
}

impl FromStr for Handle {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        const EXPECTED: &str = "expected CLUSTER/CONTEXT or CLUSTER/CONTEXT/COMMAND";
        let parts: Vec<&str> = text.split('/').collect();
        if parts
            .iter()
            .any(|part| part.is_empty() || part.contains(char::is_whitespace))
        {
            return Err(EXPECTED);
        }
        match parts[..] {
            [cluster, context] => Ok(Self::context(cluster, context)),
            [cluster, context, command] => {
                let (command, script) = split_script(command);
                Ok(Self {
                    command: Some(command.to_owned()),
                    script: script.map(str::to_owned),
                    ..Self::context(cluster, context)
                })
            }
            _ => Err(EXPECTED),
        }
    }
}

/// Splits a command into its id and that of its script.
fn split_script(command: &str) -> (&str, Option<&str>) {
    let is_id =
        |id: &str| id.len() == SCRIPT_ID_LENGTH && id.bytes().all(|byte| byte.is_ascii_hexdigit());
    match command.rsplit_once('+') {
        Some((command, script)) if is_id(script) => (command, Some(script)),
        _ => (command, None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn handles_are_parsed_as_they_are_printed() {
        for text in ["etl/1793", "0123-456789-abcde/17/dd7f-1"] {
            assert_eq!(text.parse::<Handle>().unwrap().to_string(), text);
        }
        for text in ["", "etl", "etl/", "/1", "a/b/c/d", "a//b", "a b/c", "a/b/"] {
            assert!(text.parse::<Handle>().is_err(), "{text}");
        }
        let script = "0123456789abcdef".repeat(2);
        let text = format!("etl/17/dd7f+{script}");
        let handle: Handle = text.parse().unwrap();
        assert_eq!(handle.to_string(), text);
        assert_eq!(handle.command.as_deref(), Some("dd7f"));
        assert_eq!(handle.script, Some(script));
        let other: Handle = "etl/17/a+b".parse().unwrap();
        assert_eq!(
            (other.command.as_deref(), other.script),
            (Some("a+b"), None)
        );
    }
}
