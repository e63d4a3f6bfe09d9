//! Size of a table, determined in one pass over its rows.

use api_runtime::codec::{ReadError, Reader};
use api_runtime::{Error, ErrorKind};

use crate::api::TableResults;

/// Number of rows, and of the cells of the longest one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Shape {
    pub(super) rows: usize,
    pub(super) longest_row: usize,
}

impl Shape {
    /// Determines the shape of a table, and checks that the rows are lists.
    ///
    /// # Errors
    ///
    /// Returns [`ErrorKind::InvalidResponse`] if they are not.
    pub(crate) fn of(results: &TableResults) -> Result<Self, Error> {
        let rows = results.data.as_ref().map_or("[]", |rows| rows.as_str());
        Self::of_rows(rows).map_err(|error| {
            let problem = error.describe(rows.as_bytes());
            let message = format!("the rows of the table do not match the spec: {problem}");
            Error::after_sending(ErrorKind::InvalidResponse, message)
        })
    }

    fn of_rows(rows: &str) -> Result<Self, ReadError> {
        let mut shape = Self {
            rows: 0,
            longest_row: 0,
        };
        let mut reader = Reader::of_text(rows);
        reader.begin_list()?;
        while reader.next_item()? {
            let mut cells = 0;
            reader.begin_list()?;
            while reader.next_item()? {
                reader.skip()?;
                cells += 1;
            }
            shape.rows += 1;
            shape.longest_row = shape.longest_row.max(cells);
        }
        Ok(shape)
    }
}
