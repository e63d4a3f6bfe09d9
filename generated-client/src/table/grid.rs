//! Rows and columns of a table.

use api_runtime::codec::{ReadError, Reader};
use api_runtime::types::RawJson;

use super::cells::Cells;
use super::column_type::{ColumnType, TableColumn};
use super::columns::Columns;
use super::shape::Shape;
use crate::api::TableResults;

/// Columns with their names and types, and rows of cells.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Grid<'a> {
    /// Columns in the response.
    schema: Vec<TableColumn>,
    rows: Option<&'a RawJson>,
    shape: Shape,
}

impl<'a> Grid<'a> {
    /// Creates the grid of a table with this shape.
    pub(super) fn new(results: &'a TableResults, shape: Shape) -> Self {
        let schema = results.schema.as_deref().unwrap_or_default();
        let schema = schema
            .iter()
            .map(|column| TableColumn::new(&*column.name, ColumnType::parse(&column.r#type)))
            .collect();
        Self {
            schema,
            rows: results.data.as_ref(),
            shape,
        }
    }

    /// Returns the columns. A row may have more cells than the schema has columns: no cell is
    /// dropped.
    pub(super) fn columns(&self) -> Columns<'_> {
        Columns {
            schema: &self.schema,
            count: self.schema.len().max(self.shape.longest_row),
        }
    }

    /// Returns the number of rows.
    pub(super) fn len(&self) -> usize {
        self.shape.rows
    }

    /// Returns a reader at the first row, in the list of rows.
    pub(super) fn reader(&self) -> Reader<'a> {
        let mut reader = self
            .rows
            .map_or_else(|| Reader::of_text("[]"), RawJson::reader);
        // The list was found when the shape was determined.
        let _ = reader.begin_list();
        reader
    }

    /// Calls `visit` with the cells of each row. Missing cells are null.
    pub(super) fn for_each_row<E: From<ReadError>>(
        &self,
        mut visit: impl FnMut(&mut Cells<'_, 'a>) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut reader = self.reader();
        while reader.next_item()? {
            let mut cells = Cells::begin(&mut reader, self.columns().count)?;
            visit(&mut cells)?;
            cells.skip_rest()?;
        }
        Ok(())
    }
}
