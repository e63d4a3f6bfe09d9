//! Tables as CSV.

use std::io::{self, BufWriter, Write};

use super::grid::Grid;
use super::json;
use super::write_error::WriteError;

pub(super) fn write(grid: &Grid<'_>, out: &mut dyn Write) -> io::Result<()> {
    // A row may be long: cells are written one by one.
    let mut out = BufWriter::new(out);
    write_all(grid, &mut out)?;
    out.flush()
}

fn write_all(grid: &Grid<'_>, out: &mut dyn Write) -> Result<(), WriteError> {
    let columns = grid.columns();
    if columns.count == 0 {
        // An empty line would be a header.
        return Ok(());
    }
    let mut line = Line::new(out);
    for index in 0..columns.count {
        line.cell(Some(&columns.name(index)))?;
    }
    line.end()?;
    grid.for_each_row(|cells| {
        let mut line = Line::new(out);
        while let Some(cell) = cells.next_raw()? {
            let text = json::cell_text(columns.ty(cells.count - 1), cell)?;
            line.cell(text.as_deref())?;
        }
        line.end()?;
        Ok(())
    })
}

/// Line that is being written.
struct Line<'o> {
    out: &'o mut dyn Write,
    cells: usize,
    is_empty: bool,
}

impl<'o> Line<'o> {
    fn new(out: &'o mut dyn Write) -> Self {
        Self {
            out,
            cells: 0,
            is_empty: true,
        }
    }

    /// Writes a cell, quoted if necessary. `None` is null. An empty string is quoted to distinguish it
    /// from null.
    fn cell(&mut self, cell: Option<&str>) -> io::Result<()> {
        if self.cells > 0 {
            self.out.write_all(b",")?;
        }
        self.cells += 1;
        let Some(cell) = cell else {
            return Ok(());
        };
        self.is_empty = false;
        if !cell.is_empty() && !cell.contains(['"', ',', '\n', '\r']) {
            return self.out.write_all(cell.as_bytes());
        }
        let mut quote = "\"";
        for part in cell.split('"') {
            self.out.write_all(quote.as_bytes())?;
            self.out.write_all(part.as_bytes())?;
            quote = "\"\"";
        }
        self.out.write_all(b"\"")
    }

    fn end(self) -> io::Result<()> {
        // Readers skip empty lines.
        if self.cells == 1 && self.is_empty {
            self.out.write_all(b"\"\"")?;
        }
        self.out.write_all(b"\n")
    }
}
