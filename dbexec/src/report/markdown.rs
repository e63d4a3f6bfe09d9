//! Reports as Markdown.

use std::fmt::Write as _;

use super::facts::{Command, Summary};

pub(super) fn write(summary: &Summary<'_>) -> String {
    let result = match summary.exit {
        Some(0) => "succeeded".to_owned(),
        Some(exit) => format!("failed with exit code {exit}"),
        None => "has not ended".to_owned(),
    };
    let mut text = format!("**dbexec run** {result} after {:.1} s\n\n", summary.seconds);
    text.push_str("| command | result | seconds | error |\n| --- | --- | ---: | --- |\n");
    for command in &summary.run.commands {
        let seconds = command.seconds.map(|seconds| format!("{seconds:.1}"));
        let _ = writeln!(
            text,
            "| {} | {} | {} | {} |",
            escape(&command.title()),
            command.result.name(),
            seconds.unwrap_or_default(),
            escape(&error(command))
        );
    }
    text
}

/// Returns the error on one line.
fn error(command: &Command) -> String {
    let Some(error) = &command.error else {
        return String::new();
    };
    let line = error
        .line
        .map(|line| format!("line {line}: "))
        .unwrap_or_default();
    let name = error
        .name
        .as_ref()
        .map(|name| format!("{name}: "))
        .unwrap_or_default();
    let message = error.message.lines().next().unwrap_or_default();
    format!("{line}{name}{message}")
}

fn escape(text: &str) -> String {
    let mut escaped = String::new();
    for c in text.chars() {
        match c {
            '<' => escaped.push_str("&lt;"),
            '&' => escaped.push_str("&amp;"),
            '|' | '\\' | '`' | '*' | '_' | '[' | ']' => escaped.extend(['\\', c]),
            c if c.is_control() => escaped.push(' '),
            c => escaped.push(c),
        }
    }
    escaped
}
