//! From request structs to bytes: one writer for JSON, query strings, forms and multipart.

mod multipart;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;
use ureq::http::HeaderValue;

use self::multipart::Multipart;
use crate::error::{Error, ErrorKind};
use crate::transport::Body;
use crate::upload::Upload;

/// All but the unreserved characters of RFC 3986.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// A value that can be sent. Generated types implement it; so can others.
pub trait Encode {
    /// Writes the value.
    fn encode(&self, to: &mut Encoder);

    /// Whether a field with this value is left out.
    fn is_absent(&self) -> bool {
        false
    }

    /// The file that the value is, where it is one.
    fn as_upload(&self) -> Option<&Upload> {
        None
    }
}

/// What a request says. Generated request structs implement it.
pub trait Request {
    /// Writes the parameters of the query string, each with [`Encoder::field`].
    fn query(&self, _to: &mut Encoder) {}

    /// Writes the fields of the body, each with [`Encoder::field`].
    fn body(&self, _to: &mut Encoder) {}
}

/// How a body is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Format {
    /// There is none.
    Empty,
    /// `application/json`, one object.
    Json,
    /// `application/x-www-form-urlencoded`.
    Form,
    /// `multipart/form-data`.
    Multipart,
}

/// A body, and its `content-type`.
pub(crate) type Encoded = (Body<'static>, Option<HeaderValue>);

/// The query string of a request, without the question mark; empty if there are no parameters.
pub(crate) fn query(request: &dyn Request) -> Vec<u8> {
    let mut encoder = Encoder::new(Style::Pairs);
    request.query(&mut encoder);
    encoder.text
}

/// The body of a request.
///
/// # Errors
///
/// [`ErrorKind::Input`] if a file cannot be opened.
pub(crate) fn body(format: Format, request: &dyn Request) -> Result<Encoded, Error> {
    match format {
        Format::Empty => Ok((Body::Empty, None)),
        Format::Json => {
            let mut encoder = Encoder::new(Style::Json);
            encoder.begin();
            request.body(&mut encoder);
            encoder.end();
            Ok((
                Body::Bytes(encoder.text),
                Some(HeaderValue::from_static("application/json")),
            ))
        }
        Format::Form => {
            let mut encoder = Encoder::new(Style::Pairs);
            request.body(&mut encoder);
            let content_type = HeaderValue::from_static("application/x-www-form-urlencoded");
            Ok((Body::Bytes(encoder.text), Some(content_type)))
        }
        Format::Multipart => {
            let multipart = Multipart::new();
            let content_type = HeaderValue::try_from(multipart.content_type())
                .map_err(|error| Error::new(ErrorKind::Input, error.to_string()))?;
            let mut encoder = Encoder::new(Style::Multipart(multipart));
            request.body(&mut encoder);
            encoder
                .finish_multipart()
                .map(|body| (body, Some(content_type)))
        }
    }
}

/// Writes values in one of the encodings of HTTP APIs.
pub struct Encoder {
    style: Style,
    text: Vec<u8>,
}

enum Style {
    Json,
    Pairs,
    Multipart(Multipart),
    Listed(Vec<Listed>),
}

/// A field of a body, for people to read.
pub(crate) enum Listed {
    Text { name: String, text: String },
    File { name: String, path: String },
}

/// The parts of a multipart body; nothing of other bodies.
pub(crate) fn list(format: Format, request: &dyn Request) -> Vec<Listed> {
    let mut encoder = Encoder::new(Style::Listed(Vec::new()));
    if format == Format::Multipart {
        request.body(&mut encoder);
    }
    match encoder.style {
        Style::Listed(parts) => parts,
        _ => Vec::new(),
    }
}

impl Encoder {
    fn new(style: Style) -> Self {
        Self {
            style,
            text: Vec::with_capacity(128),
        }
    }

    /// Writes a field of the object that was begun; nothing if the value is absent.
    pub fn field(&mut self, name: &str, value: &dyn Encode) {
        if value.is_absent() {
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
            Style::Multipart(parts) => {
                if let Some(upload) = value.as_upload() {
                    return parts.file(&mut self.text, name, upload);
                }
                parts.begin_text(&mut self.text, name);
                value.encode(self);
                self.text.extend_from_slice(b"\r\n");
            }
            Style::Listed(_) => self.listed(name, value),
        }
    }

    fn listed(&mut self, name: &str, value: &dyn Encode) {
        let name = name.to_owned();
        let part = if let Some(upload) = value.as_upload() {
            Listed::File {
                name,
                path: upload.place(),
            }
        } else {
            value.encode(self);
            let text = String::from_utf8_lossy(&std::mem::take(&mut self.text)).into_owned();
            Listed::Text { name, text }
        };
        if let Style::Listed(parts) = &mut self.style {
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
    pub fn begin(&mut self) {
        self.text.push(b'{');
    }

    /// Ends the object.
    pub fn end(&mut self) {
        self.text.push(b'}');
    }

    /// Writes a string.
    pub fn string(&mut self, value: &str) {
        match self.style {
            Style::Json => self.quoted(value),
            Style::Pairs => self.percent(value),
            Style::Multipart(_) | Style::Listed(_) => {
                self.text.extend_from_slice(value.as_bytes());
            }
        }
    }

    /// Writes a number or a word, which JSON has no quotes around.
    fn literal(&mut self, value: &str) {
        match self.style {
            Style::Json => self.text.extend_from_slice(value.as_bytes()),
            _ => self.string(value),
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
        match self.style {
            Style::Multipart(parts) => parts
                .finish(self.text)
                .map_err(|fault| Error::new(ErrorKind::Input, format!("cannot send {fault}"))),
            _ => Ok(Body::Bytes(self.text)),
        }
    }
}

impl<T: Encode + ?Sized> Encode for &T {
    fn encode(&self, to: &mut Encoder) {
        (**self).encode(to);
    }

    fn is_absent(&self) -> bool {
        (**self).is_absent()
    }

    fn as_upload(&self) -> Option<&Upload> {
        (**self).as_upload()
    }
}

impl Encode for str {
    fn encode(&self, to: &mut Encoder) {
        to.string(self);
    }
}

impl Encode for String {
    fn encode(&self, to: &mut Encoder) {
        to.string(self);
    }
}

impl Encode for bool {
    fn encode(&self, to: &mut Encoder) {
        to.literal(if *self { "true" } else { "false" });
    }
}

impl Encode for i64 {
    fn encode(&self, to: &mut Encoder) {
        to.literal(&self.to_string());
    }
}

impl Encode for f64 {
    /// A number; null where it is not finite, as JSON has no word for that.
    fn encode(&self, to: &mut Encoder) {
        match serde_json::Number::from_f64(*self) {
            Some(number) => to.literal(&number.to_string()),
            None => to.literal("null"),
        }
    }
}

impl Encode for Value {
    fn encode(&self, to: &mut Encoder) {
        match self {
            Self::String(text) => to.string(text),
            other => to.literal(&other.to_string()),
        }
    }
}

impl Encode for Upload {
    /// A file outside a multipart body has no bytes to show; the spec language refuses it there.
    fn encode(&self, to: &mut Encoder) {
        to.string(self.name());
    }

    fn as_upload(&self) -> Option<&Upload> {
        Some(self)
    }
}

impl<T: Encode> Encode for Option<T> {
    fn encode(&self, to: &mut Encoder) {
        match self {
            Some(value) => value.encode(to),
            None => to.literal("null"),
        }
    }

    fn is_absent(&self) -> bool {
        self.is_none()
    }

    fn as_upload(&self) -> Option<&Upload> {
        self.as_ref().and_then(Encode::as_upload)
    }
}

impl<T: Encode> Encode for Vec<T> {
    fn encode(&self, to: &mut Encoder) {
        to.text.push(b'[');
        for value in self {
            to.separate();
            value.encode(to);
        }
        to.text.push(b']');
    }
}

impl<T: Encode> Encode for BTreeMap<String, T> {
    fn encode(&self, to: &mut Encoder) {
        to.begin();
        for (name, value) in self {
            to.field(name, value);
        }
        to.end();
    }
}
