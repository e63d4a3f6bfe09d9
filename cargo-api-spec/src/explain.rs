//! `explain`: error codes and their explanations.

use std::fmt::Write as _;

use api_spec::Code;

use crate::cli::ExplainArgs;
use crate::console;
use crate::error::CliError;
use crate::spec::level_name;

/// Maximum width of paragraphs.
const WIDTH: usize = 80;

pub(crate) fn explain(args: &ExplainArgs) -> Result<(), CliError> {
    let Some(id) = &args.code else {
        return console::print(&list());
    };
    let code = Code::from_id(id.trim()).ok_or_else(|| {
        CliError::usage(format!("unknown error code `{id}`"))
            .help("`cargo api-spec explain` lists all codes")
    })?;
    console::print(&explanation(code))
}

fn list() -> String {
    let lines = Code::ALL
        .iter()
        .map(|code| format!("{}  {}\n", code.id(), code.title()));
    lines.collect()
}

fn explanation(code: Code) -> String {
    let explanation = code.explanation();
    let level = level_name(code.level());
    let mut text = format!("{level}[{}]: {}\n\n", code.id(), code.title());
    text.push_str(&wrapped(explanation.text));
    for (title, example) in [("Wrong", explanation.wrong), ("Right", explanation.right)] {
        let _ = write!(text, "\n{title}:\n\n{}", indented(example));
    }
    text
}

fn wrapped(text: &str) -> String {
    let (mut out, mut column) = (String::new(), 0);
    for word in text.split_whitespace() {
        let length = word.chars().count();
        if column > 0 && column + 1 + length > WIDTH {
            out.push('\n');
            column = 0;
        } else if column > 0 {
            out.push(' ');
            column += 1;
        }
        out.push_str(word);
        column += length;
    }
    out.push('\n');
    out
}

fn indented(example: &str) -> String {
    let lines = example.lines().map(|line| {
        if line.is_empty() {
            "\n".to_owned()
        } else {
            format!("    {line}\n")
        }
    });
    lines.collect()
}
