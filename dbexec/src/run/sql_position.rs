//! Lines of files in errors of SQL.

use crate::syntax::Position;

/// Replaces the lines of a statement by those of its file, which begins at `start` there: `(line 2, pos 7)`.
/// Returns the text and the first line in it.
pub(super) fn locate(text: &str, start: Position) -> (String, Option<usize>) {
    let mut located = String::with_capacity(text.len());
    let mut first = None;
    let mut rest = text;
    while let Some(at) = rest.find(LINE) {
        let (before, after) = rest.split_at(at + LINE.len());
        located.push_str(before);
        rest = after;
        if let Some(found) = LineAndColumn::parse(after) {
            let is_first_line = found.line <= 1;
            let line = start.line + found.line.saturating_sub(1);
            let column = found.column + if is_first_line { start.column } else { 0 };
            let (line_text, column) = (line.to_string(), column.to_string());
            located.extend([&*line_text, found.between, &*column]);
            rest = found.rest;
            first.get_or_insert(line);
        }
    }
    located.push_str(rest);
    (located, first)
}

const LINE: &str = "line ";

/// Position in an error: `2, pos 7`, or `2 pos 7`, or `2, position 8`.
struct LineAndColumn<'t> {
    line: usize,
    /// Text between the numbers.
    between: &'t str,
    column: usize,
    rest: &'t str,
}

impl<'t> LineAndColumn<'t> {
    fn parse(text: &'t str) -> Option<Self> {
        let (line, after) = number(text)?;
        let words = [", position ", ", pos ", " pos "];
        let length = words.iter().find(|word| after.starts_with(**word))?.len();
        let (between, after) = after.split_at(length);
        let (column, rest) = number(after)?;
        Some(Self {
            line,
            between,
            column,
            rest,
        })
    }
}

fn number(text: &str) -> Option<(usize, &str)> {
    let end = text
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(text.len());
    let (digits, rest) = text.split_at(end);
    Some((digits.parse().ok()?, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_those_of_the_file() {
        let start = Position {
            line: 12,
            column: 10,
        };
        for (text, expected, line) in [
            (
                "at 'x'. SQLSTATE: 42601 (line 1, pos 7)",
                "at 'x'. SQLSTATE: 42601 (line 12, pos 17)",
                Some(12),
            ),
            (
                "no column; line 2 pos 0;",
                "no column; line 13 pos 0;",
                Some(13),
            ),
            (
                "line 2 pos 5\n== SQL (line 1, position 8) ==",
                "line 13 pos 5\n== SQL (line 12, position 18) ==",
                Some(13),
            ),
            ("line 2, pos", "line 2, pos", None),
            (
                "line 99999999999999999999 pos 1",
                "line 99999999999999999999 pos 1",
                None,
            ),
            ("a line \u{e4}", "a line \u{e4}", None),
            ("", "", None),
        ] {
            assert_eq!(locate(text, start), (expected.to_owned(), line));
        }
    }
}
