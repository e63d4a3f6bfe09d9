//! What became of a command.

use std::error::Error as StdError;
use std::fmt;

use api_runtime::Error;

use crate::text;
use crate::{CommandStatus, ErrorResults, Language, Results, commands};

/// What a command that ended well left behind. `Display` is for people; programs take
/// [`results`](Self::results).
#[derive(Clone, Debug, PartialEq)]
pub struct Output {
    results: Option<Results>,
}

impl Output {
    /// The results as the server sent them; some commands leave none.
    pub fn results(&self) -> Option<&Results> {
        self.results.as_ref()
    }

    /// The printed text and the value of the last expression, if that is what the command left.
    pub fn text(&self) -> Option<&str> {
        match &self.results {
            Some(Results::Text(text)) => text.data.as_ref()?.as_str(),
            _ => None,
        }
    }

    /// Whether the server cut the results.
    pub fn is_truncated(&self) -> bool {
        let truncated = match &self.results {
            Some(Results::Text(text)) => text.truncated,
            Some(Results::Table(table)) => table.truncated,
            _ => None,
        };
        truncated == Some(true)
    }
}

impl fmt::Display for Output {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.results {
            None => Ok(()),
            Some(Results::Text(text)) => match &text.data {
                Some(serde_json::Value::String(data)) => f.write_str(text::without_prompt(data)),
                Some(other) if !other.is_null() => write!(f, "{other}"),
                _ => Ok(()),
            },
            Some(Results::Table(table)) => f.write_str(&text::table(table)),
            Some(Results::Image(image)) => {
                f.write_str(image.file_name.as_deref().unwrap_or_default())
            }
            Some(Results::Images(images)) => {
                f.write_str(&images.file_names.as_deref().unwrap_or_default().join("\n"))
            }
            Some(Results::Error(error)) => {
                f.write_str(error.summary.as_deref().unwrap_or_default())
            }
            Some(Results::Unknown(json)) => write!(f, "{json}"),
        }
    }
}

/// An error of the user's code. `Display` is for people, without colours and markup; the fields
/// are as the server sent them.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Failure {
    /// The error in short, often with HTML in it.
    pub summary: Option<String>,
    /// The traceback, often with ANSI colours in it.
    pub cause: Option<String>,
    /// The language of the command.
    pub language: Language,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (summary, cause) = (self.summary.as_deref(), self.cause.as_deref());
        // Python and R tell more in the traceback, SQL and Scala in the summary.
        let best = match self.language {
            Language::Sql | Language::Scala => summary.or(cause),
            _ => cause.or(summary),
        };
        match best {
            Some(words) => f.write_str(&text::cleaned(words)),
            None => f.write_str("the command failed without saying why"),
        }
    }
}

/// Why a command gave no output.
#[derive(Debug)]
#[non_exhaustive]
pub enum RunError {
    /// The user's code ended with an error.
    Failed(Failure),
    /// The command was cancelled, by whomever.
    Cancelled,
    /// The context is gone, and what ran in it: destroyed, evicted, its interpreter dead or its
    /// cluster restarted. The text is the server's.
    ContextLost(String),
    /// The command did not end in time, and was cancelled.
    TimedOut(Error),
    /// The wait was interrupted, and the command cancelled.
    Interrupted(Error),
    /// A call failed. [`Error::may_have_been_processed`] tells whether the code may run.
    Call(Error),
}

impl fmt::Display for RunError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Failed(failure) => failure.fmt(f),
            Self::Cancelled => f.write_str("the command was cancelled"),
            Self::ContextLost(words) => write!(f, "the execution context is lost: {words}"),
            Self::TimedOut(error) => write!(f, "the command was cancelled: {error}"),
            Self::Interrupted(error) => write!(f, "the command was cancelled: {error}"),
            Self::Call(error) => error.fmt(f),
        }
    }
}

impl StdError for RunError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match self {
            Self::TimedOut(error) | Self::Interrupted(error) | Self::Call(error) => Some(error),
            Self::Failed(_) | Self::Cancelled | Self::ContextLost(_) => None,
        }
    }
}

