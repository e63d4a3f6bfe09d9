//! What generated code may name. Not for people: it changes with the generator.

use crate::client::Client;
use crate::error::Error;

pub use crate::decode::{Decode, Fill, fill_fields};
pub use crate::encode::{Encode, Encoder, Format, Request};
pub use crate::json::{ReadError, Reader};
pub use crate::operation::{Endpoint, ErrorShape, Field, FieldKind, Operation, Retry};
pub use crate::wait::{Progress, Wait, wait};
pub use serde_json::Value;
pub use ureq::http::Method;

/// Calls an endpoint and reads its answer.
pub fn call<T: Decode>(
    client: &Client,
    operation: &'static Operation,
    request: &dyn Request,
) -> Result<T, Error> {
    client.send(operation, request)?.decode()
}

/// Calls an endpoint whose answer says nothing.
pub fn call_unread(
    client: &Client,
    operation: &'static Operation,
    request: &dyn Request,
) -> Result<(), Error> {
    client.send(operation, request).map(drop)
}

/// Finds a word among the known ones: to the letter, or else but for the case of ASCII letters.
pub fn find_word(words: &[(&str, usize)], word: &str) -> Option<usize> {
    let same = words.iter().find(|(known, _)| *known == word);
    same.or_else(|| {
        words
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(word))
    })
    .map(|(_, index)| *index)
}

/// Looks for the tag of the object that comes next, and finds its word among the known ones.
pub fn find_tag(
    reader: &Reader<'_>,
    key: &str,
    words: &[(&str, usize)],
) -> Result<Option<usize>, ReadError> {
    Ok(reader.tag(key)?.and_then(|word| find_word(words, &word)))
}
