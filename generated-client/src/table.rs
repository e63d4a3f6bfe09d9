//! Tables in the results of a command.

mod cells;
mod column_type;
mod columns;
mod csv;
mod de;
mod display;
mod grid;
mod json;
mod shape;
mod type_parser;
mod write_error;

use std::borrow::Cow;
use std::fmt;
use std::io::{self, Write};
use std::marker::PhantomData;
use std::sync::OnceLock;

use api_runtime::Error;
use api_runtime::codec::{Decode as _, Position, Reader};
use serde_core::de::DeserializeOwned;
use serde_json::Value;

use self::cells::Cells;
pub use self::column_type::{ColumnType, TableColumn};
use self::columns::Columns;
use self::de::{CellError, FieldOrder, Record};
use self::grid::Grid;
pub(crate) use self::json::compact;
pub(crate) use self::shape::Shape;
use self::write_error::WriteError;
use crate::api::TableResults;

/// Table in the results of a command, returned by [`Output::table`](crate::Output::table).
///
/// The server sends cells as JSON: decimals are strings, and structs are arrays without field names.
/// [`values`](Self::values) returns this JSON; all other methods add the names of the fields.
///
/// `Display` writes aligned columns for a terminal.
///
/// # Examples
///
/// ```no_run
/// use generated_client::{ExecutionContext, Language};
///
/// #[derive(serde::Deserialize)]
/// struct Sale {
///     id: i64,
///     amount: Option<f64>,
/// }
///
/// let client = generated_client::from_env()?;
/// let context = ExecutionContext::create(&client, "0123-456789-abcde", Language::Sql)?;
/// let output = context.run("SELECT id, amount FROM sales")?;
/// if let Some(table) = output.table() {
///     for sale in table.rows() {
///         let Sale { id, amount } = sale?;
///         println!("{id}: {amount:?}");
///     }
/// }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Table<'a> {
    grid: Grid<'a>,
    max_cell_chars: usize,
    /// All columns, once they are requested.
    columns: OnceLock<Vec<TableColumn>>,
}

impl<'a> Table<'a> {
    /// Creates a table from results in a response of
    /// [`commands::status`](crate::commands::status).
    ///
    /// # Errors
    ///
    /// Returns [`ErrorKind::InvalidResponse`](crate::ErrorKind::InvalidResponse) if the rows are not
    /// lists.
    pub fn new(results: &'a TableResults) -> Result<Self, Error> {
        Shape::of(results).map(|shape| Self::with_shape(results, shape))
    }

    /// Creates a table whose shape is known.
    pub(crate) fn with_shape(results: &'a TableResults, shape: Shape) -> Self {
        Self {
            grid: Grid::new(results, shape),
            max_cell_chars: usize::MAX,
            columns: OnceLock::new(),
        }
    }

    /// Returns the columns in the order of the cells.
    pub fn columns(&self) -> &[TableColumn] {
        self.columns.get_or_init(|| self.grid.columns().to_vec())
    }

    /// Returns the rows as sent by the server.
    ///
    /// The field `data` of the [`TableResults`] is their text.
    pub fn values(&self) -> impl Iterator<Item = Vec<Value>> + use<'a> {
        let mut reader = self.grid.reader();
        // The rows were found to be lists when the table was created.
        std::iter::from_fn(move || match reader.next_item() {
            Ok(true) => Vec::decode(&mut reader).ok(),
            _ => None,
        })
    }

    /// Returns the rows with the text of each cell, as [`to_csv`](Self::to_csv) writes it: strings are
    /// unchanged, and arrays, maps and structs are JSON. Null is `None`.
    ///
    /// # Examples
    ///
    /// ```
    /// # fn print(table: generated_client::Table<'_>) {
    /// for row in table.text_rows() {
    ///     let cells = row.iter().map(|cell| cell.as_deref().unwrap_or("null"));
    ///     println!("{}", cells.collect::<Vec<_>>().join("\t"));
    /// }
    /// # }
    /// ```
    pub fn text_rows(&self) -> impl Iterator<Item = Vec<Option<Cow<'a, str>>>> {
        let columns = self.grid.columns();
        let mut reader = self.grid.reader();
        // The rows were found to be lists when the table was created.
        std::iter::from_fn(move || match reader.next_item() {
            Ok(true) => text_row(columns, &mut reader).ok(),
            _ => None,
        })
    }

    /// Returns the number of rows.
    pub fn len(&self) -> usize {
        self.grid.len()
    }

    /// Returns whether the table has no rows.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Deserializes each row into a `T`.
    ///
    /// Structs and maps are filled by column name, tuples and `Vec`s by position. Any other `T` is
    /// deserialized from the cell of a table with a single column.
    ///
    /// Columns without a field in the struct are ignored. Null is `None`. Decimals are deserialized
    /// into strings without loss of digits, or into numbers. Structs in cells are deserialized into
    /// structs.
    ///
    /// # Errors
    ///
    /// The iterator yields a [`RowError`] for each row that cannot be deserialized.
    ///
    /// # Examples
    ///
    /// ```
    /// # fn show(table: generated_client::Table<'_>) -> Result<(), generated_client::RowError> {
    /// let pairs: Vec<(i64, Option<String>)> = table.rows().collect::<Result<_, _>>()?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn rows<T: DeserializeOwned>(&self) -> Rows<'_, T> {
        Rows {
            columns: self.grid.columns(),
            reader: self.grid.reader(),
            next: 0,
            len: self.len(),
            order: FieldOrder::Unknown,
            row: PhantomData,
        }
    }

    /// Writes the table as CSV with a header line.
    ///
    /// Cells are quoted if necessary (RFC 4180), and lines end with `\n`. Null is an empty cell, and
    /// an empty string is `""`. Arrays, maps and structs are written as JSON. Nothing is written for a
    /// table without columns, for example the result of `CREATE VIEW`.
    ///
    /// # Errors
    ///
    /// Returns the errors of `out`.
    pub fn to_csv(&self, mut out: impl Write) -> io::Result<()> {
        csv::write(&self.grid, &mut out)
    }

    /// Writes the table as a JSON array with one object per line.
    ///
    /// If several columns have the same name, a number is appended to all names but the first:
    /// `a`, `a_2`.
    ///
    /// # Errors
    ///
    /// Returns the errors of `out`.
    pub fn to_json(&self, mut out: impl Write) -> io::Result<()> {
        json::write_array(&self.grid, &mut out)
    }

    /// Writes the table as JSON Lines: one object per line, with the names of
    /// [`to_json`](Self::to_json).
    ///
    /// # Errors
    ///
    /// Returns the errors of `out`.
    pub fn to_json_lines(&self, mut out: impl Write) -> io::Result<()> {
        json::write_lines(&self.grid, &mut out)
    }

    /// Limits the cells in the output of `Display` to this many characters. Longer cells are
    /// truncated and end with an ellipsis.
    #[must_use]
    pub fn truncate_cells(mut self, max_chars: usize) -> Self {
        self.max_cell_chars = max_chars;
        self
    }
}

