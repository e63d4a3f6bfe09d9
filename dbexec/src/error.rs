//! Errors of the command line, and their exit codes.

use std::error::Error as StdError;
use std::fmt;
use std::process::ExitCode;
use std::time::SystemTime;

use generated_client::api_runtime::types::Timestamp;
use generated_client::{Error, ErrorKind, RunError};

use crate::one_line::one_line;

/// Next step after the timeout of `dbexec run`.
pub(crate) const TIMEOUT_HELP: &str = "use `--timeout TIME` to wait longer";

/// Next step after a certificate was not trusted.
const CA_FILE_HELP: &str = "if the network inspects TLS, use `--ca-file FILE` with the certificate of \
    its authority";

/// Next step after a connection failed.
const CONNECT_HELP: &str = "`dbexec doctor` tests the connection step by step";

/// Errors of a server that expects `http` instead of `https` or the reverse, with the next step.
const SCHEME_HELP: [(&str, &str); 2] = [
    (
        "InvalidContentType",
        "the server does not use TLS on this port: check the port, or use `http://`",
    ),
    (
        "invalid HTTP version",
        "the server may use TLS on this port: use `https://`",
    ),
];

/// Next step after credentials were rejected.
const CREDENTIALS_HELP: &str = "`dbexec doctor` tests the connection, and prints the source of the credentials \
    and where to replace them";

/// Exit code of a failed command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Exit {
    /// The code failed, or another client canceled it.
    CodeFailed = 1,
    /// The command line or the configuration is invalid. No request was sent.
    Usage = 2,
    /// Connection failed, request rejected, invalid response, or execution context lost.
    ServiceError = 3,
    /// An operation timed out.
    Timeout = 4,
    /// The server truncated a result that is printed for programs.
    Truncated = 5,
    /// Interrupted by a signal, which ends the process. This code is used if it does not.
    Interrupted = 130,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

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

    /// Creates an error of a request. The exit code depends on the kind of the error.
    pub(crate) fn request(error: &Error) -> Self {
        let cli_error = Self::new(exit_of(error), with_sources(error));
        if error.is_certificate() {
            return cli_error.help(CA_FILE_HELP);
        }
        let help = SCHEME_HELP
            .iter()
            .find(|(part, _)| error.status().is_none() && cli_error.message.contains(part));
        match help {
            Some((_, help)) => cli_error.help(help),
            None => cli_error,
        }
    }

    /// Creates an error of a request to the workspace, with the next step if the credentials were rejected.
    pub(crate) fn workspace_request(error: &Error) -> Self {
        match error.status() {
            Some(401 | 403) => Self::request(error).help(CREDENTIALS_HELP),
            None if error.kind() == ErrorKind::Connect && !error.is_certificate() => {
                Self::request(error).help(CONNECT_HELP)
            }
            _ => Self::request(error),
        }
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

impl From<Error> for CliError {
    fn from(error: Error) -> Self {
        let cli_error = Self::request(&error);
        if error.may_have_been_processed() {
            let cli_error = match error.sent_at() {
                Some(time) => cli_error.note(sent_at(time, error.request_id())),
                None => cli_error,
            };
            cli_error.help("check the effects of the request before you send it again")
        } else {
            cli_error
        }
    }
}

impl From<RunError> for CliError {
    fn from(error: RunError) -> Self {
        let exit = match &error {
            RunError::Request(error) if error.may_have_been_processed() => {
                return Self::request(error)
                    .note("the code may have run")
                    .help("check its effects before you run it again");
            }
            RunError::Request(error) => return Self::workspace_request(error),
            RunError::Failed(failure) => return Self::code_failed(failure.to_string()),
            RunError::Timeout(_) => {
                return Self::new(Exit::Timeout, with_sources(&error)).help(TIMEOUT_HELP);
            }
            RunError::Cancelled => {
                return Self::new(Exit::CodeFailed, "the command was cancelled");
            }
            RunError::Interrupted(_) => match error.leftover() {
                Some(leftover) => {
                    return Self::unconfirmed(format_args!("not confirmed; {leftover}"));
                }
                None if error.may_have_been_processed() => {
                    return Self::interrupted("command cancelled");
                }
                None => Exit::Interrupted,
            },
            _ => Exit::ServiceError,
        };
        Self::new(exit, with_sources(&error))
    }
}

fn exit_of(error: &Error) -> Exit {
    match error.kind() {
        // For example a file that has changed while it was sent.
        ErrorKind::InvalidInput if error.may_have_been_processed() => Exit::ServiceError,
        ErrorKind::InvalidInput => Exit::Usage,
        ErrorKind::Timeout | ErrorKind::WaitTimeout => Exit::Timeout,
        ErrorKind::Interrupted => Exit::Interrupted,
        _ => Exit::ServiceError,
    }
}

/// Returns the time and the id of a request, by which it can be found in the logs of the server.
fn sent_at(time: SystemTime, request_id: Option<&str>) -> String {
    let text = format!("the request was sent at {:.0}", Timestamp(time));
    match request_id {
        Some(id) => format!("{text} (request id `{id}`)"),
        None => text,
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

    fn error(kind: ErrorKind) -> Error {
        Error::before_sending(kind, "message")
    }

    #[test]
    fn each_error_kind_has_an_exit_code() {
        let cases = [
            (ErrorKind::InvalidInput, 2),
            (ErrorKind::Connect, 3),
            (ErrorKind::Disconnected, 3),
            (ErrorKind::Timeout, 4),
            (ErrorKind::Status, 3),
            (ErrorKind::InvalidResponse, 3),
            (ErrorKind::WaitFailed, 3),
            (ErrorKind::WaitTimeout, 4),
            (ErrorKind::Interrupted, 130),
        ];
        for (kind, code) in cases {
            assert_eq!(CliError::from(error(kind)).exit() as u8, code, "{kind:?}");
            let run = RunError::Request(error(kind));
            assert_eq!(CliError::from(run).exit() as u8, code, "request: {kind:?}");
        }
    }

    #[test]
    fn each_run_error_has_an_exit_code() {
        let cases = [
            (RunError::Cancelled, 1, "error: the command was cancelled"),
            (
                RunError::ContextLost("gone".to_owned()),
                3,
                "error: execution context lost: gone",
            ),
            (
                RunError::Timeout(Error::after_sending(ErrorKind::WaitTimeout, "message")),
                4,
                "error: the command was canceled: message\n\
                 help: use `--timeout TIME` to wait longer",
            ),
            (
                RunError::Interrupted(error(ErrorKind::Interrupted)),
                130,
                "interrupted: the command was not sent: message",
            ),
            (
                RunError::Interrupted(Error::after_sending(ErrorKind::Interrupted, "message")),
                130,
                "interrupted: command cancelled",
            ),
        ];
        for (run, code, message) in cases {
            let error = CliError::from(run);
            assert_eq!(
                (error.exit() as u8, error.to_string().as_str()),
                (code, message)
            );
        }
    }

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
