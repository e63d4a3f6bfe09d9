//! `explain`: the catalogue of faults.

use std::fmt::Write as _;

use api_spec::{Code, Level};

use crate::cli::ExplainArgs;
use crate::console;
use crate::exit::Failure;

/// Running text is broken before this column.
const WIDTH: usize = 80;

pub(crate) fn explain(args: &ExplainArgs) -> Result<(), Failure> {
    let Some(id) = &args.code else {
        return console::print(&all());
    };
    let code = Code::from_id(id.trim()).ok_or_else(|| {
        Failure::usage(format!("there is no fault `{id}`"))
            .note("`cargo api-spec explain` lists all there are")
    })?;
    console::print(&one(code))
}

fn all() -> String {
    let lines = Code::ALL
        .iter()
        .map(|code| format!("{}  {}\n", code.id(), code.title()));
    lines.collect()
}

fn one(code: Code) -> String {
    let explanation = code.explanation();
    let level = match code.level() {
        Level::Error => "error",
        Level::Warning => "warning",
    };
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
