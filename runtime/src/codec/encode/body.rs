//! Bodies in the formats of [`BodyFormat`].

use ureq::http::HeaderValue;

use super::encoder::{Encode, Encoder};
use super::multipart::{Layout, Multipart};
use super::preview::{BodyPreview, Preview};
use super::raw::RawBody;
use super::syntax::Syntax;
use crate::codec::upload::Opened;
use crate::error::{Error, ErrorKind};
use crate::operation::BodyFormat;
use crate::transport::Body;

const JSON: HeaderValue = HeaderValue::from_static("application/json");
const FORM: HeaderValue = HeaderValue::from_static("application/x-www-form-urlencoded");

/// Media type of a multipart body whose parts have no names.
const RELATED: &str = "multipart/related";

/// Space for a typical JSON body or form.
const INITIAL_CAPACITY: usize = 128;

/// A body and its media type.
pub(crate) type EncodedBody = (Body<'static>, Option<HeaderValue>);

/// Encodes a body whose fields are written by `fields`. `content_type` is the media type that the spec
/// selects, if it is not the usual one.
///
/// # Errors
///
/// [`ErrorKind::InvalidInput`] if a value is out of bounds or a file cannot be opened.
pub(crate) fn body(
    format: BodyFormat<'_>,
    content_type: Option<&str>,
    fields: impl FnOnce(&mut Encoder),
) -> Result<EncodedBody, Error> {
    match format {
        BodyFormat::Empty => Ok((Body::Empty, None)),
        BodyFormat::Json => json_object(fields),
        BodyFormat::JsonValue => json_value(fields),
        BodyFormat::Form => form(fields),
        BodyFormat::Raw(media_type) => raw(media_type, fields),
        BodyFormat::Multipart => multipart(layout(content_type), fields),
    }
}

fn layout(content_type: Option<&str>) -> Layout {
    match content_type {
        Some(content_type) if content_type.eq_ignore_ascii_case(RELATED) => Layout::Related,
        _ => Layout::FormData,
    }
}

fn json_object(fields: impl FnOnce(&mut Encoder)) -> Result<EncodedBody, Error> {
    let mut encoder = Encoder::append_to(Vec::with_capacity(INITIAL_CAPACITY), Syntax::Json);
    encoder.begin_object();
    fields(&mut encoder);
    encoder.end_object();
    Ok((Body::Bytes(encoder.finish()?), Some(JSON)))
}

fn json_value(fields: impl FnOnce(&mut Encoder)) -> Result<EncodedBody, Error> {
    let mut encoder = Encoder::new(Syntax::JsonValue);
    fields(&mut encoder);
    // The syntax changes with the first field, unless this is absent.
    Ok(match encoder.finish_syntax()? {
        (Syntax::JsonValue, _) => (Body::Empty, None),
        (_, text) => (Body::Bytes(text), Some(JSON)),
    })
}

fn form(fields: impl FnOnce(&mut Encoder)) -> Result<EncodedBody, Error> {
    let text = Vec::with_capacity(INITIAL_CAPACITY);
    let mut encoder = Encoder::append_to(text, Syntax::Form(None));
    fields(&mut encoder);
    Ok((Body::Bytes(encoder.finish()?), Some(FORM)))
}

fn raw(media_type: &str, fields: impl FnOnce(&mut Encoder)) -> Result<EncodedBody, Error> {
    let mut encoder = Encoder::new(Syntax::RawBody(RawBody::default()));
    fields(&mut encoder);
    let (Syntax::RawBody(body), _) = encoder.finish_syntax()? else {
        return Ok((Body::Empty, None));
    };
    Ok(match body.finish().map_err(cannot_send)? {
        Some(Opened { length, reader }) => {
            let content_type = HeaderValue::try_from(media_type).map_err(|error| {
                Error::before_sending(ErrorKind::InvalidInput, error.to_string())
            })?;
            (Body::Stream { length, reader }, Some(content_type))
        }
        None => (Body::Empty, None),
    })
}

fn multipart(layout: Layout, fields: impl FnOnce(&mut Encoder)) -> Result<EncodedBody, Error> {
    let mut encoder = Encoder::new(Syntax::Multipart(Multipart::new(layout)));
    fields(&mut encoder);
    Ok(match encoder.finish_syntax()? {
        (Syntax::Multipart(multipart), text) => {
            let content_type = HeaderValue::try_from(multipart.content_type());
            let content_type = content_type.map_err(|error| {
                Error::before_sending(ErrorKind::InvalidInput, error.to_string())
            })?;
            let body = multipart.finish(text).map_err(cannot_send)?;
            (body, Some(content_type))
        }
        (_, text) => (Body::Bytes(text), None),
    })
}

#[expect(clippy::needless_pass_by_value, reason = "a function for `map_err`")]
fn cannot_send(error: String) -> Error {
    Error::before_sending(ErrorKind::InvalidInput, format!("cannot send {error}"))
}

/// Lists the parts of a multipart body, or the file of a raw body, for display. Other bodies have no
/// parts.
pub(super) fn preview(
    format: BodyFormat<'_>,
    fields: impl FnOnce(&mut Encoder),
) -> Result<Vec<BodyPreview>, Error> {
    if !matches!(format, BodyFormat::Multipart | BodyFormat::Raw(_)) {
        return Ok(Vec::new());
    }
    let mut encoder = Encoder::new(Syntax::Preview(Preview::default()));
    fields(&mut encoder);
    let (Syntax::Preview(preview), _) = encoder.finish_syntax()? else {
        return Ok(Vec::new());
    };
    Ok(match format {
        BodyFormat::Multipart => preview.into_parts(),
        _ => preview.into_body(),
    })
}

/// Encodes a value as JSON for serde, with the fields of both directions.
///
/// # Errors
///
/// [`ErrorKind::InvalidInput`] if the value cannot be encoded.
pub(crate) fn to_json(value: &dyn Encode) -> Result<Vec<u8>, Error> {
    let mut encoder = Encoder::append_to(Vec::with_capacity(INITIAL_CAPACITY), Syntax::Json);
    encoder.write_all_fields();
    value.encode(&mut encoder);
    encoder.finish()
}
