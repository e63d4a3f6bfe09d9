//! Bodies in the formats of [`BodyFormat`].

use ureq::http::HeaderValue;

use super::encoder::{Encode, Encoded, Encoder, Syntax};
use super::multipart::Multipart;
use super::preview::{BodyPreview, Preview};
use super::single::RawBody;
use crate::codec::upload::Opened;
use crate::error::{Error, ErrorKind};
use crate::operation::BodyFormat;
use crate::transport::Body;

const JSON: HeaderValue = HeaderValue::from_static("application/json");
const FORM: HeaderValue = HeaderValue::from_static("application/x-www-form-urlencoded");

/// Space for a typical JSON body.
const INITIAL_CAPACITY: usize = 128;

/// A body and its media type.
pub(crate) type EncodedBody = (Body<'static>, Option<HeaderValue>);

/// Encodes a body whose fields are written by `fields`.
///
/// # Errors
///
/// [`ErrorKind::InvalidInput`] if a value is out of bounds or a file cannot be opened.
pub(crate) fn body(
    format: BodyFormat,
    fields: impl Fn(&mut Encoder),
) -> Result<EncodedBody, Error> {
    let encode = |syntax| {
        let mut encoder = Encoder::new(syntax);
        fields(&mut encoder);
        encoder.finish()
    };
    match format {
        BodyFormat::Empty => Ok((Body::Empty, None)),
        BodyFormat::Json => json_object(&fields),
        BodyFormat::JsonValue => encode(Syntax::JsonValue).map(json_value),
        BodyFormat::Form => {
            let encoded = encode(Syntax::Form)?;
            Ok((Body::Bytes(encoded.text), Some(FORM)))
        }
        BodyFormat::Raw(media_type) => {
            raw(encode(Syntax::RawBody(RawBody::default()))?, media_type)
        }
        BodyFormat::Multipart => {
            let multipart = Multipart::new();
            let content_type =
                HeaderValue::try_from(multipart.content_type()).map_err(|error| {
                    Error::before_sending(ErrorKind::InvalidInput, error.to_string())
                })?;
            let body = finish_multipart(encode(Syntax::Multipart(multipart))?)?;
            Ok((body, Some(content_type)))
        }
    }
}

fn json_object(fields: &impl Fn(&mut Encoder)) -> Result<EncodedBody, Error> {
    let mut encoder = Encoder::append_to(Vec::with_capacity(INITIAL_CAPACITY), Syntax::Json);
    encoder.begin_object();
    fields(&mut encoder);
    encoder.end_object();
    Ok((Body::Bytes(encoder.finish()?.text), Some(JSON)))
}

fn json_value(encoded: Encoded) -> EncodedBody {
    // The syntax changes with the first field, unless this is absent.
    match encoded.syntax {
        Syntax::JsonValue => (Body::Empty, None),
        _ => (Body::Bytes(encoded.text), Some(JSON)),
    }
}

fn raw(encoded: Encoded, media_type: &'static str) -> Result<EncodedBody, Error> {
    let Syntax::RawBody(body) = encoded.syntax else {
        return Ok((Body::Empty, None));
    };
    Ok(match body.finish(media_type).map_err(cannot_send)? {
        Some((Opened { length, reader }, content_type)) => {
            (Body::Stream { length, reader }, Some(content_type))
        }
        None => (Body::Empty, None),
    })
}

fn finish_multipart(encoded: Encoded) -> Result<Body<'static>, Error> {
    match encoded.syntax {
        Syntax::Multipart(multipart) => multipart.finish(encoded.text).map_err(cannot_send),
        _ => Ok(Body::Bytes(encoded.text)),
    }
}

#[expect(clippy::needless_pass_by_value, reason = "a function for `map_err`")]
fn cannot_send(error: String) -> Error {
    Error::before_sending(ErrorKind::InvalidInput, format!("cannot send {error}"))
}

/// Lists the parts of a multipart body, or the file of a raw body, for display. Other bodies have no
/// parts.
pub(super) fn preview(
    format: BodyFormat,
    fields: impl Fn(&mut Encoder),
) -> Result<Vec<BodyPreview>, Error> {
    if !matches!(format, BodyFormat::Multipart | BodyFormat::Raw(_)) {
        return Ok(Vec::new());
    }
    let mut encoder = Encoder::new(Syntax::Preview(Preview::default()));
    fields(&mut encoder);
    Ok(match (encoder.finish()?.syntax, format) {
        (Syntax::Preview(preview), BodyFormat::Multipart) => preview.into_parts(),
        (Syntax::Preview(preview), _) => preview.into_body(),
        _ => Vec::new(),
    })
}

/// Encodes a value as JSON.
///
/// # Errors
///
/// [`ErrorKind::InvalidInput`] if the value cannot be encoded.
pub(crate) fn to_json(value: &dyn Encode) -> Result<Vec<u8>, Error> {
    let mut encoder = Encoder::append_to(Vec::with_capacity(INITIAL_CAPACITY), Syntax::Json);
    value.encode(&mut encoder);
    Ok(encoder.finish()?.text)
}
