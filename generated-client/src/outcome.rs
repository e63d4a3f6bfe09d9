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
            Self::TimedOut(error) | Self::Interrupted(error) => {
                write!(f, "the command was cancelled: {error}")
            }
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
    const SIGNS: [&str; 8] = [
        "context not found",
        "contextnotfound",
        "does not exist",
        "has failed",
        "is invalid",
        "no such execution context",
        "is disconnected",
        "kernel is not defined",
    ];
    let message = message.to_ascii_lowercase();
    message.contains("context") && SIGNS.iter().any(|sign| message.contains(sign))
}

#[cfg(test)]
mod tests {
    use api_runtime::{Decode as _, Reader};

    use super::*;

    /// How a command ended whose last answer was this, in a context that is there or lost.
    fn ended(json: &str, language: &Language, lost: bool) -> String {
        let answer = commands::StatusResponse::decode(&mut Reader::new(json.as_bytes())).unwrap();
        match read(answer, language, || lost) {
            Ok(output) => format!("output: {output}"),
            Err(RunError::Failed(failure)) => format!("failed: {failure}"),
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn every_end_is_told_as_what_it_is() {
        let cancelled = r#"{"resultType": "error", "summary": null,
            "cause": "com.databricks.backend.common.rpc.CommandCancelledException"}"#;
        let dead = r#"{"resultType": "error", "summary": "Fatal error: The Python kernel is unresponsive."}"#;
        let zero = r#"{"resultType": "error", "summary": "<span>Zero&lt;1</span>", "cause": "\u001b[31mTraceback\u001b[0m\n"}"#;
        let text = r#"{"resultType": "text", "data": "Out[12]: 42"}"#;
        let cases = [
            ("Finished", text, false, "output: 42"),
            ("Finished", "null", false, "output: "),
            (
                "Finished",
                r#"{"resultType": "text", "data": null}"#,
                false,
                "output: ",
            ),
            (
                "Finished",
                r#"{"resultType": "text", "data": [1]}"#,
                false,
                "output: [1]",
            ),
            (
                "Finished",
                r#"{"resultType": "new", "x": 1}"#,
                false,
                r#"output: {"resultType":"new","x":1}"#,
            ),
            ("Finished", zero, false, "failed: Traceback"),
            ("Finished", zero, true, "failed: Traceback"),
            ("Finished", cancelled, false, "the command was cancelled"),
            ("Cancelled", cancelled, false, "the command was cancelled"),
            ("Cancelled", "null", false, "the command was cancelled"),
            (
                "Finished",
                cancelled,
                true,
                "the execution context is lost: com.databricks.backend.common.rpc.CommandCancelledException",
            ),
            (
                "Finished",
                dead,
                true,
                "the execution context is lost: Fatal error: The Python kernel is unresponsive.",
            ),
            (
                "Finished",
                dead,
                false,
                "failed: Fatal error: The Python kernel is unresponsive.",
            ),
            (
                "Error",
                "null",
                true,
                "the execution context is lost: the command came to `Error`",
            ),
            (
                "Error",
                "null",
                false,
                "failed: the command came to `Error`, and the server does not say why",
            ),
            (
                "Error",
                dead,
                false,
                "failed: Fatal error: The Python kernel is unresponsive.",
            ),
            ("COMMAND_FINISHED", text, false, "output: 42"),
        ];
        for (status, results, lost, expected) in cases {
            let json = format!(r#"{{"id": "1", "status": "{status}", "results": {results}}}"#);
            assert_eq!(ended(&json, &Language::Python, lost), expected, "{json}");
        }
        let json = format!(r#"{{"status": "Finished", "results": {zero}}}"#);
        assert_eq!(ended(&json, &Language::Sql, false), "failed: Zero<1");
    }

    #[test]
    fn tables_stand_in_columns() {
        let json = r#"{"status": "Finished", "results": {"resultType": "table", "truncated": true,
            "schema": [{"name": "n", "type": "\"long\""}, {"name": "word", "type": "\"string\""}],
            "data": [[1, "a"], [200, null], []]}}"#;
        assert_eq!(
            ended(json, &Language::Sql, false),
            "output: n    word\n1    a\n200  null\n"
        );
        let answer = commands::StatusResponse::decode(&mut Reader::new(json.as_bytes())).unwrap();
        let output = read(answer, &Language::Sql, || false).unwrap();
        assert!(output.is_truncated() && output.text().is_none());
    }

    #[test]
    fn refusals_that_name_a_lost_context() {
        for (message, expected) in [
            ("ContextNotFound: context 1 does not exist", true),
            ("No such execution context: 1", true),
            ("Context ExecutionContextId(1) is disconnected.", true),
            ("Cluster 1 does not exist", false),
            ("requirement failed: missing contextId", false),
        ] {
            assert_eq!(names_lost_context(message), expected, "{message}");
        }
    }
}
