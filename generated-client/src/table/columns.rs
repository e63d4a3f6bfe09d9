//! Names and types of the cells of a row.

use std::borrow::Cow;

use super::column_type::{ColumnType, TableColumn};

/// Type of values without a known type: the deserializer sees only their JSON.
pub(super) static UNTYPED: ColumnType = ColumnType::Unknown(String::new());

/// Columns of a table, or fields of a struct in a cell.
///
/// A row may have more cells than the schema has columns. The additional columns are not stored,
/// because there may be millions of them.
#[derive(Clone, Copy, Debug)]
pub(super) struct Columns<'t> {
    pub(super) schema: &'t [TableColumn],
    pub(super) count: usize,
}

impl<'t> Columns<'t> {
    pub(super) fn of_fields(fields: &'t [TableColumn]) -> Self {
        Self {
            schema: fields,
            count: fields.len(),
        }
    }

    /// Returns the name of a column. That of an additional one is for example `_c2`.
    #[inline]
    pub(super) fn name(self, index: usize) -> Cow<'t, str> {
        match self.schema.get(index) {
            Some(column) => Cow::Borrowed(&column.name),
            None => Cow::Owned(format!("_c{index}")),
        }
    }

    #[inline]
    pub(super) fn ty(self, index: usize) -> &'t ColumnType {
        self.schema.get(index).map_or(&UNTYPED, |column| &column.ty)
    }

    /// Returns the columns as values.
    pub(super) fn to_vec(self) -> Vec<TableColumn> {
        (0..self.count)
            .map(|index| TableColumn::new(self.name(index), self.ty(index).clone()))
            .collect()
    }
}
