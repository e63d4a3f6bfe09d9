//! Items that generated code uses. They change with the generator and are not part of the public
//! interface.

mod macros;

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

pub use crate::{
    __decode as decode, __decode_union as decode_union, __deserialize as deserialize,
    __encode as encode, __id as id, __open_enum as open_enum, __serialize as serialize,
};

/// Sends a request and decodes the JSON response.
pub fn call<T: Decode>(
    client: &Client,
    operation: &'static Operation,
    request: &dyn Request,
) -> Result<T, Error> {
    client.send(operation, request)?.decode()
}

/// Sends a request and discards the body of the response.
pub fn call_discard(
    client: &Client,
    operation: &'static Operation,
    request: &dyn Request,
) -> Result<(), Error> {
    client.send(operation, request).map(drop)
}

/// Sends a request and returns the response as text.
pub fn call_text(
    client: &Client,
    operation: &'static Operation,
    request: &dyn Request,
) -> Result<String, Error> {
    client.send(operation, request)?.text()
}

/// Sends a request and returns the bytes of the response.
pub fn call_bytes(
    client: &Client,
    operation: &'static Operation,
    request: &dyn Request,
) -> Result<Vec<u8>, Error> {
    client.send(operation, request).map(Response::into_body)
}

/// Sends a request, writes the body of the response to `writer`, and returns its length in bytes.
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
    let poll = &mut || poll(client, request);
    wait::wait(client, wait, operation, poll, progress)
}

// A function call compiles in half the time of an assignment in each setter, which has to drop the
// previous value.

/// Sets an optional field.
pub fn set_some<T>(field: &mut Option<T>, value: impl Into<T>) {
    *field = Some(value.into());
}

/// Sets a field with a default.
pub fn set<T>(field: &mut T, value: impl Into<T>) {
    *field = value.into();
}

/// Returns the index of the row with this name. If no name is equal, ASCII case is ignored.
fn find_name(rows: &[&[&str]], name: &str) -> Option<usize> {
    // Not generic over the items, so that the program contains it once and not once per enum.
    let find = |matches: fn(&str, &str) -> bool| {
        let mut rows = rows.iter();
        rows.position(|row| row.iter().any(|known| matches(known, name)))
    };
    find(|known, name| known == name).or_else(|| find(str::eq_ignore_ascii_case))
}

/// Enum of strings with a variant for unknown values.
pub trait OpenEnum: Clone + 'static {
    /// The values of the enum.
    const VALUES: EnumValues<Self>;
}

/// Values of an [`OpenEnum`].
pub struct EnumValues<T: 'static> {
    /// A row of names for each variant but the one for unknown values.
    pub names: &'static [&'static [&'static str]],
    /// The variants in the order of the rows.
    pub variants: &'static [T],
    /// The variant for unknown values.
    pub unknown: fn(String) -> T,
}

/// Returns the variant of a value.
pub fn parse_enum<T: OpenEnum>(value: &str) -> T {
    variant(find_name(T::VALUES.names, value).ok_or_else(|| value.to_owned()))
}

/// Decodes a string as an enum.
pub fn decode_enum<T: OpenEnum>(target: &mut T, reader: &mut Reader<'_>) -> Result<(), ReadError> {
    *target = variant(decode_name(reader, T::VALUES.names)?);
    Ok(())
}

/// Decodes a string as the index of a row of names, or as an unknown name.
fn decode_name(
    reader: &mut Reader<'_>,
    rows: &[&[&str]],
) -> Result<Result<usize, String>, ReadError> {
    let name = reader.text()?;
    Ok(find_name(rows, &name).ok_or_else(|| name.into_owned()))
}

fn variant<T: OpenEnum>(found: Result<usize, String>) -> T {
    match found {
        // The index is one of a name, and each variant has names.
        Ok(index) => T::VALUES.variants[index].clone(),
        Err(value) => (T::VALUES.unknown)(value),
    }
}

/// Decodes a string or a number as an id.
pub fn decode_id(target: &mut String, reader: &mut Reader<'_>) -> Result<(), ReadError> {
    *target = reader.id()?;
    Ok(())
}

/// Function that decodes the object that is next into one variant of `U`.
pub type DecodeVariant<U> = fn(&mut Reader<'_>) -> Result<U, ReadError>;

/// Decodes the object that is next into a variant.
pub fn decode_variant<T: Decode, U>(
    reader: &mut Reader<'_>,
    variant: fn(T) -> U,
) -> Result<U, ReadError> {
    Decode::decode(reader).map(variant)
}

/// Decodes the object that is next as the variant of its tag, given a row of tags for each variant,
/// or else as an unknown one.
pub fn decode_union<U>(
    target: &mut U,
    reader: &mut Reader<'_>,
    key: &str,
    tags: &[&[&str]],
    variants: &[DecodeVariant<U>],
    unknown: fn(Value) -> U,
) -> Result<(), ReadError> {
    let tag = reader.peek_tag(key)?;
    let index = tag.and_then(|tag| find_name(tags, &tag));
    *target = match index.and_then(|index| variants.get(index)) {
        Some(decode) => decode(reader)?,
        None => unknown(reader.json()?),
    };
    Ok(())
}

/// Returns the index of the first union variant of which the object that is next has a key.
///
/// The third element of a key is whether a null member counts.
pub fn find_variant_by_key(
    reader: &Reader<'_>,
    keys: &[(&str, usize, bool)],
) -> Result<Option<usize>, ReadError> {
    reader.peek_variant(keys)
}
