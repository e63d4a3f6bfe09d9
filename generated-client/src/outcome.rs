//! Classification of the final response of a command.

use api_runtime::{Error, ErrorKind};

use crate::api::{CommandStatus, ErrorResults, Language, Results, commands};
use crate::failure::Failure;
use crate::markup;
use crate::output::Output;
use crate::run_error::RunError;

/// Converts the final response of a command into its output or an error.
///
/// `printed` is the text received while the command was running. `is_lost` requests the status of
/// the context.
pub(crate) fn read(
    response: commands::StatusResponse,
    language: &Language,
    printed: Option<String>,
    is_lost: impl Fn() -> bool,
) -> Result<Output, RunError> {
    let status = response.status;
    match response.results {
        Some(Results::Error(error)) => Err(classify(error, language, printed, is_lost, &status)),
        results if status == CommandStatus::Finished => {
            Output::new(results).map_err(RunError::Request)
        }
        _ if is_lost() => Err(RunError::ContextLost(no_error_message(&status))),
        _ if status == CommandStatus::Cancelled => Err(RunError::Cancelled),
        _ => Err(RunError::Failed(Failure {
            summary: Some(no_error_message(&status)),
            cause: None,
            output: printed,
            language: language.clone(),
            location: None,
            exit_code: None,
        })),
    }
}

fn no_error_message(status: &CommandStatus) -> String {
    format!("the command ended with status `{status}`; the server sent no error message")
}

/// Distinguishes errors of the code from canceled commands and lost contexts, which servers report
/// as errors of the code as well.
fn classify(
    error: ErrorResults,
    language: &Language,
    printed: Option<String>,
    is_lost: impl Fn() -> bool,
    status: &CommandStatus,
) -> RunError {
    match indication(&error, status) {
        Indication::NotStarted => RunError::ContextLost(message(&error)),
        Indication::Cancelled | Indication::MaybeLost if is_lost() => {
            RunError::ContextLost(message(&error))
        }
        Indication::Cancelled => RunError::Cancelled,
        Indication::MaybeLost | Indication::None => {
            RunError::Failed(Failure::new(error, language, printed))
        }
    }
}

/// Cause of an error according to its text and the status of the command.
enum Indication {
    Cancelled,
    /// The interpreter did not start, so the code did not run.
    NotStarted,
    /// The context may be lost.
    MaybeLost,
    None,
}

fn indication(error: &ErrorResults, status: &CommandStatus) -> Indication {
    // Messages observed after an interpreter died.
    const DEAD_INTERPRETER: [&str; 3] = [
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
    let message = message(error);
    let is_dead = || DEAD_INTERPRETER.iter().any(|text| message.contains(text));
    if *status == CommandStatus::Cancelled || names("CommandCancelledException") {
        Indication::Cancelled
    } else if names("ReplStartFailureException") {
        Indication::NotStarted
    } else if *status != CommandStatus::Finished || is_dead() {
        Indication::MaybeLost
    } else {
        Indication::None
    }
}

/// Returns whether the server raised this exception: its name is at the start of the text, or with
/// the package of the server at the start of a line.
fn names_exception(text: &str, exception: &str) -> bool {
    const PREFIXES: [&str; 3] = ["Caused by: ", "Error in SQL statement: ", ": "];
    // The traceback of the user's code may contain the name in other positions.
    text.lines().enumerate().any(|(index, line)| {
        let stripped = PREFIXES.iter().find_map(|prefix| line.strip_prefix(prefix));
        let line = stripped.unwrap_or(line);
        let end = line.find(|c: char| !(c.is_ascii_alphanumeric() || "._$".contains(c)));
        let path = &line[..end.unwrap_or(line.len())];
        let package = path.strip_suffix(exception);
        package.is_some_and(|package| match package {
            "" => index == 0,
            package => package.starts_with("com.databricks.") && package.ends_with(['.', '$']),
        })
    })
}

/// Returns summary and cause as plain text.
fn message(error: &ErrorResults) -> String {
    let summary = error.summary.as_deref().map(markup::strip_summary);
    let cause = error.cause.as_deref().map(markup::strip);
    let (summary, cause) = (summary.unwrap_or_default(), cause.unwrap_or_default());
    match (summary.as_str(), cause.as_str()) {
        ("", "") => "the server sent no details".to_owned(),
        (summary, cause) if cause.contains(summary) => cause.to_owned(),
        (summary, "") => summary.to_owned(),
        (summary, cause) => format!("{summary}: {cause}"),
    }
}

/// Returns whether the code or message of an error response indicates that the context is lost.
pub(crate) fn names_lost_context(code: Option<&str>, message: &str) -> bool {
    // Messages observed for lost contexts. The service documents none.
    const PHRASES: [&str; 10] = [
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
        || message.contains("context") && PHRASES.iter().any(|phrase| message.contains(phrase))
}

/// Returns whether an error response states that the context or the command does not exist.
pub(crate) fn reports_missing(error: &Error) -> bool {
    let names_lost = || names_lost_context(error.code(), error.message());
    denies_context(error) && (error.status() == Some(404) || names_lost())
}

/// Returns whether an error of `contexts.status` means that the context does not exist.
pub(crate) fn denies_context(error: &Error) -> bool {
    // These status codes concern the caller instead of the context.
    let concerns_caller = matches!(error.status(), Some(401 | 403 | 429));
    error.kind() == ErrorKind::Status && !concerns_caller && !error.is_transient()
}

#[cfg(test)]
mod tests;
