//! From request structs to bytes: one writer for JSON, query strings, forms and multipart.

mod bounds;
mod fixed_fields;
mod headers;
mod multipart;
mod path;
#[cfg(test)]
mod tests;
mod values;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use ureq::http::{HeaderMap, HeaderValue};

pub use self::bounds::{Bounded, Bounds, Size};
pub(crate) use self::fixed_fields::WithFixedFields;
pub(crate) use self::headers::headers;
use self::multipart::Multipart;
use self::path::Template;
pub(crate) use self::path::{link, path};
use crate::codec::upload::{Opened, Upload};
use crate::error::{Error, ErrorKind};
use crate::operation::BodyFormat;
use crate::transport::Body;

/// All but the unreserved characters of RFC 3986.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// A value that can be sent. Generated types implement it; so can others.
pub trait Encode {
    /// Writes the value.
    fn encode(&self, encoder: &mut Encoder);

    /// Whether a field with this value is left out.
    fn is_absent(&self) -> bool {
        false
    }

    /// The file that the value is, where it is one.
    fn as_upload(&self) -> Option<&Upload> {
        None
    }

    /// How large the value is, where it can be bounded.
    fn size(&self) -> Option<Size> {
        None
    }

    /// What the value would have to be, where it is not.
    fn fault(&self) -> Option<String> {
        None
    }

    /// Hands out the items of a list one by one; `false` if the value is none.
    fn each(&self, _take: &mut dyn FnMut(&dyn Encode)) -> bool {
        false
    }
}

/// What a request says. Generated request structs implement it.
pub trait Request {
    /// Writes the parameters of the path in the order in which they stand there, each with
    /// [`Encoder::field`].
    fn path(&self, _to: &mut Encoder) {}

    /// Writes the parameters of the query string, each with [`Encoder::field`].
    fn query(&self, _to: &mut Encoder) {}

    /// Writes the headers that are parameters, each with [`Encoder::field`].
    fn headers(&self, _to: &mut Encoder) {}

    /// Writes the fields of the body, each with [`Encoder::field`].
    fn body(&self, _to: &mut Encoder) {}
}

const JSON: HeaderValue = HeaderValue::from_static("application/json");

/// A body, and its `content-type`.
pub(crate) type Encoded = (Body<'static>, Option<HeaderValue>);

/// The query string of a request, without the question mark; empty if there are no parameters.
///
/// # Errors
///
/// [`ErrorKind::InvalidInput`] if a value is out of bounds.
pub(crate) fn query(request: &dyn Request) -> Result<Vec<u8>, Error> {
    let mut encoder = Encoder::new(Style::Pairs);
    request.query(&mut encoder);
    encoder.finish()
}

/// The body of a request.
///
/// # Errors
///
/// [`ErrorKind::InvalidInput`] if a file cannot be opened.
pub(crate) fn body(format: BodyFormat, request: &dyn Request) -> Result<Encoded, Error> {
    match format {
        BodyFormat::Empty => Ok((Body::Empty, None)),
        BodyFormat::Json => {
            let mut encoder = Encoder::new(Style::Json);
            encoder.begin_object();
            request.body(&mut encoder);
            encoder.end_object();
            Ok((Body::Bytes(encoder.finish()?), Some(JSON)))
        }
        BodyFormat::JsonValue => {
            let mut encoder = Encoder::new(Style::JsonValue);
            request.body(&mut encoder);
            let absent = matches!(encoder.style, Style::JsonValue);
            let text = encoder.finish()?;
            Ok(if absent {
                (Body::Empty, None)
            } else {
                (Body::Bytes(text), Some(JSON))
            })
        }
        BodyFormat::Raw(media) => {
            let mut encoder = Encoder::new(Style::RawBody(None));
            request.body(&mut encoder);
            match encoder.style {
                Style::RawBody(Some(Ok(Opened { length, reader }))) => {
                    let content_type = HeaderValue::from_static(media);
                    Ok((Body::Stream { length, reader }, Some(content_type)))
                }
                Style::RawBody(Some(Err(fault))) => Err(Error::before_sending(
                    ErrorKind::InvalidInput,
                    format!("cannot send {fault}"),
                )),
                _ => Ok((Body::Empty, None)),
            }
        }
        BodyFormat::Form => {
            let mut encoder = Encoder::new(Style::Pairs);
            request.body(&mut encoder);
            let content_type = HeaderValue::from_static("application/x-www-form-urlencoded");
            Ok((Body::Bytes(encoder.finish()?), Some(content_type)))
        }
        BodyFormat::Multipart => {
            let multipart = Multipart::new();
            let content_type =
                HeaderValue::try_from(multipart.content_type()).map_err(|error| {
                    Error::before_sending(ErrorKind::InvalidInput, error.to_string())
                })?;
            let mut encoder = Encoder::new(Style::Multipart(multipart));
            request.body(&mut encoder);
            encoder
                .finish_multipart()
                .map(|body| (body, Some(content_type)))
        }
    }
}

/// A value as JSON.
///
/// # Errors
///
/// [`ErrorKind::InvalidInput`] if JSON has no such value.
pub(crate) fn json(value: &dyn Encode) -> Result<Vec<u8>, Error> {
    let mut encoder = Encoder::new(Style::Json);
    value.encode(&mut encoder);
    encoder.finish()
}

/// Writes values in one of the encodings of HTTP APIs.
pub struct Encoder {
    style: Style,
    text: Vec<u8>,
    /// The first value that cannot be sent.
    fault: Option<String>,
    /// Whether secrets are left out of what is written.
    redact: bool,
    /// A field that is looked for, until it is written.
    pending_key: Option<&'static str>,
}

/// A request that shows no secrets.
pub(crate) struct Redacted<'a>(pub(crate) &'a dyn Request);

