//! Records of how scripts ended, which they print at their end.

use std::borrow::Cow;

use serde_json::Value;

use crate::api::{Language, Results, commands};
use crate::failure::{Failure, Location};
use crate::output::Output;
use crate::run_error::RunError;

/// Finds the record of one script in its output.
///
/// The record is `[script NONCE {...}]` and a line end. The output of threads of the script may follow.
#[derive(Clone, Debug)]
pub(crate) struct Records {
    /// Unique text in the records of one script.
    nonce: String,
    /// `[script NONCE `
    start: String,
}

/// End of a script.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    Succeeded,
    Failed {
        summary: Option<String>,
        /// Traceback.
        cause: Option<String>,
        location: Option<Location>,
        exit_code: Option<i32>,
    },
}

impl Outcome {
    /// Returns the output of the script, or its error with the output.
    pub(crate) fn into_result(self, output: Output) -> Result<Output, RunError> {
        match self {
            Self::Succeeded => Ok(output),
            Self::Failed {
                summary,
                cause,
                location,
                exit_code,
            } => {
                let text = output.text().filter(|text| !text.is_empty());
                Err(RunError::Failed(Failure {
                    summary,
                    cause,
                    output: text.map(str::to_owned),
                    language: Language::Python,
                    location,
                    exit_code,
                }))
            }
        }
    }
}

impl Records {
    pub(crate) fn new(nonce: String) -> Self {
        let start = format!("[script {nonce} ");
        Self { nonce, start }
    }

    pub(crate) fn nonce(&self) -> &str {
        &self.nonce
    }

    /// Returns the code of a command that prints the record again.
    pub(crate) fn code(&self) -> String {
        let start = &self.start;
        format!(
            "import sys\nprint(\"\".join(r for r in [getattr(sys, \"_script_record\", \"\")] \
             if r.startswith(\"{start}\")))"
        )
    }

    /// Removes the record from output, and also its beginning at the end of the output of a running
    /// script.
    pub(crate) fn strip<'t>(&self, text: &'t str, is_running: bool) -> Cow<'t, str> {
        if let Some((before, _, after)) = self.find(text) {
            return match after {
                "" => Cow::Borrowed(before),
                after => Cow::Owned([before, after].concat()),
            };
        }
        match text.find(&self.start) {
            // The rest of the record follows.
            Some(start) => Cow::Borrowed(&text[..start]),
            None if is_running => Cow::Borrowed(&text[..text.len() - self.partial_start(text)]),
            None => Cow::Borrowed(text),
        }
    }

    /// Reads the record in the output of the command that prints it again.
    pub(crate) fn read(&self, text: &str) -> Option<Outcome> {
        self.find(text).and_then(|(_, record, _)| parse(record))
    }

    /// Removes the record from the text of a final response, and reads it.
    pub(crate) fn take(&self, response: &mut commands::StatusResponse) -> Option<Outcome> {
        let Some(Results::Text(results)) = &mut response.results else {
            return None;
        };
        let text: String = results.data.as_ref()?.parse().ok()?;
        let outcome = self.read(&text);
        let stripped = self.strip(&text, false);
        if stripped.len() < text.len() {
            results.data = Some(Value::String(stripped.into_owned()).into());
        }
        outcome
    }

    /// Splits text into the part before the record, the JSON of the record, and the part after it.
    fn find<'t>(&self, text: &'t str) -> Option<(&'t str, &'t str, &'t str)> {
        let start = text.find(&self.start)?;
        let rest = &text[start + self.start.len()..];
        // The JSON is on one line, in ASCII, and may contain `]`.
        let line_end = rest.find('\n').unwrap_or(rest.len());
        let end = rest[..line_end].rfind(']')?;
        let record = &rest[..end];
        record.ends_with('}').then(|| {
            let after = &rest[end + 1..];
            (
                &text[..start],
                record,
                after.strip_prefix('\n').unwrap_or(after),
            )
        })
    }

    /// Returns the length of the beginning of a record at the end of the text.
    fn partial_start(&self, text: &str) -> usize {
        let longest = self.start.len().min(text.len());
        let is_partial = |length: &usize| text.ends_with(&self.start[..*length]);
        (1..=longest).rev().find(is_partial).unwrap_or(0)
    }
}

/// Reads the JSON of a record.
fn parse(record: &str) -> Option<Outcome> {
    let record: Value = serde_json::from_str(record).ok()?;
    let record = record.as_object()?;
    if record.is_empty() {
        return Some(Outcome::Succeeded);
    }
    let text = |key| record.get(key).and_then(Value::as_str).map(str::to_owned);
    let number = |key| record.get(key).and_then(Value::as_i64);
    let line = number("line").and_then(|line| line.try_into().ok());
    Some(Outcome::Failed {
        summary: text("summary"),
        cause: text("cause"),
        location: text("path")
            .zip(line)
            .map(|(path, line)| Location { path, line }),
        // Numbers out of range end an interpreter with -1.
        exit_code: record.get("exit").map(|_| {
            let code = number("exit").and_then(|code| code.try_into().ok());
            code.unwrap_or(-1)
        }),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn records() -> Records {
        Records::new("ab".to_owned())
    }

    #[test]
    fn record_is_removed_from_output() {
        for (text, expected) in [
            ("a[script ab {}]\n", "a"),
            ("a\n[script ab {}]\nlate\n", "a\nlate\n"),
            ("a[script ab {\"cause\": \"x]}\"}]", "a"),
            ("a[script ab {\"cau", "a"),
            ("a[script cd {}]\n", "a[script cd {}]\n"),
            ("a[scr", "a[scr"),
            ("", ""),
        ] {
            assert_eq!(records().strip(text, false), expected, "{text}");
        }
    }

    #[test]
    fn beginning_of_a_record_is_held_back_while_the_script_runs() {
        for (text, expected) in [
            ("a[", "a"),
            ("a[script ab", "a"),
            ("a[script ab ", "a"),
            ("a[script b", "a[script b"),
            ("é[[", "é["),
            ("a[ ", "a[ "),
        ] {
            assert_eq!(records().strip(text, true), expected, "{text}");
        }
    }

    #[test]
    fn records_are_parsed() {
        assert_eq!(parse("{}"), Some(Outcome::Succeeded));
        let failed = r#"{"path": "a.py", "line": 3, "summary": "E: e", "cause": "T"}"#;
        let expected = Outcome::Failed {
            summary: Some("E: e".to_owned()),
            cause: Some("T".to_owned()),
            location: Some(Location {
                path: "a.py".to_owned(),
                line: 3,
            }),
            exit_code: None,
        };
        assert_eq!(parse(failed), Some(expected));
        for (exit, expected) in [("3", 3), ("1e99", -1), ("99999999999", -1)] {
            let record =
                format!(r#"{{"line": null, "summary": "S", "cause": null, "exit": {exit}}}"#);
            let Some(Outcome::Failed { exit_code, .. }) = parse(&record) else {
                panic!("{record}");
            };
            assert_eq!(exit_code, Some(expected));
        }
        assert_eq!(parse("{"), None);
    }
}
