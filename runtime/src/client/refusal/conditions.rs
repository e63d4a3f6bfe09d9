//! Conditions under which a body with a successful status code is an error.

use crate::codec::json::{ReadError, Reader};
use crate::operation::{Condition, Test};

/// A condition and the part of its key below the value that is read.
type Pending<'c> = (&'c str, &'c Condition<'c>);

/// Returns whether the body of a successful response reports an error. Only objects do.
pub(in crate::client) fn has_error_body(body: &[u8], conditions: &[Condition<'_>]) -> bool {
    let pending: Vec<Pending<'_>> = conditions.iter().map(|it| (it.key, it)).collect();
    let mut reader = Reader::new(body);
    // Invalid JSON is reported when the response is decoded.
    !pending.is_empty()
        && reader.peek() == Some(b'{')
        && find_error(&mut reader, &pending).unwrap_or(false)
}

/// Reads a value up to the first error. Of a list, the first item is read. The value is read without
/// building a tree, as it may be large.
fn find_error(reader: &mut Reader<'_>, pending: &[Pending<'_>]) -> Result<bool, ReadError> {
    match reader.peek() {
        Some(b'[') => {
            reader.begin_list()?;
            if reader.next_item()? && find_error(reader, pending)? {
                return Ok(true);
            }
            while reader.next_item()? {
                reader.skip()?;
            }
            Ok(false)
        }
        Some(b'{') => find_in_object(reader, pending),
        _ => reader.skip().map(|()| false),
    }
}

fn find_in_object(reader: &mut Reader<'_>, pending: &[Pending<'_>]) -> Result<bool, ReadError> {
    reader.begin_object()?;
    while let Some(key) = reader.next_entry()? {
        let of_key = pending.iter().filter(|(path, _)| *path == key);
        let tests: Vec<&Test<'_>> = of_key.map(|(_, condition)| &condition.test).collect();
        let inner: Vec<Pending<'_>> = pending
            .iter()
            .filter_map(|(path, condition)| {
                let (first, rest) = path.split_once('.')?;
                (first == key).then_some((rest, *condition))
            })
            .collect();
        let is_error = if !tests.is_empty() {
            is_error_value(reader, &tests)?
        } else if inner.is_empty() {
            reader.skip().map(|()| false)?
        } else {
            find_error(reader, &inner)?
        };
        if is_error {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Reads a value that conditions concern.
fn is_error_value(reader: &mut Reader<'_>, tests: &[&Test<'_>]) -> Result<bool, ReadError> {
    let value = reader.json()?;
    Ok(tests.iter().any(|test| match test {
        Test::Equal(expected) => *expected == value,
        Test::Different(expected) => *expected != value,
        Test::Present => is_present(&value),
    }))
}

fn is_present(value: &serde_json::Value) -> bool {
    use serde_json::Value::{Array, Bool, Null, Number, Object, String};
    match value {
        Null => false,
        Bool(value) => *value,
        Number(number) => number.as_f64() != Some(0.0),
        String(text) => !text.is_empty(),
        Array(items) => !items.is_empty(),
        Object(members) => !members.is_empty(),
    }
}
