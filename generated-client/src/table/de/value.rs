//! One value, read as what its type says.

use serde_core::de::{Deserializer, Error as _, Visitor};
use serde_core::forward_to_deserialize_any;
use serde_json::Value;

use super::CellError;
use super::access::{Entries, sequence};
use super::record::Record;
use crate::table::ColumnType;

/// A value and its type.
#[derive(Clone, Copy)]
pub(super) struct Cell<'a> {
    pub(super) ty: &'a ColumnType,
    pub(super) value: &'a Value,
}

impl<'a> Cell<'a> {
    /// The digits, where a number is written as a string.
    fn digits(self) -> Option<&'a str> {
        match self.value {
            Value::String(digits) if self.ty.is_numeric() => Some(digits),
            _ => None,
        }
    }

    /// The element of a list, and its type where it has one.
    fn items<V: Visitor<'a>>(self, items: &'a [Value], visitor: V) -> Result<V::Value, CellError> {
        let ty = match self.ty {
            ColumnType::Array(ty) => ty,
            _ => &PLAIN,
        };
        let item = |index: usize| {
            let value = items.get(index)?;
            Some((Cell { ty, value }, format!("[{index}]")))
        };
        sequence(items.len(), &item, visitor)
    }
}

/// The type of what has none: it is read as the JSON it is.
pub(super) static PLAIN: ColumnType = ColumnType::Unknown(String::new());

macro_rules! for_numbers {
    ($($method:ident $number:ident $visit:ident)*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, CellError> {
            match self.digits().map(str::parse::<$number>) {
                Some(Ok(number)) => visitor.$visit(number),
                _ => self.value.$method(visitor).map_err(of_json),
            }
        }
    )*};
}

macro_rules! for_json {
    ($($method:ident)*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, CellError> {
            self.value.$method(visitor).map_err(of_json)
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
            (_, Value::Array(items)) => self.items(items, visitor),
            (ty, Value::Object(entries)) => visitor.visit_map(Entries {
                ty,
                iter: entries.iter(),
                next: None,
            }),
            (_, value) => value.deserialize_any(visitor).map_err(of_json),
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
        json.map_err(of_json)
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

fn of_json(error: serde_json::Error) -> CellError {
    CellError::custom(error)
}
