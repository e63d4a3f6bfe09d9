//! Markdown as doc attributes.

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use crate::form::Form;

/// Emits a text as doc attributes.
pub(crate) fn attributes(text: &str, form: Form) -> TokenStream {
    let has_code = may_contain_code(text);
    // Most docs are one line. Macros are usually compiled without optimization, so steps that change
    // nothing are skipped.
    let is_line = !text.contains('\n') && !text.contains('\r');
    if form == Form::Macro && is_line && !has_code {
        return attribute(text.trim_end(), false);
    }
    let lines = with_languages(text, has_code);
    match form {
        Form::File if has_code => {
            let text = raw_string(&lines.join("\n"));
            quote!(#[cfg_attr(not(doctest), doc = #text)])
        }
        Form::File => line_attributes(&lines),
        Form::Macro => attribute(&lines.join("\n"), has_code),
    }
}

/// Emits a text and an example as doc attributes.
///
/// A user's `cargo test` does not compile the example. In a file it is marked `ignore`, because lines
/// are more readable than a string with line breaks.
pub(crate) fn with_example(text: &str, example: &str, form: Form) -> TokenStream {
    if example.is_empty() {
        return attributes(text, form);
    }
    match form {
        Form::File => {
            let text = attributes(text, form);
            let example = format!("\n# Examples\n\n```ignore\n{example}```");
            let example = line_attributes(&example.lines().map(str::to_owned).collect::<Vec<_>>());
            quote!(#text #example)
        }
        Form::Macro => {
            let text = with_languages(text, may_contain_code(text)).join("\n");
            attribute(&format!("{text}\n\n# Examples\n\n```\n{example}```"), true)
        }
    }
}

/// Emits one attribute per line, as `///` does.
fn line_attributes(lines: &[String]) -> TokenStream {
    let lines = lines.iter().map(|line| match line.as_str() {
        "" => String::new(),
        line => format!(" {line}"),
    });
    quote!(#(#[doc = #lines])*)
}

/// Emits a single attribute. Text with code is no documentation for `cargo test`, which would compile
/// and run the code as a test of the user's crate. Marking each block is not enough: Markdown has too
/// many forms of them.
fn attribute(text: &str, has_code: bool) -> TokenStream {
    if has_code {
        quote!(#[cfg_attr(not(doctest), doc = #text)])
    } else {
        quote!(#[doc = #text])
    }
}

/// Returns a literal that keeps line breaks.
fn raw_string(text: &str) -> Literal {
    let quotes = text.split('"').skip(1);
    let longest = quotes.map(|rest| rest.len() - rest.trim_start_matches('#').len());
    let hashes = "#".repeat(longest.max().map_or(0, |longest| longest + 1));
    let literal = format!("r{hashes}\"{text}\"{hashes}").parse();
    literal.unwrap_or_else(|_| Literal::string(text))
}

/// Returns whether Markdown may find a code block in a text: any block has a fence of at least three
/// characters, or an indentation of four columns, possibly inside a list or a quote.
fn may_contain_code(text: &str) -> bool {
    // A search for a character is fast in a macro without optimization, unlike one for a string.
    text.contains('\t')
        || text.contains('`') && text.contains("```")
        || text.contains('~') && text.contains("~~~")
        || text.contains("    ")
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

/// Returns the lines of a doc that contains code or not. Code blocks without a language are marked as
/// text, so that rustdoc does not report them as invalid Rust.
fn with_languages(text: &str, has_code: bool) -> Vec<String> {
    // A carriage return is an error in doc comments.
    let text = text.replace("\r\n", "\n").replace('\r', " ");
    if !has_code {
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

/// Returns the opening fence with a language that is not Rust, or with the mark `ignore`.
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