fn text_row<'a>(
    columns: Columns<'_>,
    reader: &mut Reader<'a>,
) -> Result<Vec<Option<Cow<'a, str>>>, WriteError> {
    let mut cells = Cells::begin(reader, columns.count)?;
    let mut row = Vec::with_capacity(columns.schema.len());
    while let Some(cell) = cells.next_raw()? {
        row.push(json::cell_text(columns.ty(row.len()), cell)?);
    }
    Ok(row)
}

impl PartialEq for Table<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.grid == other.grid && self.max_cell_chars == other.max_cell_chars
    }
}

impl fmt::Display for Table<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        display::aligned(&self.grid, self.max_cell_chars, f)
    }
}

/// Iterator over the deserialized rows of a [`Table`], returned by [`Table::rows`].
pub struct Rows<'a, T> {
    columns: Columns<'a>,
    reader: Reader<'a>,
    /// Index of the next row.
    next: usize,
    len: usize,
    order: FieldOrder,
    row: PhantomData<fn() -> T>,
}

impl<T: DeserializeOwned> Iterator for Rows<'_, T> {
    type Item = Result<T, RowError>;

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        if !self.reader.next_item().unwrap_or(false) {
            return None;
        }
        let row = self.next;
        self.next += 1;
        let start = self.reader.position();
        let mut value = self.deserialize();
        if value.is_err() && self.order == FieldOrder::OfColumns {
            value = self.retry_by_name(start);
        }
        // The next row follows, even if this one was read in part only.
        let _ = self.reader.leave_value(start);
        Some(match value {
            Ok(value) => Ok(value),
            Err(error) => Err(RowError::new(row, error)),
        })
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let rest = self.len - self.next;
        (rest, Some(rest))
    }
}

impl<T: DeserializeOwned> Rows<'_, T> {
    #[inline]
    fn deserialize(&mut self) -> Result<T, CellError> {
        let record = Record::new(self.columns, &mut self.reader, &mut self.order);
        T::deserialize(record)
    }

    /// Deserializes a row by the names of the columns, as the type may not support fields by position.
    #[cold]
    fn retry_by_name(&mut self, start: Position) -> Result<T, CellError> {
        self.reader.return_to(start);
        self.order = FieldOrder::Other;
        let value = self.deserialize();
        if value.is_err() {
            self.order = FieldOrder::OfColumns;
        }
        value
    }
}

impl<T> fmt::Debug for Rows<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Rows")
            .field("columns", &self.columns)
            .field("next", &self.next)
            .field("len", &self.len)
            .finish_non_exhaustive()
    }
}

/// Row that cannot be deserialized into the requested type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowError {
    row: usize,
    column: Option<String>,
    message: String,
}

impl RowError {
    #[cold]
    fn new(row: usize, error: CellError) -> Self {
        let (path, message) = error.into_parts();
        Self {
            row,
            column: (!path.is_empty()).then_some(path),
            message,
        }
    }

    /// Returns the index of the row, starting at 0.
    pub fn row(&self) -> usize {
        self.row
    }

    /// Returns the column and the path inside of its cell, for example `items[0].price`, or `None` if
    /// the error concerns the row as a whole.
    pub fn column(&self) -> Option<&str> {
        self.column.as_deref()
    }
}

impl fmt::Display for RowError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "rows[{}]", self.row)?;
        if let Some(column) = &self.column {
            write!(f, ", column `{column}`")?;
        }
        write!(f, ": {}", self.message)
    }
}

impl std::error::Error for RowError {}

#[cfg(test)]
mod tests;
