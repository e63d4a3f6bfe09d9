//! Exit codes.

use std::process::ExitCode;

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
