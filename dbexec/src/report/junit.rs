//! Reports as `JUnit` XML: one test case per command.

use std::fmt::Write as _;

use super::facts::{Command, CommandResult, Summary};

pub(super) fn write(summary: &Summary<'_>) -> String {
    let commands = &summary.run.commands;
    let count =
        |is_counted: fn(&Command) -> bool| commands.iter().filter(|c| is_counted(c)).count();
    let mut xml = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <testsuite name=\"dbexec\" tests=\"{}\" failures=\"{}\" errors=\"{}\" skipped=\"{}\" time=\"{:.3}\">\n",
        commands.len(),
        count(|command| command.result == CommandResult::Error),
        count(is_error),
        count(|command| command.result == CommandResult::NotRun),
        summary.seconds,
    );
    for command in commands {
        write_case(&mut xml, command);
    }
    if let Some(message) = summary.message {
        let _ = writeln!(xml, "  <system-err>{}</system-err>", escape(message));
    }
    xml.push_str("</testsuite>\n");
    xml
}

/// Returns whether a command was not successful for another reason than its code.
fn is_error(command: &Command) -> bool {
    !matches!(
        command.result,
        CommandResult::Success | CommandResult::Error | CommandResult::NotRun
    )
}

fn write_case(xml: &mut String, command: &Command) {
    let seconds = command.seconds.unwrap_or_default();
    let _ = write!(
        xml,
        "  <testcase classname=\"{}\" name=\"{}\" time=\"{seconds:.3}\"",
        escape(&command.file),
        escape(&command.title()),
    );
    let element = match command.result {
        CommandResult::Success => {
            xml.push_str("/>\n");
            return;
        }
        CommandResult::NotRun => {
            xml.push_str("><skipped/></testcase>\n");
            return;
        }
        CommandResult::Error => "failure",
        _ => "error",
    };
    let error = command.error.as_ref();
    let name = error.and_then(|error| error.name.as_deref());
    let kind = name.unwrap_or(command.result.name());
    let message = error
        .map(|error| error.message.as_str())
        .unwrap_or_default();
    let line = error.and_then(|error| error.line);
    let place = line
        .map(|line| format!("{}:{line}: ", command.file))
        .unwrap_or_default();
    let _ = writeln!(
        xml,
        "><{element} type=\"{}\" message=\"{}\">{}{}</{element}></testcase>",
        escape(kind),
        escape(message.lines().next().unwrap_or_default()),
        escape(&place),
        escape(message),
    );
}

/// Escapes text for XML 1.0. Characters that it does not allow are replaced.
fn escape(text: &str) -> String {
    let mut escaped = String::new();
    for c in text.chars() {
        match c {
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '&' => escaped.push_str("&amp;"),
            '"' => escaped.push_str("&quot;"),
            '\n' | '\t' => escaped.push(c),
            '\u{fffe}' | '\u{ffff}' => escaped.push('\u{fffd}'),
            c if c < ' ' => escaped.push('\u{fffd}'),
            c => escaped.push(c),
        }
    }
    escaped
}
