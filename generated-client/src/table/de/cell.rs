//! Deserializer for cells.
//!
//! Lists and objects in a cell consist of cells. They are read once, directly into the type of the
//! caller.

use std::borrow::Cow;

use api_runtime::codec::Reader;
use serde_core::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_core::forward_to_deserialize_any;

use super::access::{ElementTypes, Elements, Fields, Members};
use super::error::CellError;
use super::forward::{forward_newtype, forward_tuples};
use super::key::Key;
use crate::table::cells::NextCell;
use crate::table::column_type::ColumnType;
use crate::table::columns::{Columns, UNTYPED};

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
                Fields::begin(Columns::of_fields(fields), self.reader)?.visit(visitor)
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
                let types = ElementTypes::Columns(Columns::of_fields(fields));
                Elements::begin(types, self.reader)?.visit(visitor)
            }
            _ => self.deserialize_any(visitor),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, CellError> {
        if self.reader.try_null()? {
            visitor.visit_none()
        } else {
            visitor.visit_some(self)
        }
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

    forward_newtype!();
    forward_tuples!();

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

impl<'a> Elements<'_, 'a> {
    pub(super) fn visit<V: Visitor<'a>>(mut self, visitor: V) -> Result<V::Value, CellError> {
        let value = visitor.visit_seq(&mut self)?;
        let expected = self.cells.count;
        let found = self.cells.skip_rest()?;
        // A tuple that is too short must not drop the rest of the cells.
        if expected < found {
            return Err(CellError::custom(format_args!(
                "expected {expected} values, found {found}"
            )));
        }
        Ok(value)
    }
}

impl<'de> SeqAccess<'de> for Elements<'_, 'de> {
    type Error = CellError;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, CellError> {
        let index = self.cells.count;
        let Some(next) = self.cells.advance()? else {
            return Ok(None);
        };
        let ty = self.types.ty(index);
        read_cell(self.cells.reader, &next, ty, |cell| seed.deserialize(cell))
            .map(Some)
            .map_err(|error| error.within(&self.types.segment(index)))
    }

    fn size_hint(&self) -> Option<usize> {
        match self.types {
            ElementTypes::Columns(columns) => Some(columns.count.saturating_sub(self.cells.count)),
            ElementTypes::All(_) => None,
        }
    }
}

impl<'a> Fields<'_, 'a> {
    pub(super) fn visit<V: Visitor<'a>>(mut self, visitor: V) -> Result<V::Value, CellError> {
        let value = visitor.visit_map(&mut self)?;
        self.cells.skip_rest()?;
        Ok(value)
    }
}

impl<'de> MapAccess<'de> for Fields<'_, 'de> {
    type Error = CellError;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, CellError> {
        let index = self.cells.count;
        if index == self.columns.count {
            return Ok(None);
        }
        seed.deserialize(Key(&self.columns.name(index))).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, CellError> {
        let index = self.cells.count;
        let next = self.cells.advance()?.unwrap_or(NextCell::Missing);
        let ty = self.columns.ty(index);
        read_cell(self.cells.reader, &next, ty, |cell| seed.deserialize(cell))
            .map_err(|error| error.within(&self.columns.name(index)))
    }
}

impl<'a> Members<'_, 'a> {
    pub(super) fn visit<V: Visitor<'a>>(mut self, visitor: V) -> Result<V::Value, CellError> {
        let value = visitor.visit_map(&mut self)?;
        while self.is_open {
            if self.key.take().is_some() {
                self.reader.skip()?;
            }
            self.key = self.reader.next_entry()?;
            self.is_open = self.key.is_some();
        }
        Ok(value)
    }
}

impl<'de> MapAccess<'de> for Members<'_, 'de> {
    type Error = CellError;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, CellError> {
        if self.is_open {
            self.key = self.reader.next_entry()?;
            self.is_open = self.key.is_some();
        }
        let key = self.key.as_ref();
        key.map(|key| seed.deserialize(Key(key))).transpose()
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, CellError> {
        let Some(key) = self.key.take() else {
            return Err(CellError::custom("value requested before its key"));
        };
        let ty = self.value_type(&key);
        read_cell(self.reader, &NextCell::Present, ty, |cell| {
            seed.deserialize(cell)
        })
        .map_err(|error| error.within(&key))
    }
}
