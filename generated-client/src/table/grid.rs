//! Rows and columns of a table.

use serde_json::Value;

use super::column_type::{ColumnType, TableColumn};
use crate::api::TableResults;

/// Columns with their names and types, and rows of cells.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Grid<'a> {
    pub(super) columns: Vec<TableColumn>,
    pub(super) rows: &'a [Vec<Value>],
}

impl<'a> Grid<'a> {
    pub(super) fn new(results: &'a TableResults) -> Self {
        let schema = results.schema.as_deref().unwrap_or_default();
        let rows = results.data.as_deref().unwrap_or_default();
        let mut columns: Vec<_> = schema
            .iter()
            .map(|column| TableColumn::new(&*column.name, ColumnType::parse(&column.r#type)))
            .collect();
        // A row may have more cells than the schema has columns: no cell is dropped.
        let widest = rows.iter().map(Vec::len).max().unwrap_or(0);
        for index in columns.len()..widest {
            let unknown = ColumnType::Unknown(String::new());
            columns.push(TableColumn::new(format!("_c{index}"), unknown));
        }
        Self { columns, rows }
    }

    /// Returns the cells of a row with their types. Missing cells are null.
    pub(super) fn cells<'t>(
        &'t self,
        row: &'t [Value],
    ) -> impl Iterator<Item = (&'t ColumnType, &'t Value)> {
        let cell = |index| row.get(index).unwrap_or(&Value::Null);
        let columns = self.columns.iter().enumerate();
        columns.map(move |(index, column)| (&column.ty, cell(index)))
    }
}