impl From<Error> for RunError {
    fn from(error: Error) -> Self {
        Self::Call(error)
    }
}

/// Reads the answer of a command that has ended. `is_lost` asks the server for the context.
pub(crate) fn read(
    answer: commands::StatusResponse,
    language: &Language,
    is_lost: impl FnOnce() -> bool,
) -> Result<Output, RunError> {
    match (answer.status, answer.results) {
        (CommandStatus::Finished, Some(Results::Error(error))) => {
            Err(failed(error, language, is_lost))
        }
        (CommandStatus::Finished, results) => Ok(Output { results }),
        (_, Some(Results::Error(error))) if is_cancellation(&error) => {
            Err(failed(error, language, is_lost))
        }
        (CommandStatus::Cancelled, _) => Err(if is_lost() {
            lost("the command was cancelled with it")
        } else {
            RunError::Cancelled
        }),
        (status, results) => {
            let error = match results {
                Some(Results::Error(error)) => Some(error),
                _ => None,
            };
            Err(broken(&status, error, language, is_lost))
        }
    }
}

/// Servers report a cancelled command, and one whose context went, as an error of the code.
fn failed(error: ErrorResults, language: &Language, is_lost: impl FnOnce() -> bool) -> RunError {
    let cancelled = is_cancellation(&error);
    if (cancelled || names_dead_interpreter(&error)) && is_lost() {
        return lost(&words(&error));
    }
    if cancelled {
        RunError::Cancelled
    } else {
        RunError::Failed(failure(error, language))
    }
}

/// The status `Error`: the driver failed, not the code.
fn broken(
    status: &CommandStatus,
    error: Option<ErrorResults>,
    language: &Language,
    is_lost: impl FnOnce() -> bool,
) -> RunError {
    let text = error.as_ref().map(words).filter(|text| !text.is_empty());
    if is_lost() {
        return lost(&text.unwrap_or_else(|| format!("the command came to `{status}`")));
    }
    let failure = match error {
        Some(error) => failure(error, language),
        None => Failure {
            summary: Some(format!(
                "the command came to `{status}`, and the server does not say why"
            )),
            cause: None,
            language: language.clone(),
        },
    };
    RunError::Failed(failure)
}

fn failure(error: ErrorResults, language: &Language) -> Failure {
    Failure {
        summary: error.summary,
        cause: error.cause,
        language: language.clone(),
    }
}

fn lost(words: &str) -> RunError {
    RunError::ContextLost(words.to_owned())
}

fn words(error: &ErrorResults) -> String {
    let (summary, cause) = (error.summary.as_deref(), error.cause.as_deref());
    let both: Vec<_> = [summary, cause]
        .into_iter()
        .flatten()
        .map(text::cleaned)
        .collect();
    both.join(": ")
}

fn is_cancellation(error: &ErrorResults) -> bool {
    let cancelled = |text: &String| text.contains("CommandCancelledException");
    error.cause.as_ref().is_some_and(cancelled) || error.summary.as_ref().is_some_and(cancelled)
}

/// Causes that were seen when an interpreter did not start or had died.
fn names_dead_interpreter(error: &ErrorResults) -> bool {
    const SIGNS: [&str; 4] = [
        "kernel is unresponsive",
        "ReplStartFailureException",
        "is disconnected",
        "python kernel is not defined",
    ];
    let text = words(error);
    SIGNS.iter().any(|sign| text.contains(sign))
}

/// Refusals that were seen when a context was gone. The service documents none.
pub(crate) fn names_lost_context(message: &str) -> bool {
    const SIGNS: [&str; 7] = [
        "context not found",
        "contextnotfound",
        "does not exist",
        "is invalid",
        "no such execution context",
        "is disconnected",
        "kernel is not defined",
    ];
    let message = message.to_ascii_lowercase();
    message.contains("context") && SIGNS.iter().any(|sign| message.contains(sign))
}
