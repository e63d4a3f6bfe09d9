//! Deserializers for rows and cells.
//!
//! They are mutually recursive: a row consists of cells, and a struct in a cell is deserialized like
//! a row. Both read the JSON of the row once, directly into the type of the caller.

use std::borrow::Cow;

use api_runtime::codec::Reader;
use serde_core::de::{Deserializer, Error as _, Visitor};
use serde_core::forward_to_deserialize_any;

use super::access::{ElementTypes, Elements, Fields, Members};
use super::error::CellError;
use crate::table::cells::{Cells, NextCell};
use crate::table::column_type::ColumnType;
use crate::table::columns::{Columns, UNTYPED};

/// Named cells: a row, or a struct in a cell.
pub(in crate::table) struct Record<'r, 'a> {
    columns: Columns<'a>,
    reader: &'r mut Reader<'a>,
    order: Option<&'r mut FieldOrder>,
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
    /// Creates a deserializer for the list that is next, a struct in a cell.
    fn new(columns: Columns<'a>, reader: &'r mut Reader<'a>) -> Self {
        Self {
            columns,
            reader,
            order: None,
        }
    }

    /// Creates a deserializer for the row that is next. `order` is that of the previous row, and is set
    /// for the next one.
    pub(in crate::table) fn of_row(
        columns: Columns<'a>,
        reader: &'r mut Reader<'a>,
        order: &'r mut FieldOrder,
    ) -> Self {
        Self {
            columns,
            reader,
            order: Some(order),
        }
    }

    /// Returns whether the fields of a struct have the names and the order of the columns.
    fn is_ordered(&mut self, fields: &[&str]) -> bool {
        let Some(order) = &mut self.order else {
            return false;
        };
        if **order == FieldOrder::Unknown {
            let columns = self
                .columns
                .schema
                .iter()
                .map(|column| column.name.as_str());
            let is_equal = self.columns.count == fields.len() && columns.eq(fields.iter().copied());
            **order = if is_equal {
                FieldOrder::OfColumns
            } else {
                FieldOrder::Other
            };
        }
        **order == FieldOrder::OfColumns
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

/// Calls `deserialize` with the cell that is next. The reader is behind the cell afterwards, even if
/// the type of the caller reads a part of the cell only.
#[inline]
pub(super) fn read_cell<'a, T>(
    reader: &mut Reader<'a>,
    next: &NextCell,
    ty: &'a ColumnType,
    deserialize: impl FnOnce(Cell<'_, 'a>) -> Result<T, CellError>,
) -> Result<T, CellError> {
    let mut null;
    let reader = match next {
        NextCell::Present => reader,
        NextCell::Missing => {
            null = Reader::of_text("null");
            &mut null
        }
    };
    let start = reader.position();
    let result = deserialize(Cell { ty, reader });
    if result.is_ok() {
        reader.leave_value(start)?;
    }
    result
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
        let mut fields = Fields::begin(self.columns, self.reader)?;
        let result = visitor.visit_map(&mut fields);
        if result.is_ok() {
            fields.end()?;
        }
        result
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
        self.single_cell(|cell| cell.deserialize_enum(name, variants, visitor))
    }

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

/// Value with its type.
pub(super) struct Cell<'r, 'a> {
    ty: &'a ColumnType,
    reader: &'r mut Reader<'a>,
}

impl<'a> Cell<'_, 'a> {
    /// Reads a number that is sent as a string, for example a decimal.
    fn digits(&mut self) -> Result<Option<Cow<'a, str>>, CellError> {
        if self.reader.peek() == Some(b'"') && self.ty.is_numeric() {
            return Ok(Some(self.reader.text()?));
        }
        Ok(None)
    }

    fn visit_integer<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, CellError> {
        match self.reader.short_integer() {
            Some(integer) => match u64::try_from(integer) {
                Ok(unsigned) => visitor.visit_u64(unsigned),
                Err(_) => visitor.visit_i64(integer),
            },
            None => self.deserialize_any(visitor),
        }
    }

    fn visit_float<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, CellError> {
        match self.reader.peek() {
            Some(b'-' | b'0'..=b'9') => visitor.visit_f64(self.reader.float()?),
            _ => self.deserialize_any(visitor),
        }
    }

    fn visit_list<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, CellError> {
        let ty = match self.ty {
            ColumnType::Array(ty) => ty,
            _ => &UNTYPED,
        };
        Elements::begin(ElementTypes::All(ty), self.reader)?.visit(visitor)
    }
}

fn visit_text<'a, V: Visitor<'a>>(text: Cow<'a, str>, visitor: V) -> Result<V::Value, CellError> {
    match text {
        Cow::Borrowed(text) => visitor.visit_borrowed_str(text),
        Cow::Owned(text) => visitor.visit_string(text),
    }
}

macro_rules! for_numbers {
    ($($method:ident $number:ident $visit:ident $visit_number:ident)*) => {$(
        fn $method<V: Visitor<'de>>(mut self, visitor: V) -> Result<V::Value, CellError> {
            match self.digits()? {
                Some(digits) => match digits.parse::<$number>() {
                    Ok(number) => visitor.$visit(number),
                    Err(_) => visit_text(digits, visitor),
                },
                None => self.$visit_number(visitor),
            }
        }
    )*};
}

impl<'de> Deserializer<'de> for Cell<'_, 'de> {
    type Error = CellError;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, CellError> {
        match (self.reader.peek(), self.ty) {
            (Some(b'['), ColumnType::Struct(fields)) => {
                Record::new(Columns::of_fields(fields), self.reader).deserialize_any(visitor)
            }
            (Some(b'['), _) => self.visit_list(visitor),
            (Some(b'{'), _) => Members::begin(self.ty, self.reader)?.visit(visitor),
            (Some(b'"'), _) => visit_text(self.reader.text()?, visitor),
            (Some(b't' | b'f'), _) => visitor.visit_bool(self.reader.boolean()?),
            (Some(b'n'), _) => {
                self.reader.try_null()?;
                visitor.visit_unit()
            }
            _ => {
                let number = self.reader.json_number()?;
                number.deserialize_any(visitor).map_err(CellError::custom)
            }
        }
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, CellError> {
        match (self.reader.peek(), self.ty) {
            (Some(b'['), ColumnType::Struct(fields)) => {
                Record::new(Columns::of_fields(fields), self.reader).deserialize_seq(visitor)
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
        if self.reader.try_null()? {
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
        let json = self.reader.json()?;
        let value = json.deserialize_enum(name, variants, visitor);
        value.map_err(CellError::custom)
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, CellError> {
        self.reader.skip()?;
        visitor.visit_unit()
    }

    for_numbers! {
        deserialize_i8 i8 visit_i8 visit_integer
        deserialize_i16 i16 visit_i16 visit_integer
        deserialize_i32 i32 visit_i32 visit_integer
        deserialize_i64 i64 visit_i64 visit_integer
        deserialize_i128 i128 visit_i128 visit_integer
        deserialize_u8 u8 visit_u8 visit_integer
        deserialize_u16 u16 visit_u16 visit_integer
        deserialize_u32 u32 visit_u32 visit_integer
        deserialize_u64 u64 visit_u64 visit_integer
        deserialize_u128 u128 visit_u128 visit_integer
        deserialize_f32 f32 visit_f32 visit_float
        deserialize_f64 f64 visit_f64 visit_float
    }

    forward_to_deserialize_any! {
        bool char str string bytes byte_buf unit unit_struct map struct identifier
    }
}
