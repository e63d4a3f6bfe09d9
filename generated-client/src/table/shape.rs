//! Size of a table.

use api_runtime::codec::{ReadError, Reader};
use api_runtime::types::RawJson;
use api_runtime::{Error, ErrorKind};

use crate::api::TableResults;

/// Number of rows, and of the cells of the longest one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Shape {
    pub(super) rows: usize,
    pub(super) longest_row: usize,
}

impl Shape {
    /// Returns the shape of a table, and checks that the rows are lists.
    ///
    /// # Errors
    ///
    /// Returns [`ErrorKind::InvalidResponse`] if they are not.
    pub(crate) fn of(results: &TableResults) -> Result<Self, Error> {
        let size = match &results.data {
            None => Some((0, 0)),
            Some(rows) => rows.table_size(),
        };
        match size {
            Some((rows, longest_row)) => Ok(Self { rows, longest_row }),
            None => Err(error(results.data.as_ref())),
        }
    }
}

/// Returns the error of rows that are not a list of lists.
#[cold]
fn error(rows: Option<&RawJson>) -> Error {
    let problem = rows.and_then(|rows| {
        let error = read_rows(&mut rows.reader()).err()?;
        Some(error.describe(rows.as_str().as_bytes()))
    });
    let problem = problem.unwrap_or_else(|| "too many rows".to_owned());
    let message = format!("the rows of the table do not match the spec: {problem}");
    Error::after_sending(ErrorKind::InvalidResponse, message)
}

fn read_rows(reader: &mut Reader<'_>) -> Result<(), ReadError> {
    reader.begin_list()?;
    while reader.next_item()? {
        reader.count_items()?;
    }
    Ok(())
}
