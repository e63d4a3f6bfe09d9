//! What generated code may name. Not for people: it changes with the generator.

use std::io::Write;

use crate::client::Client;
use crate::client::response::Response;
use crate::client::wait::{self, OnPoll, Progress, Wait};
use crate::error::Error;

pub use crate::client::pages::{next_by_link, next_by_position, next_by_token};
pub use crate::client::response::decode_headers;
pub use crate::codec::decode::{Decode, DecodeInto, Defaulted, decode_fields};
pub use crate::codec::encode::{Bounded, Encode, Encoder, Joined, Request};
pub use crate::codec::json::{ReadError, Reader};
pub use crate::codec::serde::{deserialize, serialize};
pub use crate::operation::{
    BodyFormat, Bounds, Condition, Endpoint, ErrorShape, FieldLocation, Literal, Operation,
    ResponseBody, Retry, Size,
};
pub use serde_core as serde;
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
pub fn call_discard(
    client: &Client,
    operation: &'static Operation,
    request: &dyn Request,
) -> Result<(), Error> {
    client.send(operation, request).map(drop)
}

/// Calls an endpoint whose answer is text.
pub fn call_text(
    client: &Client,
    operation: &'static Operation,
    request: &dyn Request,
) -> Result<String, Error> {
    client.send(operation, request)?.text()
}

/// Calls an endpoint whose answer is bytes.
pub fn call_bytes(
    client: &Client,
    operation: &'static Operation,
    request: &dyn Request,
) -> Result<Vec<u8>, Error> {
    client.send(operation, request).map(Response::into_body)
}

/// Calls an endpoint whose answer is written somewhere, and tells how many bytes it had.
pub fn call_into(
    client: &Client,
    operation: &'static Operation,
    request: &dyn Request,
    writer: &mut dyn Write,
) -> Result<u64, Error> {
    let (_, written) = client.send_into(operation, request, writer)?;
    Ok(written)
}

/// Calls `poll` with the same request until a response is [`Progress::Done`].
pub fn wait<Q, T>(
    client: &Client,
    wait: Wait<impl OnPoll<T>>,
    operation: &'static str,
    poll: fn(&Client, &Q) -> Result<T, Error>,
    request: &Q,
    progress: fn(&T) -> Progress<'_>,
) -> Result<T, Error> {
    wait::wait(
        client,
        wait,
        operation,
        &mut || poll(client, request),
        progress,
    )
}

/// Gives a field that may be left out its value.
pub fn set_some<T>(field: &mut Option<T>, value: impl Into<T>) {
    *field = Some(value.into());
}

/// Gives a field with a default another value.
pub fn set<T>(field: &mut T, value: impl Into<T>) {
    *field = value.into();
}

/// Finds a word among the known ones: to the letter, or else but for the case of ASCII letters.
pub fn find_enum_value(words: &[(&str, usize)], word: &str) -> Option<usize> {
    let same = words.iter().find(|(known, _)| *known == word);
    same.or_else(|| {
        words
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(word))
    })
    .map(|(_, index)| *index)
}

/// Looks for the tag of the object that comes next, and finds its word among the known ones.
pub fn find_variant_by_tag(
    reader: &Reader<'_>,
    key: &str,
    words: &[(&str, usize)],
) -> Result<Option<usize>, ReadError> {
    Ok(reader
        .peek_tag(key)?
        .and_then(|word| find_enum_value(words, &word)))
}

/// Looks which of the known keys the object that comes next has, and what the first of them in the
/// description stands for. A key with null counts where null is a value of its own.
pub fn find_variant_by_key(
    reader: &Reader<'_>,
    keys: &[(&str, usize, bool)],
) -> Result<Option<usize>, ReadError> {
    reader.peek_variant(keys)
}
