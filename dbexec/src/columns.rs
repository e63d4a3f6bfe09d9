//! Text in aligned columns.

use std::iter;

use unicode_width::UnicodeWidthStr as _;

/// Minimum width of the last column. If less remains, its text follows in separate lines.
const MIN_LAST_WIDTH: usize = 30;

/// Indentation of separate lines.
const INDENTATION: usize = 4;

/// Formats rows with aligned columns. Lines have no trailing white space.
pub(crate) fn align<R: AsRef<[String]>>(rows: &[R]) -> String {
    align_within(rows, "", None)
}

/// Formats indented rows with aligned columns. If a line is longer than `width`, the text in the last column of
/// all rows is broken between words.
pub(crate) fn align_within<R: AsRef<[String]>>(
    rows: &[R],
    indent: &str,
    width: Option<usize>,
) -> String {
    let widths = widths(rows);
    let rows = rows.iter().map(AsRef::as_ref);
    let mut lines: Vec<_> = rows.clone().map(|row| line(row, &widths, indent)).collect();
    if let Some(limit) = width
        && lines.iter().any(|line| line.width() > limit)
    {
        let broken = rows.flat_map(|row| break_last(row, &widths, indent, limit));
        lines = broken.collect();
    }
    let lines = lines.iter().map(|line| line.trim_end());
    lines.fold(String::new(), |text, line| text + line + "\n")
}

fn widths<R: AsRef<[String]>>(rows: &[R]) -> Vec<usize> {
    let mut widths = Vec::new();
    for row in rows {
        let row = row.as_ref();
        widths.resize(widths.len().max(row.len()), 0);
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.width());
        }
    }
    widths
}

fn line(cells: &[String], widths: &[usize], indent: &str) -> String {
    let mut line = indent.to_owned();
    for (cell, width) in cells.iter().zip(widths) {
        line.push_str(cell);
        line.push_str(&" ".repeat(width - cell.width() + 2));
    }
    line.truncate(line.trim_end().len());
    line
}

/// Returns the lines of a row whose last column is broken between words.
fn break_last(row: &[String], widths: &[usize], indent: &str, limit: usize) -> Vec<String> {
    let Some((last, cells)) = row.split_last().filter(|_| row.len() == widths.len()) else {
        return vec![line(row, widths, indent)];
    };
    let columns = widths[..cells.len()].iter().map(|width| width + 2);
    let start = indent.width() + columns.sum::<usize>();
    let first = line(cells, widths, indent);
    if start + MIN_LAST_WIDTH <= limit {
        let texts = words(last, limit - start).into_iter();
        let before = iter::once(&*first).chain(iter::repeat(""));
        return before
            .zip(texts)
            .map(|(before, text)| before.to_owned() + &" ".repeat(start - before.width()) + &text)
            .collect();
    }
    let start = indent.width() + INDENTATION;
    let texts = words(last, limit.saturating_sub(start)).into_iter();
    let texts = texts.map(|text| " ".repeat(start) + &text);
    iter::once(first).chain(texts).collect()
}

/// Breaks a text into lines that are not wider than `limit`, unless they consist of one word.
fn words(text: &str, limit: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split_whitespace() {
        let last = lines.len() - 1;
        let line = &mut lines[last];
        if line.is_empty() {
            line.push_str(word);
        } else if line.width() + 1 + word.width() <= limit {
            line.push(' ');
            line.push_str(word);
        } else {
            lines.push(word.to_owned());
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(cells: &[&str]) -> Vec<String> {
        cells.iter().map(|cell| (*cell).to_owned()).collect()
    }

    #[test]
    fn columns_are_aligned() {
        let rows = [row(&["a", "bb", "c"]), row(&["ä日", "b", ""])];
        assert_eq!(align(&rows), "a    bb  c\nä日  b\n");
        assert_eq!(align(&[row(&["a"]), row(&["b", "c"])]), "a\nb  c\n");
        assert_eq!(align::<Vec<String>>(&[]), "");
        let rows = [row(&["a", "bc", "d"]), row(&["äöü", "", "e"])];
        let expected = " a    bc  d\n äöü      e\n";
        assert_eq!(align_within(&rows, " ", Some(11)), expected);
    }

    #[test]
    fn last_column_is_broken_if_a_line_is_too_long() {
        let text = "one two three four five six seven eight";
        let rows = [row(&["a", text]), row(&["bb", "x"])];
        assert_eq!(
            align_within(&rows, " ", Some(40)),
            " a   one two three four five six seven\n     eight\n bb  x\n"
        );
        // Too narrow for two columns.
        assert_eq!(
            align_within(&rows, " ", Some(25)),
            " a\n     one two three four\n     five six seven eight\n bb\n     x\n"
        );
        let long = [row(&["a", "a_long_word"])];
        assert_eq!(align_within(&long, "", Some(5)), "a\n    a_long_word\n");
    }
}
