//! Items that generated code refers to. Not public API: they change with the generator.

mod macros;

use std::io::Write;

use crate::answer::Answer;
use crate::client::Client;
use crate::error::Error;
use crate::wait::{self, OnPoll, Progress, Wait};

pub use crate::answer::decode_headers;
pub use crate::codec::decode::{Decode, DecodeInto, Defaulted, decode_fields};
pub use crate::codec::encode::{Bounded, Encode, Encoder, Joined, Request};
pub use crate::codec::json::{ReadError, Reader};
pub use crate::codec::serde::{deserialize, serialize};
pub use crate::operation::{
    BodyFormat, Bounds, Condition, Endpoint, ErrorShape, FieldLocation, Literal, Operation,
    ResponseBody, Retry, Size,
};
pub use crate::pages::{turn_link, turn_number, turn_token};
pub use serde_core as serde;
pub use serde_json::Value;
pub use ureq::http::Method;

pub use crate::{
    __decode as decode, __decode_union as decode_union, __deserialize as deserialize,
    __encode as encode, __id as id, __open_enum as open_enum, __serialize as serialize,
};

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
    client.send(operation, request).map(Answer::into_body)
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

/// Returns the variant of a value: of an exact match, or else of a match without regard to ASCII
/// case, or else the variant for unknown values.
pub fn parse_enum<T: Clone>(values: &[(&str, T)], value: &str, unknown: fn(String) -> T) -> T {
    let exact = values.iter().find(|(known, _)| *known == value);
    let mut similar = values.iter();
    let found = exact.or_else(|| similar.find(|(known, _)| known.eq_ignore_ascii_case(value)));
    found.map_or_else(|| unknown(value.to_owned()), |(_, variant)| variant.clone())
}

/// Decodes a string as an open enum.
pub fn decode_enum<T: for<'v> From<&'v str>>(
    target: &mut T,
    reader: &mut Reader<'_>,
) -> Result<(), ReadError> {
    *target = T::from(&reader.text()?);
    Ok(())
}

/// Decodes a string or a number as an id.
pub fn decode_id(target: &mut String, reader: &mut Reader<'_>) -> Result<(), ReadError> {
    *target = reader.id()?;
    Ok(())
}

/// Decodes the object that follows as a certain variant of `U`.
pub type DecodeVariant<U> = fn(&mut Reader<'_>) -> Result<U, ReadError>;

/// Decodes the object that follows as the body of a variant.
pub fn decode_variant<T: Decode, U>(
    reader: &mut Reader<'_>,
    variant: fn(T) -> U,
) -> Result<U, ReadError> {
    Decode::decode(reader).map(variant)
}

/// Decodes an object as the variant whose tags include its own, or else as an unknown one.
pub fn decode_union<U>(
    target: &mut U,
    reader: &mut Reader<'_>,
    key: &str,
    tags: &[&[&str]],
    variants: &[DecodeVariant<U>],
    unknown: fn(Value) -> U,
) -> Result<(), ReadError> {
    let tag = reader.peek_tag(key)?;
    let variant = tag.and_then(|tag| find_tag(tags, &tag));
    *target = match variant.and_then(|index| variants.get(index)) {
        Some(decode) => decode(reader)?,
        None => unknown(reader.json()?),
    };
    Ok(())
}

/// Returns the index of a tag among those of the variants, as [`parse_enum`] compares values.
fn find_tag(tags: &[&[&str]], tag: &str) -> Option<usize> {
    let find = |matches: fn(&str, &str) -> bool| {
        let mut rows = tags.iter();
        rows.position(|row| row.iter().any(|known| matches(known, tag)))
    };
    find(|known, tag| known == tag).or_else(|| find(str::eq_ignore_ascii_case))
}

/// Looks which of the known keys the object that comes next has, and what the first of them in the
/// description stands for. A key with null counts where null is a value of its own.
pub fn find_variant_by_key(
    reader: &Reader<'_>,
    keys: &[(&str, usize, bool)],
) -> Result<Option<usize>, ReadError> {
    reader.peek_variant(keys)
}
