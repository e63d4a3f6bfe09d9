//! An error of the user's code.

use std::fmt;

use crate::api::{ErrorResults, Language};
use crate::markup;

/// An error of the user's code. `Display` is for people, without colours and markup; the fields
/// are as the server sent them.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Failure {
    /// The error in short, often with HTML in it.
    pub summary: Option<String>,
    /// The traceback, often with ANSI colours in it.
    pub cause: Option<String>,
    /// What was seen of the text the command printed before. Servers tell none of it in the end, so
    /// the last of it may be missing.
    pub output: Option<String>,
    /// The language of the command.
    pub language: Language,
}

impl Failure {
    pub(crate) fn new(error: ErrorResults, language: &Language, output: Option<String>) -> Self {
        Self {
            summary: error.summary,
            cause: error.cause,
            output,
            language: language.clone(),
        }
    }

    /// The name of the exception, as in `ZeroDivisionError` or `AnalysisException`, without what
    /// stands before the last dot; nothing where the error has none, as in R.
    pub fn name(&self) -> Option<String> {
        let summary = self.summary.as_deref().map(markup::cleaned_summary);
        let cause = self.cause.as_deref().map(markup::cleaned);
        let of_summary = summary.as_deref().and_then(name_in_summary);
        of_summary
            .or_else(|| cause.as_deref().and_then(name_in_cause))
            .map(str::to_owned)
    }

    /// The error in a few words, for people: no name of an exception in front, no traceback.
    pub fn message(&self) -> String {
        let summary = self.summary.as_deref().map(markup::cleaned_summary);
        let of_exception = summary.as_deref().and_then(after_exception);
        let of_storage = || self.cause.as_deref().and_then(storage_error);
        of_exception
            .map(|(_, message)| without_nesting(message))
            .or_else(of_storage)
            .or_else(|| summary.filter(|summary| !summary.is_empty()))
            .or_else(|| Some(last_line(&markup::cleaned(self.cause.as_deref()?))))
            .filter(|message| !message.is_empty())
            .unwrap_or_else(|| WITHOUT_WORDS.to_owned())
    }
}

const WITHOUT_WORDS: &str = "the command failed without saying why";

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let summary = self.summary.as_deref().map(headed_summary);
        let cause = self.cause.as_deref().map(without_r_prefix);
        let cause = cause.map(markup::cleaned);
        // Python and R tell more in the traceback, SQL and Scala in the summary.
        let words = match self.language {
            Language::Sql | Language::Scala => [summary, cause],
            _ => [cause, summary],
        };
        let best = words.into_iter().flatten().find(|words| !words.is_empty());
        f.write_str(best.as_deref().unwrap_or(WITHOUT_WORDS))
    }
}

/// Without what stands before the name of the exception.
fn headed_summary(summary: &str) -> String {
    let summary = markup::cleaned_summary(summary);
    let shown = match after_exception(&summary) {
        Some((name, message)) => without_nesting(&format!("{name}: {message}")),
        None => return summary,
    };
    let rest = summary.split_once('\n').map(|(_, rest)| rest);
    rest.map_or(shown.clone(), |rest| format!("{shown}\n{rest}"))
}

/// The name and the text of the innermost exception that the first line names.
fn after_exception(summary: &str) -> Option<(&str, &str)> {
    let line = summary.lines().next()?;
    let (before, message) = line.rsplit_once("Exception: ")?;
    let start = before.rfind(|c: char| !is_of_name(c)).map_or(0, |at| {
        at + before[at..].chars().next().map_or(0, char::len_utf8)
    });
    let name = &line[start..before.len() + "Exception".len()];
    let message = message.trim();
    (!message.is_empty()).then_some((name, message))
}

fn without_nesting(words: &str) -> String {
    words
        .replace("; nested exception is:", "")
        .trim_end()
        .to_owned()
}

/// What storage says at length in the cause.
fn storage_error(cause: &str) -> Option<String> {
    let after = |start: &str| cause.split_once(start).map(|(_, rest)| rest);
    let line = |rest: &str| rest.lines().next().map(str::to_owned);
    if let Some((message, rest)) =
        after("ExecutionError: ").and_then(|rest| rest.split_once("\nStatusCode="))
    {
        let (code, rest) = rest.split_once('\n')?;
        let description = line(rest).filter(|line| line.starts_with("StatusDescription="))?;
        return Some(format!("{message}\nStatusCode={code}\n{description}"));
    }
    line(after("ErrorMessage=")?)
}

/// R's causes begin with the name of a function that the server has made, in so many characters.
fn without_r_prefix(cause: &str) -> &str {
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
    after_exception(summary)
        .map(|(name, _)| name)
        .or_else(|| exception(line))
}

/// The first line that is no part of the stack, after the head of the last traceback; without such
/// a head, the first line.
fn name_in_cause(cause: &str) -> Option<&str> {
    const HEAD: &str = "Traceback (most recent call last)";
    let Some((before, after)) = cause.rsplit_once(HEAD) else {
        return exception(cause.lines().next()?);
    };
    // IPython has it on the line of the head.
    let in_head = before
        .lines()
        .next_back()
        .map(str::trim)
        .and_then(exception);
    let is_stack = |line: &&str| line.is_empty() || line.starts_with([' ', '\t', ':']);
    in_head.or_else(|| exception(after.lines().find(|line| !is_stack(line))?))
}

/// The name in `a.b.Name: text` or `a.b.Name`.
fn exception(line: &str) -> Option<&str> {
    let path = line.split(": ").next()?.trim_end_matches(':').trim_end();
    let name = path.rsplit(['.', '$']).next()?;
    let is_path = path.chars().all(|c| is_of_name(c) || c == '.' || c == '$');
    let is_name = name.starts_with(|c: char| c.is_ascii_uppercase()) && name != "Error";
    (is_path && is_name).then_some(name)
}

fn is_of_name(c: char) -> bool {
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
