//! Tables in aligned columns for a terminal.

use std::borrow::Cow;
use std::fmt;

use serde_json::Value;

use super::column_type::ColumnType;
use super::grid::Grid;
use super::json;

/// Writes a header line and the rows. Numbers are aligned to the right. Cells are truncated to
/// `max_chars` characters.
pub(super) fn aligned(
    grid: &Grid<'_>,
    max_chars: usize,
    f: &mut fmt::Formatter<'_>,
) -> fmt::Result {
    let columns = &grid.columns;
    let names = columns.iter().map(|column| escape(&column.name, max_chars));
    let mut lines: Vec<Vec<String>> = vec![names.collect()];
    for row in grid.rows {
        let cells = grid
            .cells(row)
            .map(|(ty, value)| cell(ty, value, max_chars));
        lines.push(cells.collect());
    }
    let width = |column: usize| lines.iter().map(|line| line[column].chars().count()).max();
    let widths: Vec<_> = (0..columns.len())
        .map(|column| width(column).unwrap_or(0))
        .collect();
    for (index, line) in lines.iter().enumerate() {
        if index > 0 {
            f.write_str("\n")?;
        }
        f.write_str(align(grid, line, &widths).trim_end())?;
    }
    Ok(())
}

fn align(grid: &Grid<'_>, line: &[String], widths: &[usize]) -> String {
    let cells = grid.columns.iter().zip(line).zip(widths);
    let cells: Vec<_> = cells
        .map(|((column, cell), &width)| {
            if column.ty.is_numeric() {
                format!("{cell:>width$}")
            } else {
                format!("{cell:width$}")
            }
        })
        .collect();
    cells.join("  ")
}

fn cell(ty: &ColumnType, value: &Value, max_chars: usize) -> String {
    match value {
        Value::Null => "null".to_owned(),
        value => escape(&json::cell_text(ty, value), max_chars),
    }
}

/// Escapes control characters and truncates the text.
fn escape(text: &str, max_chars: usize) -> String {
    // Control characters would break the line or change the state of the terminal.
    let text = if text.contains(char::is_control) {
        Cow::Owned(text.chars().fold(String::new(), |mut line, c| {
            if c.is_control() {
                line.extend(c.escape_default());
            } else {
                line.push(c);
            }
            line
        }))
    } else {
        Cow::Borrowed(text)
    };
    if text.chars().count() <= max_chars {
        return text.into_owned();
    }
    let kept = text.chars().take(max_chars.saturating_sub(1));
    kept.chain(['\u{2026}']).collect()
}