impl Request for Redacted<'_> {
    fn path(&self, encoder: &mut Encoder) {
        encoder.redact = true;
        self.0.path(encoder);
    }

    fn query(&self, encoder: &mut Encoder) {
        encoder.redact = true;
        self.0.query(encoder);
    }

    fn headers(&self, encoder: &mut Encoder) {
        encoder.redact = true;
        self.0.headers(encoder);
    }

    fn body(&self, encoder: &mut Encoder) {
        encoder.redact = true;
        self.0.body(encoder);
    }
}

enum Style {
    Json,
    Pairs,
    Path(Template),
    Headers(HeaderMap),
    /// A value is still to come.
    JsonValue,
    RawBody(Option<Result<Opened, String>>),
    Multipart(Multipart),
    BodyPreview(Vec<BodyPreview>),
}

/// A field of a body, for people to read.
pub(crate) enum BodyPreview {
    Text {
        name: String,
        text: String,
    },
    File {
        name: String,
        path: String,
    },
    /// The whole body.
    Body {
        path: String,
    },
}

/// The parts of a multipart body, or the file that is the body; nothing of other bodies.
pub(crate) fn list(format: BodyFormat, request: &dyn Request) -> Vec<BodyPreview> {
    let mut encoder = Encoder::new(Style::BodyPreview(Vec::new()));
    if matches!(format, BodyFormat::Multipart | BodyFormat::Raw(_)) {
        request.body(&mut encoder);
    }
    match (encoder.style, format) {
        (Style::BodyPreview(parts), BodyFormat::Multipart) => parts,
        (Style::BodyPreview(parts), _) => {
            let whole = |part| match part {
                BodyPreview::File { path, .. } => BodyPreview::Body { path },
                other => other,
            };
            parts.into_iter().map(whole).collect()
        }
        _ => Vec::new(),
    }
}

impl Encoder {
    fn new(style: Style) -> Self {
        Self {
            style,
            text: Vec::with_capacity(128),
            fault: None,
            redact: false,
            pending_key: None,
        }
    }

    /// Notes why a value cannot be sent; the first reason counts.
    fn fail(&mut self, fault: String) {
        self.fault.get_or_insert(fault);
    }

    /// Writes a field of the object that was begun; nothing if the value is absent.
    pub fn field(&mut self, name: &str, value: &dyn Encode) {
        if let Some(needed) = value.fault() {
            self.fail(format!("the field `{name}` must be {needed}"));
        }
        if value.is_absent() {
            return;
        }
        // Only what stands beside the pending key is that field, not what is inside others.
        let pending_key = self.pending_key.take().filter(|key| *key != name);
        self.present(name, value);
        self.pending_key = pending_key;
    }

    fn present(&mut self, name: &str, value: &dyn Encode) {
        let is_text = !matches!(self.style, Style::Json | Style::JsonValue);
        if is_text && value.each(&mut |item| self.field(name, item)) {
            return;
        }
        match &mut self.style {
            Style::Json => {
                self.separate();
                self.quoted(name);
                self.text.push(b':');
                value.encode(self);
            }
            Style::Pairs => {
                if !self.text.is_empty() {
                    self.text.push(b'&');
                }
                self.percent(name);
                self.text.push(b'=');
                value.encode(self);
            }
            Style::Path(_) => {
                self.begin_parameter(name);
                let start = self.text.len();
                value.encode(self);
                self.end_parameter(name, start);
            }
            Style::Headers(_) => self.header(name, value),
            Style::JsonValue => {
                self.style = Style::Json;
                value.encode(self);
            }
            Style::RawBody(opened) => *opened = value.as_upload().map(Upload::open),
            Style::Multipart(parts) => {
                if let Some(upload) = value.as_upload() {
                    return parts.file(&mut self.text, name, upload);
                }
                parts.begin_text(&mut self.text, name);
                value.encode(self);
                self.text.extend_from_slice(b"\r\n");
            }
            Style::BodyPreview(_) => self.listed(name, value),
        }
    }

