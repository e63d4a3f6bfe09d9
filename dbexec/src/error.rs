//! Errors of the command line.

mod convert;
mod exit;

pub(crate) use self::exit::Exit;

use std::error::Error as StdError;
use std::fmt;

use crate::one_line::one_line;

/// Next step after the timeout of `dbexec run`.
pub(crate) const TIMEOUT_HELP: &str = "use `--timeout TIME` to wait longer";

/// Error of a command. [`Display`](fmt::Display) formats the message for standard error.
#[derive(Debug)]
pub(crate) struct CliError {
    exit: Exit,
    /// `error`, `interrupted` or `warning`, or nothing before the traceback of failed code.
    label: &'static str,
    message: String,
    /// Summary in one line, if it is not the message.
    brief: Option<String>,
    hints: Vec<String>,
}

impl CliError {
    fn new(exit: Exit, message: impl fmt::Display) -> Self {
        let label = match exit {
            Exit::Interrupted => "interrupted",
            _ => "error",
        };
        Self::labeled(exit, label, one_line(message))
    }

    fn labeled(exit: Exit, label: &'static str, message: String) -> Self {
        Self {
            exit,
            label,
            message,
            brief: None,
            hints: Vec::new(),
        }
    }

    /// Creates an error with the exit code of another one.
    pub(crate) fn with_exit(exit: Exit, message: impl fmt::Display) -> Self {
        Self::new(exit, message)
    }

    /// Creates an error of the command line or the configuration.
    pub(crate) fn usage(message: impl fmt::Display) -> Self {
        Self::new(Exit::Usage, message)
    }

    /// Creates an error of the server, the network or this machine.
    pub(crate) fn service(message: impl fmt::Display) -> Self {
        Self::new(Exit::ServiceError, message)
    }

    /// Creates an error that was already printed.
    pub(crate) fn reported(exit: Exit) -> Self {
        Self::labeled(exit, "", String::new())
    }

    /// Returns whether the error was already printed.
    pub(crate) fn is_reported(&self) -> bool {
        self.message.is_empty()
    }

    /// Creates an error of an operation that timed out.
    pub(crate) fn timeout(message: impl fmt::Display) -> Self {
        Self::new(Exit::Timeout, message)
    }

    /// Creates an error of an interrupted command. The message begins with `interrupted: ` in place of
    /// `error: `.
    pub(crate) fn interrupted(message: impl fmt::Display) -> Self {
        Self::new(Exit::Interrupted, message)
    }

    /// Creates an error of an interrupted command that may still run.
    pub(crate) fn unconfirmed(message: impl fmt::Display) -> Self {
        Self::labeled(Exit::Interrupted, "warning", one_line(message))
    }

    /// Creates an error of the code. The message is a traceback, which needs no prefix `error:`.
    pub(crate) fn code_failed(message: String) -> Self {
        Self::labeled(Exit::CodeFailed, "", message)
    }

    /// Creates an error of a truncated result, which was printed.
    pub(crate) fn truncated(message: impl fmt::Display) -> Self {
        Self::new(Exit::Truncated, message).help("use `--allow-truncated` to accept it")
    }

    /// Sets a summary in one line.
    pub(crate) fn with_brief(mut self, text: impl fmt::Display) -> Self {
        self.brief = Some(one_line(text));
        self
    }

    /// Returns a summary in one line, for example `us.py:7 KeyError: 'region'`.
    pub(crate) fn brief(&self) -> &str {
        self.brief.as_deref().unwrap_or_else(|| self.message())
    }

    /// Prepends the subject of the error to its message.
    pub(crate) fn context(mut self, subject: impl fmt::Display) -> Self {
        self.message = format!("{}: {}", one_line(subject), self.message);
        self
    }

    /// Adds a line with additional information.
    pub(crate) fn note(self, text: impl fmt::Display) -> Self {
        self.hint("note", text)
    }

    /// Adds a line with a next step.
    pub(crate) fn help(self, text: impl fmt::Display) -> Self {
        self.hint("help", text)
    }

    /// Adds a line.
    pub(crate) fn line(mut self, text: impl fmt::Display) -> Self {
        self.hints.push(one_line(text));
        self
    }

    /// Adds lines of any length, e.g. a table, after an empty line.
    pub(crate) fn details(mut self, text: impl fmt::Display) -> Self {
        self.hints.push(format!("\n{text}"));
        self
    }

    fn hint(mut self, label: &str, text: impl fmt::Display) -> Self {
        self.hints.push(format!("{label}: {}", one_line(text)));
        self
    }

    /// Returns the message without the prefix, for example `error: `.
    pub(crate) fn message(&self) -> &str {
        &self.message
    }

    /// Returns the exit code.
    pub(crate) fn exit(&self) -> Exit {
        self.exit
    }
}

impl fmt::Display for CliError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.label.is_empty() {
            write!(f, "{}: ", self.label)?;
        }
        f.write_str(self.message.trim_end_matches('\n'))?;
        self.hints.iter().try_for_each(|hint| write!(f, "\n{hint}"))
    }
}

/// Formats an error and its sources, except those that the message already contains.
pub(crate) fn with_sources(error: &dyn StdError) -> String {
    let mut message = error.to_string();
    let mut source = error.source();
    while let Some(error) = source {
        let text = error.to_string();
        if !message.contains(&text) {
            message.push_str(": ");
            message.push_str(&text);
        }
        source = error.source();
    }
    message
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notes_and_help_are_separate_lines() {
        let error = CliError::usage("no\n").note("a").help("b");
        assert_eq!(error.to_string(), "error: no\nnote: a\nhelp: b");
        assert_eq!(error.exit(), Exit::Usage);
    }

    #[test]
    fn sources_are_not_repeated() {
        #[derive(Debug)]
        struct Layer(&'static str, Option<Box<Layer>>);
        impl fmt::Display for Layer {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.0)
            }
        }
        impl StdError for Layer {
            fn source(&self) -> Option<&(dyn StdError + 'static)> {
                self.1.as_deref().map(|layer| layer as _)
            }
        }
        let source = Layer("port 1", Some(Box::new(Layer("denied", None))));
        let error = Layer("cannot listen on port 1", Some(Box::new(source)));
        assert_eq!(with_sources(&error), "cannot listen on port 1: denied");
    }
}
