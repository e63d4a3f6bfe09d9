//! The parts of sequences and maps, one after the other.

use serde_core::de::value::StrDeserializer;
use serde_core::de::{
    DeserializeSeed, Error as _, IntoDeserializer, MapAccess, SeqAccess, Visitor,
};
use serde_json::Value;

use super::CellError;
use super::key::Key;
use super::record::Record;
use super::value::{Cell, PLAIN};
use crate::table::ColumnType;

/// Reads a sequence to its end: what has no room for all of it does not fit.
pub(super) fn sequence<'de, V: Visitor<'de>>(
    length: usize,
    item: &dyn Fn(usize) -> Option<(Cell<'de>, String)>,
    visitor: V,
) -> Result<V::Value, CellError> {
    let mut items = Items {
        item,
        index: 0,
        length,
    };
    let value = visitor.visit_seq(&mut items)?;
    if items.index < length {
        return Err(CellError::custom(format_args!(
            "there are {length} values, and room for {}",
            items.index
        )));
    }
    Ok(value)
}

/// Values one after the other, each with its place for errors.
struct Items<'a, 'de> {
    item: &'a dyn Fn(usize) -> Option<(Cell<'de>, String)>,
    index: usize,
    length: usize,
}

impl<'de> SeqAccess<'de> for Items<'_, 'de> {
    type Error = CellError;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, CellError> {
        let Some((cell, place)) = (self.item)(self.index) else {
            return Ok(None);
        };
        self.index += 1;
        let value = seed.deserialize(cell);
        value.map(Some).map_err(|error| error.within(&place))
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.length - self.index)
    }
}

/// The cells of a record under their names.
pub(super) struct Fields<'de> {
    pub(super) record: Record<'de>,
    pub(super) index: usize,
}

impl<'de> MapAccess<'de> for Fields<'de> {
    type Error = CellError;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, CellError> {
        match self.record.cell(self.index) {
            Some((name, _)) => {
                let key: StrDeserializer<'_, CellError> = name.into_deserializer();
                seed.deserialize(key).map(Some)
            }
            None => Ok(None),
        }
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, CellError> {
        let Some((name, cell)) = self.record.cell(self.index) else {
            return Err(CellError::custom("there is no value left"));
        };
        self.index += 1;
        seed.deserialize(cell).map_err(|error| error.within(name))
    }
}

/// The entries of a map, or of a struct that comes with its names.
pub(super) struct Entries<'de> {
    pub(super) ty: &'de ColumnType,
    pub(super) iter: serde_json::map::Iter<'de>,
    pub(super) next: Option<(&'de str, &'de Value)>,
}

impl<'de> MapAccess<'de> for Entries<'de> {
    type Error = CellError;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, CellError> {
        let Some((key, value)) = self.iter.next() else {
            return Ok(None);
        };
        self.next = Some((key, value));
        seed.deserialize(Key(key)).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, CellError> {
        let Some((key, value)) = self.next.take() else {
            return Err(CellError::custom("there is no value left"));
        };
        let ty = match self.ty {
            ColumnType::Map(_, ty) => ty,
            ColumnType::Struct(fields) => fields
                .iter()
                .find(|field| field.name == key)
                .map_or(&PLAIN, |field| &field.ty),
            _ => &PLAIN,
        };
        let value = seed.deserialize(Cell { ty, value });
        value.map_err(|error| error.within(key))
    }
}
