//! Reading of lists of cells.

use api_runtime::codec::{ReadError, Reader};

/// Cells of a row, or of a list in a cell, while they are read.
pub(super) struct Cells<'r, 'a> {
    pub(super) reader: &'r mut Reader<'a>,
    /// Number of cells so far.
    pub(super) count: usize,
    /// Minimum number of cells. Missing ones are null.
    min: usize,
    /// Set until the end of the list was read.
    is_open: bool,
}

/// A cell that is next.
pub(super) enum NextCell {
    /// The reader is at the cell.
    Present,
    /// The list has fewer cells.
    Missing,
}

impl<'r, 'a> Cells<'r, 'a> {
    /// Begins the list that is next.
    pub(super) fn begin(reader: &'r mut Reader<'a>, min: usize) -> Result<Self, ReadError> {
        reader.begin_list()?;
        Ok(Self {
            reader,
            count: 0,
            min,
            is_open: true,
        })
    }

    /// Moves to the next cell.
    #[inline]
    pub(super) fn advance(&mut self) -> Result<Option<NextCell>, ReadError> {
        if self.is_open {
            self.is_open = self.reader.next_item()?;
        }
        if !self.is_open && self.count >= self.min {
            return Ok(None);
        }
        self.count += 1;
        Ok(Some(if self.is_open {
            NextCell::Present
        } else {
            NextCell::Missing
        }))
    }

    /// Reads the next cell as JSON.
    pub(super) fn next_raw(&mut self) -> Result<Option<&'a str>, ReadError> {
        match self.advance()? {
            Some(NextCell::Present) => self.reader.raw().map(Some),
            Some(NextCell::Missing) => Ok(Some("null")),
            None => Ok(None),
        }
    }

    /// Skips the other cells, and returns the number of all cells.
    pub(super) fn skip_rest(&mut self) -> Result<usize, ReadError> {
        while let Some(next) = self.advance()? {
            if let NextCell::Present = next {
                self.reader.skip()?;
            }
        }
        Ok(self.count)
    }
}
