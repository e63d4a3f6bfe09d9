//! Tables as CSV.

use std::borrow::Cow;
use std::io::{self, Write};

use serde_json::Value;

use super::grid::Grid;
use super::json;

pub(super) fn write(grid: &Grid<'_>, out: &mut dyn Write) -> io::Result<()> {
    let names = grid
        .columns
        .iter()
        .map(|column| Some(Cow::from(&column.name)));
    write_line(names, out)?;
    for row in grid.rows {
        let cells = grid.cells(row).map(|(ty, value)| match value {
            Value::Null => None,
            value => Some(json::cell_text(ty, value)),
        });
        write_line(cells, out)?;
    }
    Ok(())
}

/// Writes one line. `None` is null.
fn write_line<'a>(
    cells: impl Iterator<Item = Option<Cow<'a, str>>>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let mut line = String::new();
    let mut count = 0;
    for cell in cells {
        if count > 0 {
            line.push(',');
        }
        count += 1;
        if let Some(cell) = cell {
            push_cell(&mut line, &cell);
        }
    }
    // Readers skip empty lines.
    if count == 1 && line.is_empty() {
        line.push_str("\"\"");
    }
    line.push('\n');
    out.write_all(line.as_bytes())
}

/// Appends a cell, quoted if necessary. An empty string is quoted to distinguish it from null.
fn push_cell(line: &mut String, cell: &str) {
    if cell.is_empty() || cell.contains(['"', ',', '\n', '\r']) {
        line.push('"');
        line.push_str(&cell.replace('"', "\"\""));
        line.push('"');
    } else {
        line.push_str(cell);
    }
}
