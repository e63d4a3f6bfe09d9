//! Tables in aligned columns for a terminal.

use std::borrow::Cow;
use std::fmt;

use super::column_type::ColumnType;
use super::grid::Grid;
use super::json;
use super::write_error::WriteError;

/// Writes a header line and the rows. Numbers are aligned to the right. Cells are truncated to
/// `max_chars` characters.
///
/// The rows are read twice, first for the widths of the columns, because the text of all cells may be
/// much longer than their JSON.
pub(super) fn aligned(
    grid: &Grid<'_>,
    max_chars: usize,
    f: &mut fmt::Formatter<'_>,
) -> fmt::Result {
    let widths = widths(grid, max_chars)?;
    let columns = grid.columns();
    let mut line = Line::new(f);
    for (index, &width) in widths.iter().enumerate() {
        let name = columns.name(index);
        line.cell(&escape(&name, max_chars), width, columns.ty(index))?;
    }
    grid.for_each_row::<WriteError>(|cells| {
        line.next()?;
        while let Some(cell) = cells.next_raw()? {
            let index = cells.count - 1;
            let ty = columns.ty(index);
            line.cell(&cell_text(ty, cell, max_chars)?, widths[index], ty)?;
        }
        Ok(())
    })?;
    Ok(())
}

/// Returns the width of each column in characters. There may be millions of columns.
fn widths(grid: &Grid<'_>, max_chars: usize) -> Result<Vec<u32>, WriteError> {
    let columns = grid.columns();
    let width = |text: &str| u32::try_from(text.chars().count()).unwrap_or(u32::MAX);
    let names = (0..columns.count).map(|index| width(&escape(&columns.name(index), max_chars)));
    let mut widths: Vec<u32> = names.collect();
    grid.for_each_row::<WriteError>(|cells| {
        while let Some(cell) = cells.next_raw()? {
            let index = cells.count - 1;
            let text = cell_text(columns.ty(index), cell, max_chars)?;
            widths[index] = widths[index].max(width(&text));
        }
        Ok(())
    })?;
    Ok(widths)
}

/// Line that is being written. White space at its end is omitted.
struct Line<'o> {
    out: &'o mut dyn fmt::Write,
    cells: usize,
    /// White space that is written if text follows.
    pending: String,
}

impl<'o> Line<'o> {
    fn new(out: &'o mut dyn fmt::Write) -> Self {
        Self {
            out,
            cells: 0,
            pending: String::new(),
        }
    }

    fn cell(&mut self, text: &str, width: u32, ty: &ColumnType) -> fmt::Result {
        let width = usize::try_from(width).unwrap_or(usize::MAX);
        let padding = width.saturating_sub(text.chars().count());
        if self.cells > 0 {
            self.pending.push_str("  ");
        }
        self.cells += 1;
        let is_right_aligned = ty.is_numeric();
        if is_right_aligned {
            self.pad(padding);
        }
        self.write(text)?;
        if !is_right_aligned {
            self.pad(padding);
        }
        Ok(())
    }

    fn pad(&mut self, count: usize) {
        self.pending.extend(std::iter::repeat_n(' ', count));
    }

    fn write(&mut self, text: &str) -> fmt::Result {
        let visible = text.trim_end();
        if !visible.is_empty() {
            self.out.write_str(&self.pending)?;
            self.pending.clear();
            self.out.write_str(visible)?;
        }
        self.pending.push_str(&text[visible.len()..]);
        Ok(())
    }

    /// Begins the next line.
    fn next(&mut self) -> fmt::Result {
        self.pending.clear();
        self.cells = 0;
        self.out.write_str("\n")
    }
}

fn cell_text<'c>(
    ty: &ColumnType,
    cell: &'c str,
    max_chars: usize,
) -> Result<Cow<'c, str>, WriteError> {
    Ok(match json::cell_text(ty, cell)? {
        None => "null".into(),
        Some(Cow::Borrowed(text)) => escape(text, max_chars),
        Some(Cow::Owned(text)) => escape(&text, max_chars).into_owned().into(),
    })
}

/// Escapes control characters and truncates the text.
fn escape(text: &str, max_chars: usize) -> Cow<'_, str> {
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
    if text.chars().nth(max_chars).is_none() {
        return text;
    }
    let kept = text.chars().take(max_chars.saturating_sub(1));
    kept.chain(['\u{2026}']).collect()
}
