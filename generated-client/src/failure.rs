//! Errors raised by the user's code.

use std::fmt;

use api_runtime::ServerText;

use crate::api::{ErrorResults, Language};
use crate::markup;

/// Error raised by the user's code.
///
/// The fields are as sent by the server. `Display` writes the traceback (Python and R) or the
/// summary (SQL and Scala) without ANSI sequences, HTML, and control characters other than line ends
/// and tabs.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Failure {
    /// Short form of the error. May contain HTML.
    pub summary: Option<String>,
    /// Traceback. May contain ANSI sequences.
    pub cause: Option<String>,
    /// Text printed before the error, as far as it was received while the command was running. The
    /// final response of a failed command contains no output, so the end may be missing.
    pub output: Option<String>,
    /// Language of the command.
    pub language: Language,
    /// Line of a [`Script`](crate::Script) at which the error occurred, or at which the script called a
    /// function that failed. `None` for commands.
    pub location: Option<Location>,
    /// Exit code of a [`Script`](crate::Script) that was ended by `SystemExit`. It is 1 for a text.
    pub exit_code: Option<i32>,
}

/// Line of a script. `Display` writes `job.py:12`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Location {
    /// Path of the script.
    pub path: String,
    /// Number of the line, starting at 1.
    pub line: u32,
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", ServerText::new(&self.path).line(), self.line)
    }
}

impl Failure {
    pub(crate) fn new(error: ErrorResults, language: &Language, output: Option<String>) -> Self {
        Self {
            summary: error.summary,
            cause: error.cause,
            output,
            language: language.clone(),
            location: None,
            exit_code: None,
        }
    }

    /// Returns the name of the exception without its package, for example `ZeroDivisionError` or
    /// `AnalysisException`, or `None` if the error has no name, for example in R.
    pub fn name(&self) -> Option<String> {
        let summary = self.summary.as_deref().map(markup::strip_summary);
        let cause = self.cause.as_deref().map(markup::strip);
        summary
            .as_deref()
            .and_then(name_in_summary)
            .or_else(|| cause.as_deref().and_then(name_in_cause))
            .map(str::to_owned)
    }

    /// Returns the message of the error without the name of the exception and without the traceback,
    /// for example `division by zero`.
    pub fn message(&self) -> String {
        let summary = self.summary.as_deref().map(markup::strip_summary);
        let jvm_exception = summary.as_deref().and_then(innermost_exception);
        let storage_error = || storage_error(&markup::strip(self.cause.as_deref()?));
        let last_line = || Some(last_line(&markup::strip(self.cause.as_deref()?)));
        jvm_exception
            .map(|(_, message)| strip_nesting(message))
            .or_else(storage_error)
            .or_else(|| {
                let summary = summary.filter(|summary| !summary.is_empty());
                let message = summary.or_else(last_line)?;
                Some(strip_name(&message).to_owned())
            })
            .filter(|message| !message.is_empty())
            .unwrap_or_else(|| NO_DETAILS.to_owned())
    }
}

const NO_DETAILS: &str = "the command failed; the server sent no details";

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let summary = self.summary.as_deref().map(clean_summary);
        let cause = self.cause.as_deref().map(strip_r_prefix);
        let cause = cause.map(markup::strip);
        // The cause of SQL and Scala is a JVM stack trace, which is rarely useful.
        let texts = match self.language {
            Language::Sql | Language::Scala => [summary, cause],
            _ => [cause, summary],
        };
        let text = texts.into_iter().flatten().find(|text| !text.is_empty());
        f.write_str(text.as_deref().unwrap_or(NO_DETAILS))
    }
}

/// Removes the text before the name of the innermost exception, for example `Error in SQL
/// statement: `.
fn clean_summary(summary: &str) -> String {
    let summary = markup::strip_summary(summary);
    let Some((name, message)) = innermost_exception(&summary) else {
        return summary;
    };
    let first_line = strip_nesting(&format!("{name}: {message}"));
    match summary.split_once('\n') {
        Some((_, rest)) => format!("{first_line}\n{rest}"),
        None => first_line,
    }
}

