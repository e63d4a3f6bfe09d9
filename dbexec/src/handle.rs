//! Handles of contexts and commands: `CLUSTER/CONTEXT` and `CLUSTER/CONTEXT/COMMAND`.
//!
//! `dbexec run --keep` and `--detach` print a handle, and `dbexec wait|status|cancel|destroy` and `dbexec run
//! --context` take it.

use std::fmt;
use std::str::FromStr;

use crate::error::CliError;

/// Name of a context, or of a command in it, in all processes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Handle {
    pub(crate) cluster: String,
    pub(crate) context: String,
    pub(crate) command: Option<String>,
}

impl Handle {
    /// Returns the handle of a context.
    pub(crate) fn context(cluster: &str, context: &str) -> Self {
        Self {
            cluster: cluster.to_owned(),
            context: context.to_owned(),
            command: None,
        }
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
            Some(command) => write!(f, "/{command}"),
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
            [cluster, context, command] => Ok(Self {
                command: Some(command.to_owned()),
                ..Self::context(cluster, context)
            }),
            _ => Err(EXPECTED),
        }
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
    }
}
