//! A table in aligned columns.

use std::borrow::Cow;
use std::fmt;

use serde_json::Value;

use super::{ColumnType, Table, write};

/// Names over rows; numbers stand on the right. Cells of more characters than `longest` are cut.
pub(super) fn aligned(
    table: &Table<'_>,
    longest: usize,
    f: &mut fmt::Formatter<'_>,
) -> fmt::Result {
    let columns = table.columns();
    let names = columns.iter().map(|column| shown(&column.name, longest));
    let mut lines: Vec<Vec<String>> = vec![names.collect()];
    for row in table.values() {
        let cells = table.cells(row).map(|(ty, value)| cell(ty, value, longest));
        lines.push(cells.collect());
    }
    let width = |at: usize| lines.iter().map(|line| line[at].chars().count()).max();
    let widths: Vec<_> = (0..columns.len())
        .map(|at| width(at).unwrap_or(0))
        .collect();
    for (index, line) in lines.iter().enumerate() {
        if index > 0 {
            f.write_str("\n")?;
        }
        f.write_str(line_of(table, line, &widths).trim_end())?;
    }
    Ok(())
}

fn line_of(table: &Table<'_>, line: &[String], widths: &[usize]) -> String {
    let cells = table.columns().iter().zip(line).zip(widths);
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

fn cell(ty: &ColumnType, value: &Value, longest: usize) -> String {
    match value {
        Value::Null => "null".to_owned(),
        value => shown(&write::text(ty, value), longest),
    }
}

/// On one line, and harmless on a terminal.
fn shown(text: &str, longest: usize) -> String {
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
    if text.chars().count() <= longest {
        return text.into_owned();
    }
    let kept = text.chars().take(longest.saturating_sub(1));
    kept.chain(['\u{2026}']).collect()
}
