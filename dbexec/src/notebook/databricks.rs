//! Source files of Databricks: code with comments that separate the cells.

use super::cell::RawCell;
use crate::language::Language;

/// Comments of a source file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Syntax {
    /// Beginning of each comment: `#`, `//` or `--`.
    comment: &'static str,
    /// Language of such a file, or `None` if several languages have these comments.
    language: Option<Language>,
}

const SYNTAXES: [Syntax; 3] = [
    Syntax {
        comment: "#",
        language: None,
    },
    Syntax {
        comment: "//",
        language: Some(Language::Scala),
    },
    Syntax {
        comment: "--",
        language: Some(Language::Sql),
    },
];

impl Syntax {
    /// Returns the syntax of a source file that begins with these bytes.
    pub(super) fn of(start: &[u8]) -> Option<Self> {
        let start = start.strip_prefix("\u{feff}".as_bytes()).unwrap_or(start);
        let first = start.split(|byte| *byte == b'\n').next()?.trim_ascii();
        let is_header = |syntax: &Syntax| {
            let rest = first.strip_prefix(syntax.comment.as_bytes());
            rest.map(<[u8]>::trim_ascii) == Some(b"Databricks notebook source")
        };
        SYNTAXES.into_iter().find(is_header)
    }

    /// Returns the text of a comment of Databricks after its keyword.
    fn comment<'a>(self, line: &'a str, word: &str) -> Option<&'a str> {
        let text = line.trim_start().strip_prefix(self.comment)?.trim_start();
        let rest = text.strip_prefix(word)?;
        let is_word = rest.is_empty() || rest.starts_with([' ', '\t']);
        is_word.then_some(rest)
    }

    fn is_separator(self, line: &str) -> bool {
        let rest = self.comment(line, "COMMAND");
        rest.is_some_and(|rest| rest.trim() == "----------")
    }

    /// Returns the line of a cell in another language.
    fn magic(self, line: &str) -> Option<&str> {
        let rest = self.comment(line, "MAGIC")?;
        Some(rest.strip_prefix(' ').unwrap_or(rest))
    }
}

/// Returns the language and the cells of a source file.
pub(super) fn read(text: &str) -> (Option<Language>, Vec<RawCell>) {
    let Some(syntax) = Syntax::of(text.as_bytes()) else {
        return (None, Vec::new());
    };
    let mut cells = Vec::new();
    let mut lines: Vec<&str> = Vec::new();
    let mut begin = 2;
    for (number, line) in (1..).zip(text.lines()).skip(1) {
        if syntax.is_separator(line) {
            cells.push(cell(syntax, &lines, begin, cells.len()));
            lines.clear();
            begin = number + 1;
        } else {
            lines.push(line);
        }
    }
    cells.push(cell(syntax, &lines, begin, cells.len()));
    (syntax.language, cells)
}

/// Creates the cell of these lines. Empty lines around the code and the title of the cell are omitted.
fn cell(syntax: Syntax, lines: &[&str], begin: usize, index: usize) -> RawCell {
    let is_omitted =
        |line: &&str| line.trim().is_empty() || syntax.comment(line, "DBTITLE").is_some();
    let first = lines.iter().take_while(|line| is_omitted(line)).count();
    let lines = &lines[first..];
    let last = lines.iter().rposition(|line| !line.trim().is_empty());
    let lines = &lines[..last.map_or(0, |last| last + 1)];
    // The other lines of a cell with a magic command have the comment as well. A line without it is part
    // of the code, like in a notebook.
    let is_magic = lines
        .first()
        .is_some_and(|line| syntax.magic(line).is_some());
    let code = lines.iter().map(|line| match syntax.magic(line) {
        Some(text) if is_magic => text,
        _ => line,
    });
    RawCell {
        line: Some(begin + first),
        language: None,
        code: code.collect::<Vec<_>>().join("\n"),
        index,
    }
}
