//! Errors of requests and of commands as errors of the command line, with their next steps.

use std::time::SystemTime;

use generated_client::api_runtime::types::Timestamp;
use generated_client::{Error, ErrorKind, RunError};

use super::{CliError, Exit, TIMEOUT_HELP, with_sources};

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

impl CliError {
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
}
