//! Markdown as doc attributes.

use proc_macro2::TokenStream;
use quote::quote;

/// One attribute a line, as `///` would give.
pub(crate) fn attributes(text: &str) -> TokenStream {
    let lines = without_programs(text).into_iter().map(|line| {
        // Rust has no carriage returns in comments.
        let line = line.replace('\r', " ");
        if line.is_empty() {
            String::new()
        } else {
            format!(" {line}")
        }
    });
    quote!(#(#[doc = #lines])*)
}

/// The lines of a doc, its blocks of code marked as text: rustdoc would take them for programs of
/// Rust, and compile them with the tests of the crate.
fn without_programs(text: &str) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut block = Block::None;
    for line in text.lines().map(str::trim_end) {
        let fence = line.trim_start().starts_with("```") || line.trim_start().starts_with("~~~");
        let indented = line.starts_with("    ") || line.starts_with('\t');
        let after_blank = lines.last().is_none_or(String::is_empty);
        match block {
            Block::None if fence => {
                block = Block::Fenced;
                lines.push(marked(line));
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

/// Where a line stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Block {
    None,
    Fenced,
    Indented,
}

/// The opening fence, with a language that is not compiled.
fn marked(fence: &str) -> String {
    let language = fence.trim_start().trim_start_matches(['`', '~']).trim();
    match language.split([',', ' ']).next().unwrap_or_default() {
        "" => format!("{fence}text"),
        "rust" | "no_run" | "should_panic" | "compile_fail" => format!("{fence},ignore"),
        _ => fence.to_owned(),
    }
}

/// Ends an indented block before the blank lines behind it.
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

/// A text between backticks, which cannot hold some.
pub(crate) fn code(text: &str) -> String {
    let shown: String = text
        .chars()
        .map(|c| if c.is_control() || c == '`' { ' ' } else { c })
        .collect();
    format!("`{shown}`")
}

pub(crate) fn join(paragraphs: &[&str]) -> String {
    let full: Vec<_> = paragraphs
        .iter()
        .map(|text| text.trim())
        .filter(|text| !text.is_empty())
        .collect();
    full.join("\n\n")
}
