//! What became of a command.

use std::error::Error as StdError;
use std::fmt;

use api_runtime::{Error, ErrorKind};

use crate::api::{CommandStatus, ErrorResults, Language, Results, commands};
use crate::failure::Failure;
use crate::markup;
use crate::output::Output;

/// Why a command gave no output.
#[derive(Debug)]
#[non_exhaustive]
pub enum RunError {
    /// The user's code ended with an error.
    Failed(Failure),
    /// The command was cancelled, by whomever.
    Cancelled,
    /// The context is gone, and what ran in it: destroyed, evicted, its interpreter dead or never
    /// started, or its cluster restarted. The text is the server's.
    ContextLost(String),
    /// The command did not end in time, and was cancelled.
    Timeout(Error),
    /// The wait was interrupted, and the command cancelled; or it never was sent.
    Interrupted(Error),
    /// A call failed, or was interrupted when the code may already have been sent.
    /// [`Error::may_have_been_processed`] tells whether the code may run, or have run. If the call
    /// was to ask for the command, that was cancelled as far as the server could be reached.
    Request(Error),
}

impl fmt::Display for RunError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Failed(failure) => failure.fmt(f),
            Self::Cancelled => f.write_str("the command was cancelled"),
            Self::ContextLost(words) => write!(f, "the execution context is lost: {words}"),
            Self::Timeout(error) | Self::Interrupted(error) => {
                write!(f, "the command was cancelled: {error}")
            }
            Self::Request(error) => error.fmt(f),
        }
    }
}

impl StdError for RunError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match self {
            Self::Timeout(error) | Self::Interrupted(error) | Self::Request(error) => Some(error),
            Self::Failed(_) | Self::Cancelled | Self::ContextLost(_) => None,
        }
    }
}

impl From<Error> for RunError {
    fn from(error: Error) -> Self {
        Self::Request(error)
    }
}

/// Reads the answer of a command that has ended. `printed` is what was seen of its text meanwhile;
/// `is_lost` asks the server for the context.
pub(crate) fn read(
    answer: commands::StatusResponse,
    language: &Language,
    printed: Option<String>,
    is_lost: impl Fn() -> bool,
) -> Result<Output, RunError> {
    let status = answer.status;
    match answer.results {
        Some(Results::Error(error)) => Err(failed(error, language, printed, is_lost, &status)),
        results if status == CommandStatus::Finished => Ok(Output::new(results)),
        _ if is_lost() => Err(lost(&format!("the command came to `{status}`"))),
        _ if status == CommandStatus::Cancelled => Err(RunError::Cancelled),
        _ => Err(RunError::Failed(Failure {
            summary: Some(format!(
                "the command came to `{status}`, and the server does not say why"
            )),
            cause: None,
            output: printed,
            language: language.clone(),
        })),
    }
}

/// Servers report a cancelled command, and one whose context went, as an error of the code.
fn failed(
    error: ErrorResults,
    language: &Language,
    printed: Option<String>,
    is_lost: impl Fn() -> bool,
    status: &CommandStatus,
) -> RunError {
    let ended = match sign_of(&error, status) {
        Sign::NotStarted => End::Lost,
        Sign::Cancelled | Sign::MaybeLost if is_lost() => End::Lost,
        Sign::Cancelled => End::Cancelled,
        Sign::MaybeLost | Sign::None => End::Failed,
    };
    match ended {
        End::Lost => lost(&words(&error)),
        End::Cancelled => RunError::Cancelled,
        End::Failed => RunError::Failed(Failure::new(error, language, printed)),
    }
}

enum End {
    Lost,
    Cancelled,
    Failed,
}

/// What an error says of itself, at first sight.
enum Sign {
    Cancelled,
    /// Its interpreter did not start, so that it never ran.
    NotStarted,
    /// The context has to be looked at.
    MaybeLost,
    None,
}

fn sign_of(error: &ErrorResults, status: &CommandStatus) -> Sign {
    // Causes that were seen when an interpreter had died.
    const DEAD: [&str; 3] = [
        "kernel is unresponsive",
        "is disconnected",
        "python kernel is not defined",
    ];
    let names = |exception| {
        [&error.summary, &error.cause]
            .into_iter()
            .flatten()
            .any(|text| names_exception(&markup::strip(text), exception))
    };
    let words = words(error);
    if *status == CommandStatus::Cancelled || names("CommandCancelledException") {
        Sign::Cancelled
    } else if names("ReplStartFailureException") {
        Sign::NotStarted
    } else if *status != CommandStatus::Finished || DEAD.iter().any(|sign| words.contains(sign)) {
        Sign::MaybeLost
    } else {
        Sign::None
    }
}

/// Whether the server itself names that exception: at the beginning, or with its package at the
/// beginning of a line. The code that ran may have the same words in a traceback of its own.
fn names_exception(text: &str, exception: &str) -> bool {
    const BEFORE: [&str; 3] = ["Caused by: ", "Error in SQL statement: ", ": "];
    text.lines().enumerate().any(|(index, line)| {
        let before = BEFORE.iter().find_map(|before| line.strip_prefix(before));
        let line = before.unwrap_or(line);
        let end = line.find(|c: char| !(c.is_ascii_alphanumeric() || "._$".contains(c)));
        let path = &line[..end.unwrap_or(line.len())];
        let package = path.strip_suffix(exception);
        package.is_some_and(|package| match package {
            "" => index == 0,
            package => package.starts_with("com.databricks.") && package.ends_with(['.', '$']),
        })
    })
}

fn lost(words: &str) -> RunError {
    RunError::ContextLost(words.to_owned())
}

fn words(error: &ErrorResults) -> String {
    let summary = error.summary.as_deref().map(markup::strip_summary);
    let cause = error.cause.as_deref().map(markup::strip);
    let (summary, cause) = (summary.unwrap_or_default(), cause.unwrap_or_default());
    match (summary.as_str(), cause.as_str()) {
        ("", "") => "the server does not say why".to_owned(),
        (summary, cause) if cause.contains(summary) => cause.to_owned(),
        (summary, "") => summary.to_owned(),
        (summary, cause) => format!("{summary}: {cause}"),
    }
}

/// Refusals that were seen when a context was gone. The service documents none.
pub(crate) fn names_lost_context(code: Option<&str>, message: &str) -> bool {
    const SIGNS: [&str; 10] = [
        "not found",
        "contextnotfound",
        "does not exist",
        "has failed",
        "is invalid",
        "invalid context",
        "expired",
        "no such execution context",
        "is disconnected",
        "kernel is not defined",
    ];
    let message = message.to_ascii_lowercase();
    code == Some("RESOURCE_DOES_NOT_EXIST")
        || message.contains("context") && SIGNS.iter().any(|sign| message.contains(sign))
}

/// Whether a refusal to show a context means that there is none: one that is not about who asks,
/// and does not pass.
pub(crate) fn denies_context(error: &Error) -> bool {
    let is_about_caller = matches!(error.status(), Some(401 | 403 | 429));
    error.kind() == ErrorKind::Status && !is_about_caller && !error.is_transient()
}

#[cfg(test)]
mod tests;
