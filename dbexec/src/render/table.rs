//! Tables in aligned columns, or with one line per value.

use std::borrow::Cow;
use std::io::{self, Write};

use generated_client::Table;

use super::cell;
use super::fit::{self, Column, GAP};

/// Width of the space in front of tables.
const MARGIN: usize = 1;

/// Widths of the columns of a table.
#[derive(Debug)]
pub(super) struct Layout {
    /// Widths of the columns that are shown.
    widths: Vec<usize>,
    /// Number of all columns.
    columns: usize,
    is_terminal: bool,
}

impl Layout {
    /// Determines the widths. `max_width` is that of the terminal, or `None` if nothing is cut. Numbers and the
    /// columns `whole` are not cut.
    ///
    /// The rows are read twice, first for the widths, because the text of all cells may be much longer
    /// than the response.
    pub(super) fn new(table: &Table<'_>, max_width: Option<usize>, whole: &[&str]) -> Self {
        let is_terminal = max_width.is_some();
        let mut columns: Vec<Column> = Vec::new();
        for column in table.columns() {
            columns.push(Column {
                width: cell::width(&cell::clean(Some(column.name.as_str().into()), is_terminal)),
                is_whole: column.ty.is_numeric() || whole.contains(&column.name.as_str()),
            });
        }
        for row in table.text_rows() {
            for (column, text) in columns.iter_mut().zip(row) {
                column.width = column
                    .width
                    .max(cell::width(&cell::clean(text, is_terminal)));
            }
        }
        Self {
            widths: match max_width {
                Some(max_width) => fit::fit(&columns, max_width.saturating_sub(MARGIN)),
                None => columns.iter().map(|column| column.width).collect(),
            },
            columns: columns.len(),
            is_terminal,
        }
    }

    /// Returns the numbers of columns that are shown and of all, if they differ.
    pub(super) fn hidden_columns(&self) -> Option<(usize, usize)> {
        let shown = self.widths.len();
        (shown < self.columns).then_some((shown, self.columns))
    }

    /// Writes a header, a rule, and the rows.
    pub(super) fn write(&self, table: &Table<'_>, out: &mut dyn Write) -> io::Result<()> {
        if self.columns == 0 {
            return Ok(());
        }
        let columns = table.columns();
        let mut line = Line::with_margin(MARGIN);
        for (column, &width) in columns.iter().zip(&self.widths) {
            let name = Some(column.name.as_str().into());
            line.cell(&self.text(name, width), width, column.ty.is_numeric());
        }
        line.end(out)?;
        for &width in &self.widths {
            line.cell(&"-".repeat(width), width, false);
        }
        line.end(out)?;
        for row in table.text_rows() {
            for ((text, column), &width) in row.into_iter().zip(columns).zip(&self.widths) {
                let text = self.text(text, width);
                line.cell(&text, width, column.ty.is_numeric());
            }
            line.end(out)?;
        }
        Ok(())
    }
}

impl Layout {
    /// Returns the text of a cell, which is cut on a terminal.
    fn text<'t>(&self, text: Option<Cow<'t, str>>, width: usize) -> Cow<'t, str> {
        let text = cell::clean(text, self.is_terminal);
        if !self.is_terminal {
            return text;
        }
        if cell::width(&text) <= width {
            return cell::isolate(text);
        }
        cell::isolate(cell::cut(&text, width)).into_owned().into()
    }
}

/// Line with cells in columns. White space at its end is omitted.
#[derive(Debug, Default)]
struct Line {
    text: String,
    cells: usize,
    margin: usize,
}

impl Line {
    fn with_margin(margin: usize) -> Self {
        Self {
            margin,
            ..Self::default()
        }
    }

    fn cell(&mut self, text: &str, width: usize, is_right_aligned: bool) {
        let padding = width.saturating_sub(cell::width(text));
        self.pad(if self.cells > 0 { GAP } else { self.margin });
        self.cells += 1;
        if is_right_aligned {
            self.pad(padding);
        }
        self.text.push_str(text);
        if !is_right_aligned {
            self.pad(padding);
        }
    }

    fn pad(&mut self, count: usize) {
        self.text.extend(std::iter::repeat_n(' ', count));
    }

    fn end(&mut self, out: &mut dyn Write) -> io::Result<()> {
        out.write_all(self.text.trim_end().as_bytes())?;
        out.write_all(b"\n")?;
        self.text.clear();
        self.cells = 0;
        Ok(())
    }
}

/// Writes a block for each row, with one line per value. Nothing is cut.
pub(super) fn write_vertical(
    table: &Table<'_>,
    is_terminal: bool,
    out: &mut dyn Write,
) -> io::Result<()> {
    let columns = table.columns();
    let names: Vec<_> = columns
        .iter()
        .map(|column| cell::clean(Some(column.name.as_str().into()), is_terminal))
        .collect();
    let width = names
        .iter()
        .map(|name| cell::width(name))
        .max()
        .unwrap_or_default();
    let mut line = Line::default();
    for (number, row) in (1..).zip(table.text_rows()) {
        if number > 1 {
            line.end(out)?;
        }
        line.cell(&format!("row {number}"), 0, false);
        line.end(out)?;
        for (name, text) in names.iter().zip(row) {
            line.cell(name, width, false);
            line.cell(&cell::clean(text, is_terminal), 0, false);
            line.end(out)?;
        }
    }
    Ok(())
}
