//! Deserializer for rows.

use api_runtime::codec::Reader;
use serde_core::de::{Deserializer, Error as _, Visitor};
use serde_core::forward_to_deserialize_any;

use super::access::{ElementTypes, Elements, Fields};
use super::cell::{Cell, read_cell};
use super::error::CellError;
use super::forward::{forward_newtype, forward_tuples};
use crate::table::cells::{Cells, NextCell};
use crate::table::columns::Columns;

/// Row of a table.
pub(in crate::table) struct Record<'r, 'a> {
    columns: Columns<'a>,
    reader: &'r mut Reader<'a>,
    order: &'r mut FieldOrder,
}

/// Order of the fields of the struct that rows are deserialized into.
///
/// If it is that of the columns, the names need not be compared for each row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::table) enum FieldOrder {
    /// It was not determined yet.
    Unknown,
    /// The names and the order are those of the columns.
    OfColumns,
    /// The fields are found by name.
    Other,
}

impl<'r, 'a> Record<'r, 'a> {
    /// Creates a deserializer for the row that is next. `order` is that of the previous row, and is set
    /// for the next one.
    pub(in crate::table) fn new(
        columns: Columns<'a>,
        reader: &'r mut Reader<'a>,
        order: &'r mut FieldOrder,
    ) -> Self {
        Self {
            columns,
            reader,
            order,
        }
    }

    /// Returns whether the fields of a struct have the names and the order of the columns.
    fn is_ordered(&mut self, fields: &[&str]) -> bool {
        if *self.order == FieldOrder::Unknown {
            let columns = self
                .columns
                .schema
                .iter()
                .map(|column| column.name.as_str());
            let is_equal = self.columns.count == fields.len() && columns.eq(fields.iter().copied());
            *self.order = if is_equal {
                FieldOrder::OfColumns
            } else {
                FieldOrder::Other
            };
        }
        *self.order == FieldOrder::OfColumns
    }

    /// Deserializes a row of one column as the value of its cell.
    fn single_cell<T>(
        self,
        deserialize: impl FnOnce(Cell<'_, 'a>) -> Result<T, CellError>,
    ) -> Result<T, CellError> {
        if self.columns.count != 1 {
            return Err(CellError::custom(format_args!(
                "expected a row with one column, found {}",
                self.columns.count
            )));
        }
        let mut cells = Cells::begin(self.reader, 1)?;
        let next = cells.advance()?.unwrap_or(NextCell::Missing);
        let value = read_cell(cells.reader, &next, self.columns.ty(0), deserialize)
            .map_err(|error| error.within(&self.columns.name(0)))?;
        cells.skip_rest()?;
        Ok(value)
    }
}

/// Methods for a row of one column, which is deserialized as the value of its cell.
macro_rules! for_single_cell {
    ($($method:ident)*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, CellError> {
            self.single_cell(|cell| cell.$method(visitor))
        }
    )*};
}

impl<'de> Deserializer<'de> for Record<'_, 'de> {
    type Error = CellError;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, CellError> {
        Fields::begin(self.columns, self.reader)?.visit(visitor)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, CellError> {
        let types = ElementTypes::Columns(self.columns);
        Elements::begin(types, self.reader)?.visit(visitor)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        mut self,
        _: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, CellError> {
        if self.is_ordered(fields) {
            return self.deserialize_seq(visitor);
        }
        self.deserialize_any(visitor)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, CellError> {
        self.single_cell(|cell| cell.deserialize_enum(name, variants, visitor))
    }

    forward_newtype!();
    forward_tuples!();

    for_single_cell! {
        deserialize_bool deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64
        deserialize_i128 deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64
        deserialize_u128 deserialize_f32 deserialize_f64 deserialize_char deserialize_str
        deserialize_string deserialize_bytes deserialize_byte_buf deserialize_option
    }

    forward_to_deserialize_any! {
        map unit unit_struct identifier ignored_any
    }
}
