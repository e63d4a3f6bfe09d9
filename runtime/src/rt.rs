//! Items that generated code uses. They change with the generator and are not part of the public
//! interface.

mod enums;
mod macros;
mod unions;

use std::io::Write;

use crate::client::Client;
use crate::client::events::Events;
use crate::client::progress::Progress;
use crate::client::response::Response;
use crate::client::wait::{self, OnPoll, Wait};
use crate::error::{Error, ErrorKind};

pub use crate::client::events::{event_json, event_text};
pub use crate::client::page_cursor::{NextPage, PageCursor};
pub use crate::client::pages::{
    check_more, next_by_last, next_by_link, next_by_position, next_by_token, next_by_url,
};
pub use crate::client::response_headers::{decode_event_headers, decode_headers};
pub use crate::codec::decode::{
    Boxed, Decode, DecodeInto, Defaulted, RequestPlace, ResponsePlace, decode_fields,
};
pub use crate::codec::encode::{
    Bounded, Encode, Encoder, Joined, Request, RequestOnly, ResponseOnly, Shape, Styled,
};
pub use crate::codec::json::{ReadError, Reader};
pub use crate::codec::serde::{deserialize, serialize};
pub use crate::operation::{
    BodyFormat, Bounds, Condition, CredentialLocation, Endpoint, ErrorShape, EventFormat,
    EventStream, FieldLocation, FieldStyle, Literal, Method, Operation, ResponseBody, Retry, Size,
    Test,
};
pub use serde_core as serde;
pub use serde_json::Value;

pub use self::enums::{EnumValues, OpenEnum, find_name, parse_enum};
pub use crate::redact::show;

pub use self::unions::{
    DecodeVariant, JsonKind, decode_union, decode_variant, find_variant_by_key,
    find_variant_by_kind,
};
pub use crate::{
    __decode as decode, __decode_kinds as decode_kinds, __decode_union as decode_union,
    __deserialize as deserialize, __encode as encode, __encode_kinds as encode_kinds, __id as id,
    __new_variant as new_variant, __open_enum as open_enum, __serialize as serialize,
};

/// Sends a request and decodes the JSON response.
pub fn call<T: Decode>(
    client: &Client,
    operation: &Operation<'_>,
    request: &dyn Request,
) -> Result<T, Error> {
    client.send(operation, request)?.decode()
}

/// Sends a request and discards the body of the response.
pub fn call_discard(
    client: &Client,
    operation: &Operation<'_>,
    request: &dyn Request,
) -> Result<(), Error> {
    client.send(operation, request).map(drop)
}

/// Sends a request and returns the response as text.
pub fn call_text(
    client: &Client,
    operation: &Operation<'_>,
    request: &dyn Request,
) -> Result<String, Error> {
    client.send(operation, request)?.text()
}

/// Sends a request and returns the bytes of the response.
pub fn call_bytes(
    client: &Client,
    operation: &Operation<'_>,
    request: &dyn Request,
) -> Result<Vec<u8>, Error> {
    client.send(operation, request).map(Response::into_body)
}

/// Sends a request, writes the body of the response to `writer`, and returns its length in bytes.
pub fn call_into(
    client: &Client,
    operation: &Operation<'_>,
    request: &dyn Request,
    writer: &mut dyn Write,
) -> Result<u64, Error> {
    let (_, written) = client.send_into(operation, request, writer)?;
    Ok(written)
}

/// Sends a request and returns the iterator over the items of the response.
pub fn call_events<T>(
    client: &Client,
    operation: &'static Operation<'static>,
    request: &dyn Request,
    decode: fn(&str) -> Result<T, ReadError>,
) -> Result<Events<'static, T>, Error> {
    Events::open(client, operation, request, decode)
}

/// Like [`call_events`], for a request that is sent again if the stream breaks.
pub fn call_events_with_resume<T>(
    client: &Client,
    operation: &'static Operation<'static>,
    request: Box<dyn Request + Send>,
    decode: fn(&str) -> Result<T, ReadError>,
) -> Result<Events<'static, T>, Error> {
    Events::open_with_resume(client, operation, request, decode)
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
    let poll = &mut |client: &Client| poll(client, request);
    wait::wait(client, wait, operation, poll, progress)
}

/// Returns the value at a path for the request of a poll. Responses have it, but their struct may be one
/// that the caller has created.
pub fn bound<'a, T>(operation: &str, path: &str, value: Option<&'a T>) -> Result<&'a T, Error> {
    value.ok_or_else(|| {
        let message = format!("`{path}` is not set");
        Error::before_sending(ErrorKind::InvalidInput, message).with_operation(operation)
    })
}

/// Returns a status of the type `bool` as text.
pub fn bool_status(status: Option<bool>) -> &'static str {
    match status {
        Some(true) => "true",
        Some(false) => "false",
        None => "",
    }
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

/// Decodes a string or a number as an id.
pub fn decode_id(target: &mut String, reader: &mut Reader<'_>) -> Result<(), ReadError> {
    *target = reader.id()?;
    Ok(())
}