/// Returns name and message of the innermost JVM exception in the first line.
fn innermost_exception(summary: &str) -> Option<(&str, &str)> {
    let line = summary.lines().next()?;
    let (before, message) = line.rsplit_once("Exception: ")?;
    let start = before.rfind(|c: char| !is_name_char(c)).map_or(0, |at| {
        at + before[at..].chars().next().map_or(0, char::len_utf8)
    });
    let name = &line[start..before.len() + "Exception".len()];
    let message = message.trim();
    (!message.is_empty()).then_some((name, message))
}

fn strip_nesting(message: &str) -> String {
    message
        .replace("; nested exception is:", "")
        .trim_end()
        .to_owned()
}

/// Removes the name of the exception at the start of a message: `a.b.Name: `.
fn strip_name(message: &str) -> &str {
    match message.split_once(": ") {
        Some((name, rest)) if exception_name(name).is_some() && !rest.trim().is_empty() => rest,
        _ => message,
    }
}

/// Extracts the message of a storage error from the cause, where it is more specific than the
/// summary.
fn storage_error(cause: &str) -> Option<String> {
    let after = |marker: &str| cause.split_once(marker).map(|(_, rest)| rest);
    let first_line = |rest: &str| rest.lines().next().map(str::to_owned);
    if let Some((message, rest)) =
        after("ExecutionError: ").and_then(|rest| rest.split_once("\nStatusCode="))
    {
        let (code, rest) = rest.split_once('\n')?;
        let description = first_line(rest).filter(|line| line.starts_with("StatusDescription="))?;
        return Some(format!("{message}\nStatusCode={code}\n{description}"));
    }
    first_line(after("ErrorMessage=")?)
}

/// Removes the name of the generated function at the start of R tracebacks, which has a fixed
/// length.
fn strip_r_prefix(cause: &str) -> &str {
    const LENGTH: usize = 61;
    let Some((prefix, rest)) = cause.split_at_checked(LENGTH) else {
        return cause;
    };
    if prefix.contains("DATABRICKS_CURRENT_TEMP_CMD__") && !prefix.contains('\n') {
        rest.trim_start_matches(' ')
    } else {
        cause
    }
}

fn name_in_summary(summary: &str) -> Option<&str> {
    let line = summary.lines().next()?;
    innermost_exception(summary)
        .map(|(name, _)| name)
        .or_else(|| exception_name(line))
}

/// Returns the name in the first line after the stack frames of the last traceback, or in the first
/// line if the cause contains no traceback.
fn name_in_cause(cause: &str) -> Option<&str> {
    const HEADER: &str = "Traceback (most recent call last)";
    let Some((before, after)) = cause.rsplit_once(HEADER) else {
        return exception_name(cause.lines().next()?);
    };
    // IPython writes the name in front of the header, on the same line.
    let in_header = before
        .lines()
        .next_back()
        .map(str::trim)
        .and_then(exception_name);
    let is_frame = |line: &&str| line.is_empty() || line.starts_with([' ', '\t', ':']);
    in_header.or_else(|| exception_name(after.lines().find(|line| !is_frame(line))?))
}

/// Returns `Name` for `a.b.Name: text` or `a.b.Name`.
fn exception_name(line: &str) -> Option<&str> {
    let path = line.split(": ").next()?.trim_end_matches(':').trim_end();
    let name = path.rsplit(['.', '$']).next()?;
    let is_path = path
        .chars()
        .all(|c| is_name_char(c) || c == '.' || c == '$');
    // R writes `Error: text`, which names no class.
    let is_name = name.starts_with(|c: char| c.is_ascii_uppercase()) && name != "Error";
    (is_path && is_name).then_some(name)
}

fn is_name_char(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

fn last_line(text: &str) -> String {
    text.lines()
        .next_back()
        .unwrap_or_default()
        .trim()
        .to_owned()
}

#[cfg(test)]
mod tests;
