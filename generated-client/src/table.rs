//! Tables, as SQL gives them.

mod column_type;
mod de;
mod display;
mod write;

use std::fmt;
use std::io::{self, Write};
use std::marker::PhantomData;

use serde_core::de::DeserializeOwned;
use serde_json::Value;

pub use self::column_type::{ColumnType, TableColumn};
use self::de::Record;
use crate::api::TableResults;

/// Rows under columns with names and types: see [`Output::table`](crate::Output::table).
///
/// The cells are JSON as the server sent it. In it a decimal is a string, and a struct is a list
/// that does not know the names of its fields; everything here but [`values`](Self::values) gives
/// them their names.
///
/// `Display` shows aligned columns, for people.
///
/// # Example
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
#[derive(Clone, Debug, PartialEq)]
pub struct Table<'a> {
    columns: Vec<TableColumn>,
    values: &'a [Vec<Value>],
    longest_cell: usize,
}

impl<'a> Table<'a> {
    pub(crate) fn new(results: &'a TableResults) -> Self {
        let schema = results.schema.as_deref().unwrap_or_default();
        let values = results.data.as_deref().unwrap_or_default();
        let mut columns: Vec<_> = schema
            .iter()
            .map(|column| TableColumn::new(&*column.name, ColumnType::parse(&column.r#type)))
            .collect();
        // Cells that no column is known of get one, so that nothing is left out.
        let widest = values.iter().map(Vec::len).max().unwrap_or(0);
        for index in columns.len()..widest {
            let unknown = ColumnType::Unknown(String::new());
            columns.push(TableColumn::new(format!("_c{index}"), unknown));
        }
        Self {
            columns,
            values,
            longest_cell: usize::MAX,
        }
    }

    /// The columns, in the order of the cells.
    pub fn columns(&self) -> &[TableColumn] {
        &self.columns
    }

    /// The rows as the server sent them, one cell a column.
    pub fn values(&self) -> &'a [Vec<Value>] {
        self.values
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.values.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// Reads each row as a `T`: a struct or a map by the names of the columns, a tuple or a `Vec` by
    /// their order, and the only cell of a row as anything else.
    ///
    /// Columns that a struct has no field for are left out. Null is `None`. Decimals are read as
    /// strings, to the digit, or as numbers, if asked for; structs in cells as structs.
    ///
    /// # Errors
    ///
    /// Each row may be one: the error says where.
    ///
    /// # Example
    ///
    /// ```
    /// # fn show(table: generated_client::Table<'_>) -> Result<(), generated_client::RowError> {
    /// let pairs: Vec<(i64, Option<String>)> = table.rows().collect::<Result<_, _>>()?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn rows<T: DeserializeOwned>(&self) -> Rows<'_, T> {
        Rows {
            columns: &self.columns,
            values: self.values.iter().enumerate(),
            row: PhantomData,
        }
    }

    /// Writes CSV: a line of names, then a line for each row.
    ///
    /// Cells are quoted where they must be (RFC 4180), and lines end with a line feed. Null is an
    /// empty cell, and the empty string is `""`. Lists, maps and structs are JSON.
    ///
    /// # Errors
    ///
    /// Those of `out`.
    pub fn to_csv(&self, mut out: impl Write) -> io::Result<()> {
        write::csv(self, &mut out)
    }

    /// Writes an array of objects, one on each line.
    ///
    /// Where columns have the same name, the later ones have a number at its end.
    ///
    /// # Errors
    ///
    /// Those of `out`.
    pub fn to_json(&self, mut out: impl Write) -> io::Result<()> {
        write::json(self, &mut out)
    }

    /// Writes one object on each line, and nothing else. Names are as in [`to_json`](Self::to_json).
    ///
    /// # Errors
    ///
    /// Those of `out`.
    pub fn to_json_lines(&self, mut out: impl Write) -> io::Result<()> {
        write::json_lines(self, &mut out)
    }

    /// The same table, whose `Display` cuts cells that have more characters than this.
    #[must_use]
    pub fn truncate_cells(mut self, longest: usize) -> Self {
        self.longest_cell = longest;
        self
    }

    /// The cells of a row with their types. Missing ones are null.
    fn cells<'t>(&'t self, row: &'t [Value]) -> impl Iterator<Item = (&'t ColumnType, &'t Value)> {
        let cell = |index| row.get(index).unwrap_or(&Value::Null);
        let columns = self.columns.iter().enumerate();
        columns.map(move |(index, column)| (&column.ty, cell(index)))
    }
}

impl fmt::Display for Table<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        display::aligned(self, self.longest_cell, f)
    }
}

/// The rows of a [`Table`]: see [`Table::rows`].
#[derive(Debug)]
pub struct Rows<'a, T> {
    columns: &'a [TableColumn],
    values: std::iter::Enumerate<std::slice::Iter<'a, Vec<Value>>>,
    row: PhantomData<fn() -> T>,
}

impl<T: DeserializeOwned> Iterator for Rows<'_, T> {
    type Item = Result<T, RowError>;

    fn next(&mut self) -> Option<Self::Item> {
        let (row, cells) = self.values.next()?;
        let record = Record::new(self.columns, cells);
        Some(T::deserialize(record).map_err(|error| RowError::new(row, error)))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.values.size_hint()
    }
}

/// A row that does not fit the type it was to be read as.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowError {
    row: usize,
    column: Option<String>,
    message: String,
}

impl RowError {
    fn new(row: usize, error: de::CellError) -> Self {
        Self {
            row,
            column: (!error.path.is_empty()).then_some(error.path),
            message: error.message,
        }
    }

    /// The row, counted from 0.
    pub fn row(&self) -> usize {
        self.row
    }

    /// The column, and the place in its cell, as in `items[0].price`; nothing where it is the row
    /// that does not fit.
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
