//! Markdown as doc attributes.

use proc_macro2::TokenStream;
use quote::quote;

use crate::form::Form;

/// Emits a text as one attribute per line, as `///` does, or as a single one.
pub(crate) fn attributes(text: &str, form: Form) -> TokenStream {
    let lines = without_doctests(text).into_iter();
    // A carriage return is an error in doc comments.
    let lines = lines.map(|line| line.replace('\r', " "));
    match form {
        Form::File => {
            let lines = lines.map(|line| {
                if line.is_empty() {
                    line
                } else {
                    format!(" {line}")
                }
            });
            quote!(#(#[doc = #lines])*)
        }
        Form::Macro => {
            let text = lines.collect::<Vec<_>>().join("\n");
            quote!(#[doc = #text])
        }
    }
}

/// Joins the paragraphs that are not empty.
pub(crate) fn paragraphs(paragraphs: &[&str]) -> String {
    let full: Vec<_> = paragraphs
        .iter()
        .map(|text| text.trim())
        .filter(|text| !text.is_empty())
        .collect();
    full.join("\n\n")
}

/// Returns inline code. Backticks in it are replaced by spaces.
pub(crate) fn code(text: &str) -> String {
    let shown: String = text
        .chars()
        .map(|c| if c.is_control() || c == '`' { ' ' } else { c })
        .collect();
    format!("`{shown}`")
}

/// Returns the lines of a doc, with code blocks marked so that rustdoc does not compile them as
/// tests of the user's crate.
fn without_doctests(text: &str) -> Vec<String> {
    // Most docs have no code, and none of the marks of a block.
    if !["```", "~~~", "    ", "\t"]
        .iter()
        .any(|mark| text.contains(mark))
    {
        return text
            .lines()
            .map(|line| line.trim_end().to_owned())
            .collect();
    }
    let mut lines: Vec<String> = Vec::new();
    let mut block = Block::None;
    for line in text.lines().map(str::trim_end) {
        let fence = line.trim_start().starts_with("```") || line.trim_start().starts_with("~~~");
        let indented = line.starts_with("    ") || line.starts_with('\t');
        let after_blank = lines.last().is_none_or(String::is_empty);
        match block {
            Block::None if fence => {
                block = Block::Fenced;
                lines.push(ignored(line));
                continue;
            }
            Block::None if indented && after_blank => {
                block = Block::Indented;
                lines.push("```text".into());
            }
            Block::Fenced if fence => block = Block::None,
            Block::Indented if !indented && !line.is_empty() => {
                block = Block::None;
                close(&mut lines);
            }
            Block::None | Block::Fenced | Block::Indented => {}
        }
        lines.push(line.to_owned());
    }
    if block == Block::Indented {
        close(&mut lines);
    }
    lines
}

/// Kind of code block that contains a line.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Block {
    None,
    Fenced,
    Indented,
}

/// Returns the opening fence with a language that rustdoc does not compile.
fn ignored(fence: &str) -> String {
    let language = fence.trim_start().trim_start_matches(['`', '~']).trim();
    match language.split([',', ' ']).next().unwrap_or_default() {
        "" => format!("{fence}text"),
        "rust" | "no_run" | "should_panic" | "compile_fail" => format!("{fence},ignore"),
        _ => fence.to_owned(),
    }
}

/// Closes an indented block before the blank lines that follow it.
fn close(lines: &mut Vec<String>) {
    let end = lines
        .iter()
        .rposition(|line| !line.is_empty())
        .map_or(0, |last| last + 1);
    lines.insert(end, "```".into());
    if lines.last().is_some_and(|line| line == "```") {
        lines.push(String::new());
    }
}
