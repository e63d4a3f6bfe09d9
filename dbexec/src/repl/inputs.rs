//! Inputs of a session, from the lines that are read.

use super::command;
use super::complete_input::{
    continues_block, dedent, is_complete, is_complete_after_command, is_in_statement, is_open_block,
};
use crate::language::Language;

/// Lines of an input that is read.
#[derive(Debug, Default)]
pub(super) struct Lines {
    /// Lines with their ends.
    text: String,
    /// Line that follows the input, from a pipe.
    next: Option<String>,
    /// Set if only a line with `;` can complete the input.
    needs_semicolon: bool,
}

/// Reaction to a line.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// Another line is needed.
    More,
    /// The input is complete.
    Complete(String),
}

impl Lines {
    /// Returns the lines so far, with their ends.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// Returns whether no line was added.
    pub(super) fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// Continues an input that needs further lines.
    pub(super) fn resume(&mut self, input: &str) {
        self.text = format!("{input}\n");
        self.needs_semicolon = false;
    }

    /// Removes all lines and returns them.
    pub(super) fn take(&mut self) -> String {
        let mut text = std::mem::take(&mut self.text);
        self.needs_semicolon = false;
        text.pop();
        text
    }

    /// Returns the line that was added before, but is not part of the input.
    pub(super) fn take_next(&mut self) -> Option<String> {
        self.next.take()
    }

    /// Adds a line that was typed, or several that were pasted.
    pub(super) fn add(&mut self, language: Language, line: &str) -> Step {
        self.push(line);
        if self.needs_semicolon && !line.contains(';') {
            return Step::More;
        }
        let input = &self.text[..self.text.len() - 1];
        if is_complete_input(language, input) {
            return Step::Complete(self.take());
        }
        // Statements may have many lines, and each check reads all of them.
        self.needs_semicolon = needs_semicolon(language, input);
        Step::More
    }

    /// Adds a line of a pipe. A block of Python may contain empty lines: it ends before a line that is not
    /// indented.
    pub(super) fn add_piped(&mut self, language: Language, line: &str) -> Step {
        let (language, start) = command::code_of(&self.text, language);
        let code = &self.text[start.min(self.text.len())..];
        if language == Language::Python && !code.trim().is_empty() && is_open_block(code) {
            let is_decorated = code
                .trim_end()
                .lines()
                .last()
                .is_some_and(|last| last.starts_with('@'));
            let is_part =
                line.trim().is_empty() || is_decorated || continues_block(line) || is_open(code);
            if !is_part {
                self.next = Some(line.to_owned());
                return Step::Complete(self.take());
            }
            self.push(line);
            let code = &self.text[start.min(self.text.len())..];
            return if is_open_block(code) || is_open(code) {
                Step::More
            } else {
                Step::Complete(self.take())
            };
        }
        self.add(language, line)
    }

    fn push(&mut self, line: &str) {
        self.text.push_str(line);
        self.text.push('\n');
    }
}

/// Returns whether a bracket or a string is open, so that the next line is part of the same statement.
fn is_open(code: &str) -> bool {
    // An empty line ends everything else.
    code.trim_end().ends_with('\\')
        || !is_complete(Language::Python, &format!("{}\n\n", code.trim_end()))
}

fn is_complete_input(language: Language, input: &str) -> bool {
    let (language, start) = command::code_of(input, language);
    match start {
        0 => is_complete(language, &dedent(input)),
        _ => is_complete_after_command(language, &input[start..]),
    }
}

/// Returns whether only a line with `;` can complete an input.
fn needs_semicolon(language: Language, input: &str) -> bool {
    let (language, start) = command::code_of(input, language);
    language == Language::Sql && start == 0 && is_in_statement(input)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns the inputs of lines that are typed or piped.
    fn inputs(language: Language, text: &str, is_piped: bool) -> Vec<String> {
        let mut lines = Lines::default();
        let mut inputs = Vec::new();
        let mut rest = text
            .lines()
            .map(str::to_owned)
            .collect::<Vec<_>>()
            .into_iter();
        while let Some(line) = lines.take_next().or_else(|| rest.next()) {
            let step = if is_piped {
                lines.add_piped(language, &line)
            } else {
                lines.add(language, &line)
            };
            if let Step::Complete(input) = step {
                inputs.push(input);
            }
        }
        if !lines.is_empty() {
            inputs.push(format!("open: {}", lines.take()));
        }
        inputs
    }

    #[test]
    fn typed_lines_are_inputs() {
        for (language, text, expected) in [
            (Language::Python, "1\n2", &["1", "2"][..]),
            (
                Language::Python,
                "def f():\n  1\n\nf()",
                &["def f():\n  1\n", "f()"],
            ),
            (
                Language::Python,
                ":py def f():\n  1\n\n:sql",
                &[":py def f():\n  1\n", ":sql"],
            ),
            (
                Language::Python,
                ":py f(1)\n:py  g(\n2)\n3",
                &[":py f(1)", ":py  g(\n2)", "3"],
            ),
            (
                Language::Python,
                ":sql SELECT (\n1)\n1",
                &[":sql SELECT (\n1)", "1"],
            ),
            (Language::Sql, "SELECT\n1;\n:help", &["SELECT\n1;", ":help"]),
            (Language::Sql, "SELECT", &["open: SELECT"]),
            (
                Language::Sql,
                "/* a\n*/\nSELECT '\n;\n',\n1;\n:sql SELECT (\n1)\n2\n;",
                &[
                    "/* a\n*/",
                    "SELECT '\n;\n',\n1;",
                    ":sql SELECT (\n1)",
                    "2\n;",
                ],
            ),
        ] {
            assert_eq!(inputs(language, text, false), expected, "{text}");
        }
    }

    #[test]
    fn piped_blocks_end_at_a_line_that_is_not_indented() {
        for (text, expected) in [
            (
                "def f():\n  1\n\n  2\nf()",
                &["def f():\n  1\n\n  2", "f()"][..],
            ),
            (":py f(1)\ng(2)", &[":py f(1)", "g(2)"]),
            (
                "if x:\n  1\nelse:\n  2\nif y: 1\nz",
                &["if x:\n  1\nelse:\n  2", "if y: 1", "z"],
            ),
            (
                "@a\n@b\ndef f(): 1\n@c\ndef g(): 2\n1",
                &["@a\n@b\ndef f(): 1", "@c\ndef g(): 2", "1"],
            ),
            (
                "def f():\n  '''\ndoc\n'''\nf()",
                &["def f():\n  '''\ndoc\n'''", "f()"],
            ),
            ("x = [\n1,\n\n2]\nx", &["x = [\n1,\n\n2]", "x"]),
            ("x = 1 + \\\n2\nx", &["x = 1 + \\\n2", "x"]),
            (":py def f():\n  1\nf()", &[":py def f():\n  1", "f()"]),
            ("for x in y:\n  1\n:sql", &["for x in y:\n  1", ":sql"]),
        ] {
            assert_eq!(inputs(Language::Python, text, true), expected, "{text}");
        }
        let sql = inputs(Language::Sql, "SELECT 1;\nSELECT\n\n2;", true);
        assert_eq!(sql, ["SELECT 1;", "SELECT\n\n2;"]);
    }
}
