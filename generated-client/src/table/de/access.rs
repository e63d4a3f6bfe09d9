//! Positions in lists and objects, with the types of their elements.

use std::borrow::Cow;

use api_runtime::codec::Reader;

use super::error::CellError;
use crate::table::cells::Cells;
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

    pub(super) fn ty(self, index: usize) -> &'a ColumnType {
        match self {
            Self::Columns(columns) => columns.ty(index),
            Self::All(ty) => ty,
        }
    }

    /// Returns the segment of an element in a path.
    pub(super) fn segment(self, index: usize) -> Cow<'a, str> {
        match self {
            Self::Columns(columns) => columns.name(index),
            Self::All(_) => format!("[{index}]").into(),
        }
    }
}

/// Elements of a list, by position.
pub(super) struct Elements<'r, 'a> {
    pub(super) types: ElementTypes<'a>,
    pub(super) cells: Cells<'r, 'a>,
}

impl<'r, 'a> Elements<'r, 'a> {
    pub(super) fn begin(
        types: ElementTypes<'a>,
        reader: &'r mut Reader<'a>,
    ) -> Result<Self, CellError> {
        let cells = Cells::begin(reader, types.min_count())?;
        Ok(Self { types, cells })
    }
}

/// Cells of a row or struct, by name.
pub(super) struct Fields<'r, 'a> {
    pub(super) columns: Columns<'a>,
    pub(super) cells: Cells<'r, 'a>,
}

impl<'r, 'a> Fields<'r, 'a> {
    pub(super) fn begin(
        columns: Columns<'a>,
        reader: &'r mut Reader<'a>,
    ) -> Result<Self, CellError> {
        let cells = Cells::begin(reader, columns.count)?;
        Ok(Self { columns, cells })
    }
}

/// Members of an object.
pub(super) struct Members<'r, 'a> {
    ty: &'a ColumnType,
    pub(super) reader: &'r mut Reader<'a>,
    /// Key of the value that is next.
    pub(super) key: Option<Cow<'a, str>>,
    pub(super) is_open: bool,
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

    pub(super) fn value_type(&self, key: &str) -> &'a ColumnType {
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
