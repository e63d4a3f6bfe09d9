//! Headers of responses that a spec declares.

use serde_json::Value;
use ureq::http::{HeaderMap, HeaderValue};

use super::events::Events;
use super::response::Response;
use crate::codec::decode::DecodeInto;
use crate::codec::json::Reader;
use crate::error::{Error, ErrorKind};

/// Decodes headers into `fields`, one for each name. The flag of a name is whether its field is a
/// string; other fields are numbers or booleans.
///
/// # Errors
///
/// Returns [`ErrorKind::InvalidResponse`] if a header is missing or invalid.
pub fn decode_headers(
    response: &Response<'_>,
    names: &[(&str, bool)],
    fields: &mut [&mut dyn DecodeInto],
) -> Result<(), Error> {
    decode(response.headers(), names, fields).map_err(|message| response.error(message))
}

/// Like [`decode_headers`], for a response of items.
///
/// # Errors
///
/// Those of [`decode_headers`].
pub fn decode_event_headers<T>(
    events: &Events<'_, T>,
    names: &[(&str, bool)],
    fields: &mut [&mut dyn DecodeInto],
) -> Result<(), Error> {
    decode(events.headers(), names, fields)
        .map_err(|message| events.error(ErrorKind::InvalidResponse, message))
}

/// # Errors
///
/// Returns the message of the error.
fn decode(
    headers: &HeaderMap,
    names: &[(&str, bool)],
    fields: &mut [&mut dyn DecodeInto],
) -> Result<(), String> {
    for ((name, is_text), field) in names.iter().zip(fields) {
        let Some(text) = joined(headers, name) else {
            if field.is_optional() {
                continue;
            }
            return Err(format!("the response has no header `{name}`"));
        };
        let json = if *is_text {
            Value::from(text).to_string()
        } else {
            text
        };
        let mut reader = Reader::new(json.as_bytes());
        let decoded = field
            .decode_into(&mut reader)
            .and_then(|()| reader.finish());
        decoded.map_err(|error| {
            let problem = error.describe(json.as_bytes());
            format!("the header `{name}` does not match the spec: {problem}")
        })?;
    }
    Ok(())
}

/// Returns all values of a header, joined by commas.
fn joined(headers: &HeaderMap, name: &str) -> Option<String> {
    let mut values = headers.get_all(name).iter();
    let text = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    let first = text(values.next()?);
    Some(values.fold(first, |all, value| all + ", " + &text(value)))
}
