//! Access to the elements of lists and objects.

use std::borrow::Cow;

use api_runtime::codec::Reader;
use serde_core::de::{DeserializeSeed, Error as _, MapAccess, SeqAccess, Visitor};

use super::cell::read_cell;
use super::error::CellError;
use super::key::Key;
use crate::table::cells::{Cells, NextCell};
use crate::table::column_type::ColumnType;
use crate::table::columns::{Columns, UNTYPED};

/// Types of the elements of a list.
#[derive(Clone, Copy)]
pub(super) enum ElementTypes<'a> {
    /// An element per column. Missing ones are null.
    Columns(Columns<'a>),
    /// Any number of elements of one type.
    All(&'a ColumnType),
}

impl<'a> ElementTypes<'a> {
    fn min_count(self) -> usize {
        match self {
            Self::Columns(columns) => columns.count,
            Self::All(_) => 0,
        }
    }

    fn ty(self, index: usize) -> &'a ColumnType {
        match self {
            Self::Columns(columns) => columns.ty(index),
            Self::All(ty) => ty,
        }
    }

    /// Returns the segment of an element in a path.
    fn segment(self, index: usize) -> Cow<'a, str> {
        match self {
            Self::Columns(columns) => columns.name(index),
            Self::All(_) => format!("[{index}]").into(),
        }
    }
}

/// Elements of a list, by position.
pub(super) struct Elements<'r, 'a> {
    types: ElementTypes<'a>,
    cells: Cells<'r, 'a>,
}

impl<'r, 'a> Elements<'r, 'a> {
    pub(super) fn begin(
        types: ElementTypes<'a>,
        reader: &'r mut Reader<'a>,
    ) -> Result<Self, CellError> {
        let cells = Cells::begin(reader, types.min_count())?;
        Ok(Self { types, cells })
    }

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

/// Cells of a row or struct, by name.
pub(super) struct Fields<'r, 'a> {
    columns: Columns<'a>,
    cells: Cells<'r, 'a>,
}

impl<'r, 'a> Fields<'r, 'a> {
    pub(super) fn begin(
        columns: Columns<'a>,
        reader: &'r mut Reader<'a>,
    ) -> Result<Self, CellError> {
        let cells = Cells::begin(reader, columns.count)?;
        Ok(Self { columns, cells })
    }

    /// Skips the cells that were not read.
    pub(super) fn end(mut self) -> Result<(), CellError> {
        self.cells.skip_rest()?;
        Ok(())
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

/// Members of an object.
pub(super) struct Members<'r, 'a> {
    ty: &'a ColumnType,
    reader: &'r mut Reader<'a>,
    /// Key of the value that is next.
    key: Option<Cow<'a, str>>,
    is_open: bool,
}

impl<'r, 'a> Members<'r, 'a> {
    pub(super) fn begin(ty: &'a ColumnType, reader: &'r mut Reader<'a>) -> Result<Self, CellError> {
        reader.begin_object()?;
        Ok(Self {
            ty,
            reader,
            key: None,
            is_open: true,
        })
    }

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

    fn value_type(&self, key: &str) -> &'a ColumnType {
        match self.ty {
            ColumnType::Map(_, ty) => ty,
            // Some servers send structs as objects.
            ColumnType::Struct(fields) => fields
                .iter()
                .find(|field| field.name == key)
                .map_or(&UNTYPED, |field| &field.ty),
            _ => &UNTYPED,
        }
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
