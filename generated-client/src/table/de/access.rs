//! Access to the elements of sequences and maps.

use serde_core::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};

use super::error::CellError;
use super::key::Key;

/// Deserializes a sequence of `length` elements. `element` returns an element and its path segment.
pub(super) fn visit_sequence<'de, D, V>(
    length: usize,
    element: &dyn Fn(usize) -> Option<(D, String)>,
    visitor: V,
) -> Result<V::Value, CellError>
where
    D: Deserializer<'de, Error = CellError>,
    V: Visitor<'de>,
{
    let mut elements = Elements {
        element,
        index: 0,
        length,
    };
    let value = visitor.visit_seq(&mut elements)?;
    // A tuple that is too short must not drop the rest of the cells.
    if elements.index < length {
        return Err(CellError::custom(format_args!(
            "expected {} values, found {length}",
            elements.index
        )));
    }
    Ok(value)
}

struct Elements<'a, D> {
    element: &'a dyn Fn(usize) -> Option<(D, String)>,
    index: usize,
    length: usize,
}

impl<'de, D: Deserializer<'de, Error = CellError>> SeqAccess<'de> for Elements<'_, D> {
    type Error = CellError;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, CellError> {
        let Some((element, segment)) = (self.element)(self.index) else {
            return Ok(None);
        };
        self.index += 1;
        let value = seed.deserialize(element);
        value.map(Some).map_err(|error| error.within(&segment))
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.length - self.index)
    }
}

/// Names and values of a map or struct.
pub(super) struct Entries<'de, D, I> {
    entries: I,
    /// Value of the key that was returned last.
    pending: Option<(&'de str, D)>,
}

impl<D, I> Entries<'_, D, I> {
    pub(super) fn new(entries: I) -> Self {
        Self {
            entries,
            pending: None,
        }
    }
}

impl<'de, D, I> MapAccess<'de> for Entries<'de, D, I>
where
    D: Deserializer<'de, Error = CellError>,
    I: Iterator<Item = (&'de str, D)>,
{
    type Error = CellError;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, CellError> {
        let Some((name, value)) = self.entries.next() else {
            return Ok(None);
        };
        self.pending = Some((name, value));
        seed.deserialize(Key(name)).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, CellError> {
        let Some((name, value)) = self.pending.take() else {
            return Err(CellError::custom("value requested before its key"));
        };
        seed.deserialize(value).map_err(|error| error.within(name))
    }
}
