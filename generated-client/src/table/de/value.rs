//! Deserializers for rows and cells.
//!
//! They are mutually recursive: a row consists of cells, and a struct in a cell is deserialized like
//! a row.

use serde_core::de::{Deserializer, Error as _, Visitor};
use serde_core::forward_to_deserialize_any;
use serde_json::Value;

use super::access::{Entries, visit_sequence};
use super::error::CellError;
use crate::table::column_type::{ColumnType, TableColumn};

/// Named cells: a row, or a struct in a cell.
#[derive(Clone, Copy)]
pub(in crate::table) struct Record<'a> {
    columns: &'a [TableColumn],
    cells: &'a [Value],
}

impl<'a> Record<'a> {
    pub(in crate::table) fn new(columns: &'a [TableColumn], cells: &'a [Value]) -> Self {
        Self { columns, cells }
    }

    /// Returns the name and the cell of a column. Missing cells are null.
    fn cell(self, index: usize) -> Option<(&'a str, Cell<'a>)> {
        let column = self.columns.get(index)?;
        let value = self.cells.get(index).unwrap_or(&Value::Null);
        let cell = Cell {
            ty: &column.ty,
            value,
        };
        Some((&column.name, cell))
    }

    fn single_cell(self) -> Result<Cell<'a>, CellError> {
        match self.cell(0) {
            Some((_, cell)) if self.columns.len() == 1 => Ok(cell),
            _ => Err(CellError::custom(format_args!(
                "expected a row with one column, found {}",
                self.columns.len()
            ))),
        }
    }
}

/// Methods for a row of one column, which is deserialized as the value of its cell.
macro_rules! for_single_cell {
    ($($method:ident)*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, CellError> {
            let name = self.columns.first().map_or("", |column| &column.name);
            self.single_cell()?.$method(visitor).map_err(|error| error.within(name))
        }
    )*};
}

impl<'de> Deserializer<'de> for Record<'de> {
    type Error = CellError;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, CellError> {
        visitor.visit_map(Entries::new((0..).map_while(move |index| self.cell(index))))
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, CellError> {
        let cell = |index| {
            let (name, cell) = self.cell(index)?;
            Some((cell, name.to_owned()))
        };
        visit_sequence(self.columns.len(), &cell, visitor)
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
        self.single_cell()?
            .deserialize_enum(name, variants, visitor)
    }

    for_single_cell! {
        deserialize_bool deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64
        deserialize_i128 deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64
        deserialize_u128 deserialize_f32 deserialize_f64 deserialize_char deserialize_str
        deserialize_string deserialize_bytes deserialize_byte_buf deserialize_option
    }

    forward_to_deserialize_any! {
        map struct unit unit_struct identifier ignored_any
    }
}

/// Value with its type.
#[derive(Clone, Copy)]
struct Cell<'a> {
    ty: &'a ColumnType,
    value: &'a Value,
}

impl<'a> Cell<'a> {
    /// Returns the digits of a number that is sent as a string, for example a decimal.
    fn digits(self) -> Option<&'a str> {
        match self.value {
            Value::String(digits) if self.ty.is_numeric() => Some(digits),
            _ => None,
        }
    }

    fn visit_array<V: Visitor<'a>>(
        self,
        elements: &'a [Value],
        visitor: V,
    ) -> Result<V::Value, CellError> {
        let ty = match self.ty {
            ColumnType::Array(ty) => ty,
            _ => &UNTYPED,
        };
        let element = |index: usize| {
            let value = elements.get(index)?;
            Some((Cell { ty, value }, format!("[{index}]")))
        };
        visit_sequence(elements.len(), &element, visitor)
    }

    fn visit_object<V: Visitor<'a>>(
        self,
        object: &'a serde_json::Map<String, Value>,
        visitor: V,
    ) -> Result<V::Value, CellError> {
        let entries = object.iter().map(move |(key, value)| {
            let ty = match self.ty {
                ColumnType::Map(_, ty) => ty,
                // Some servers send structs as objects.
                ColumnType::Struct(fields) => fields
                    .iter()
                    .find(|field| field.name == *key)
                    .map_or(&UNTYPED, |field| &field.ty),
                _ => &UNTYPED,
            };
            (key.as_str(), Cell { ty, value })
        });
        visitor.visit_map(Entries::new(entries))
    }
}

/// Type of values without a known type: the deserializer sees only their JSON.
static UNTYPED: ColumnType = ColumnType::Unknown(String::new());

macro_rules! for_numbers {
    ($($method:ident $number:ident $visit:ident)*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, CellError> {
            match self.digits().map(str::parse::<$number>) {
                Some(Ok(number)) => visitor.$visit(number),
                _ => self.value.$method(visitor).map_err(json_error),
            }
        }
    )*};
}

macro_rules! for_json {
    ($($method:ident)*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, CellError> {
            self.value.$method(visitor).map_err(json_error)
        }
    )*};
}

impl<'de> Deserializer<'de> for Cell<'de> {
    type Error = CellError;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, CellError> {
        match (self.ty, self.value) {
            (ColumnType::Struct(columns), Value::Array(cells)) => {
                Record { columns, cells }.deserialize_any(visitor)
            }
            (_, Value::Array(elements)) => self.visit_array(elements, visitor),
            (_, Value::Object(object)) => self.visit_object(object, visitor),
            (_, value) => value.deserialize_any(visitor).map_err(json_error),
        }
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, CellError> {
        match (self.ty, self.value) {
            (ColumnType::Struct(columns), Value::Array(cells)) => {
                Record { columns, cells }.deserialize_seq(visitor)
            }
            _ => self.deserialize_any(visitor),
        }
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

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, CellError> {
        if self.value.is_null() {
            visitor.visit_none()
        } else {
            visitor.visit_some(self)
        }
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
        let json = self.value.deserialize_enum(name, variants, visitor);
        json.map_err(json_error)
    }

    for_numbers! {
        deserialize_i8 i8 visit_i8
        deserialize_i16 i16 visit_i16
        deserialize_i32 i32 visit_i32
        deserialize_i64 i64 visit_i64
        deserialize_i128 i128 visit_i128
        deserialize_u8 u8 visit_u8
        deserialize_u16 u16 visit_u16
        deserialize_u32 u32 visit_u32
        deserialize_u64 u64 visit_u64
        deserialize_u128 u128 visit_u128
        deserialize_f32 f32 visit_f32
        deserialize_f64 f64 visit_f64
    }

    for_json! {
        deserialize_bool deserialize_char deserialize_str deserialize_string deserialize_bytes
        deserialize_byte_buf deserialize_unit deserialize_identifier deserialize_ignored_any
    }

    forward_to_deserialize_any! { map struct unit_struct }
}

fn json_error(error: serde_json::Error) -> CellError {
    CellError::custom(error)
}