    fn listed(&mut self, name: &str, value: &dyn Encode) {
        let name = name.to_owned();
        let part = if let Some(upload) = value.as_upload() {
            BodyPreview::File {
                name,
                path: upload.place(),
            }
        } else {
            value.encode(self);
            let text = String::from_utf8_lossy(&std::mem::take(&mut self.text)).into_owned();
            BodyPreview::Text { name, text }
        };
        if let Style::BodyPreview(parts) = &mut self.style {
            parts.push(part);
        }
    }

    /// Writes several fields, one after the other.
    pub fn fields(&mut self, names: &[&str], values: &[&dyn Encode]) {
        for (name, value) in names.iter().zip(values) {
            self.field(name, *value);
        }
    }

    /// Begins an object, to be filled with [`field`](Self::field).
    pub fn begin_object(&mut self) {
        self.text.push(b'{');
    }

    /// Ends the object.
    pub fn end_object(&mut self) {
        self.text.push(b'}');
    }

    /// Writes a string.
    pub fn string(&mut self, value: &str) {
        match &self.style {
            Style::Json => self.quoted(value),
            Style::Pairs => self.percent(value),
            Style::Path(template) => template.percent(&mut self.text, value),
            // Only files are in a raw body.
            Style::JsonValue | Style::RawBody(_) => {}
            Style::Headers(_) | Style::Multipart(_) | Style::BodyPreview(_) => {
                self.text.extend_from_slice(value.as_bytes());
            }
        }
    }

    /// Writes a number or a word, which JSON has no quotes around.
    pub(crate) fn literal(&mut self, value: &str) {
        match self.style {
            Style::Json => self.text.extend_from_slice(value.as_bytes()),
            _ => self.string(value),
        }
    }

    /// What stands between two items of a text.
    fn separator(&mut self, separator: char) {
        match (&self.style, separator) {
            (Style::Pairs, separator) if separator != ',' => {
                self.percent(separator.encode_utf8(&mut [0; 4]));
            }
            (_, separator) => {
                let mut bytes = [0; 4];
                let separator = separator.encode_utf8(&mut bytes);
                self.text.extend_from_slice(separator.as_bytes());
            }
        }
    }

    /// A comma, unless the object or list has just begun. No value ends in an opening bracket.
    fn separate(&mut self) {
        if !matches!(self.text.last(), Some(b'{' | b'[')) {
            self.text.push(b',');
        }
    }

    fn percent(&mut self, value: &str) {
        for piece in utf8_percent_encode(value, RESERVED) {
            self.text.extend_from_slice(piece.as_bytes());
        }
    }

    fn quoted(&mut self, value: &str) {
        self.text.reserve(value.len() + 2);
        self.text.push(b'"');
        let bytes = value.as_bytes();
        let mut plain = 0;
        for (at, &byte) in bytes.iter().enumerate() {
            if byte >= b' ' && byte != b'"' && byte != b'\\' {
                continue;
            }
            self.text.extend_from_slice(&bytes[plain..at]);
            self.escape(byte);
            plain = at + 1;
        }
        self.text.extend_from_slice(&bytes[plain..]);
        self.text.push(b'"');
    }

    fn escape(&mut self, byte: u8) {
        const HEX: &[u8; 16] = b"0123456789abcdef";
        let short = match byte {
            b'"' | b'\\' => byte,
            b'\n' => b'n',
            b'\r' => b'r',
            b'\t' => b't',
            _ => {
                let digits = [HEX[usize::from(byte >> 4)], HEX[usize::from(byte & 15)]];
                self.text.extend_from_slice(b"\\u00");
                self.text.extend_from_slice(&digits);
                return;
            }
        };
        self.text.extend_from_slice(&[b'\\', short]);
    }

    fn finish_multipart(self) -> Result<Body<'static>, Error> {
        if let Some(fault) = self.fault {
            return Err(Error::before_sending(ErrorKind::InvalidInput, fault));
        }
        match self.style {
            Style::Multipart(parts) => parts.finish(self.text).map_err(|fault| {
                Error::before_sending(ErrorKind::InvalidInput, format!("cannot send {fault}"))
            }),
            _ => Ok(Body::Bytes(self.text)),
        }
    }
}

/// A list whose items make one text, with a character in between. An empty one is left out.
pub struct Joined<'a>(pub &'a dyn Encode, pub char);

impl Encode for Joined<'_> {
    fn encode(&self, encoder: &mut Encoder) {
        let mut first = true;
        let is_list = self.0.each(&mut |item| {
            if !std::mem::take(&mut first) {
                encoder.separator(self.1);
            }
            item.encode(encoder);
        });
        if !is_list {
            self.0.encode(encoder);
        }
    }

    fn is_absent(&self) -> bool {
        let mut empty = true;
        let is_list = self.0.each(&mut |_| empty = false);
        self.0.is_absent() || (is_list && empty)
    }

    fn size(&self) -> Option<Size> {
        self.0.size()
    }
}
