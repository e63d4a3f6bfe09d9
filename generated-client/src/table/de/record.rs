//! Cells under names.

use serde_core::de::{Deserializer, Error as _, Visitor};
use serde_core::forward_to_deserialize_any;
use serde_json::Value;

use super::CellError;
use super::access::{Fields, sequence};
use super::value::Cell;
use crate::table::TableColumn;

/// Cells under names: a row, or a struct in a cell.
#[derive(Clone, Copy)]
pub(in crate::table) struct Record<'a> {
    pub(super) columns: &'a [TableColumn],
    pub(super) cells: &'a [Value],
}

impl<'a> Record<'a> {
    pub(in crate::table) fn new(columns: &'a [TableColumn], cells: &'a [Value]) -> Self {
        Self { columns, cells }
    }

    pub(super) fn cell(self, index: usize) -> Option<(&'a str, Cell<'a>)> {
        let column = self.columns.get(index)?;
        let value = self.cells.get(index).unwrap_or(&Value::Null);
        let cell = Cell {
            ty: &column.ty,
            value,
        };
        Some((&column.name, cell))
    }

    fn only_cell(self) -> Result<Cell<'a>, CellError> {
        match self.cell(0) {
            Some((_, cell)) if self.columns.len() == 1 => Ok(cell),
            _ => Err(CellError::custom(format_args!(
                "a row of {} columns is no single value",
                self.columns.len()
            ))),
        }
    }
}

macro_rules! for_the_only_cell {
    ($($method:ident)*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, CellError> {
            let name = self.columns.first().map_or("", |column| &column.name);
            self.only_cell()?.$method(visitor).map_err(|error| error.within(name))
        }
    )*};
}

impl<'de> Deserializer<'de> for Record<'de> {
    type Error = CellError;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, CellError> {
        visitor.visit_map(Fields {
            record: self,
            index: 0,
        })
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, CellError> {
        let cell = |index| {
            let (name, cell) = self.cell(index)?;
            Some((cell, name.to_owned()))
        };
        sequence(self.columns.len(), &cell, visitor)
    }

    fn deserialize_tuple<V: Visitor<'de>>(
        self,
        _: usize,
        visitor: V,
    ) -> Result<V::Value, CellError> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: usize,
        visitor: V,
    ) -> Result<V::Value, CellError> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, CellError> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, CellError> {
        self.only_cell()?.deserialize_enum(name, variants, visitor)
    }

    for_the_only_cell! {
        deserialize_bool deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64
        deserialize_i128 deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64
        deserialize_u128 deserialize_f32 deserialize_f64 deserialize_char deserialize_str
        deserialize_string deserialize_bytes deserialize_byte_buf deserialize_option
    }

    forward_to_deserialize_any! {
        map struct unit unit_struct identifier ignored_any
    }
}
