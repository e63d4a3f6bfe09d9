//! The parts of a request: path, query string, headers and body.

use ureq::http::HeaderMap;

use super::body::{self, EncodedBody};
use super::encoder::Encoder;
use super::headers::Headers;
use super::path::{self, Template};
use super::preview::BodyPreview;
use super::request::Request;
use super::secrets::Secrets;
use super::syntax::Syntax;
use crate::codec::secret::Secret;
use crate::error::{Error, ErrorKind};
use crate::operation::{FieldLocation, Operation};

/// A request with the fields that the client adds: those with fixed values, and the idempotency
/// key unless the request sets it.
pub(crate) struct RequestParts<'a> {
    operation: &'a Operation<'a>,
    request: &'a dyn Request,
    /// The same for all attempts, so that the server recognizes a retry.
    idempotency_key: Option<String>,
    redact_secrets: bool,
}

impl<'a> RequestParts<'a> {
    /// Wraps a request and generates its idempotency key.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidInput`] if the operating system provides no random bytes for the key.
    pub(crate) fn new(
        operation: &'a Operation<'a>,
        request: &'a dyn Request,
    ) -> Result<Self, Error> {
        let key = operation.idempotency_key.map(|_| random_uuid()).transpose();
        Ok(Self {
            operation,
            request,
            idempotency_key: key.map_err(|error| {
                let message = format!("cannot generate an idempotency key: {error}");
                Error::before_sending(ErrorKind::InvalidInput, message)
            })?,
            redact_secrets: false,
        })
    }

    /// Returns the request with `***` instead of secrets.
    pub(crate) fn redacted(self) -> Self {
        Self {
            redact_secrets: true,
            ..self
        }
    }

    /// Writes the path behind `url`.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidInput`] if a parameter is empty or changes the structure of the path.
    pub(crate) fn path(&self, mut url: Vec<u8>) -> Result<Vec<u8>, Error> {
        let path = self.operation.path;
        if !path.contains('{') {
            url.extend_from_slice(path.as_bytes());
            return Ok(url);
        }
        let start = url.len();
        let mut encoder = Encoder::append_to(url, Syntax::Path(Template::path(path)));
        self.write(FieldLocation::Path, &mut encoder);
        encoder.end_path();
        let text = encoder.finish()?;
        path::check_segments(text.get(start..).unwrap_or_default())
            .map_err(|error| Error::before_sending(ErrorKind::InvalidInput, error))?;
        Ok(text)
    }

    /// Returns the URL that the request has instead of a path.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidInput`] if it is empty.
    pub(crate) fn link(&self) -> Result<String, Error> {
        let template = Template::url(self.operation.path);
        let mut encoder = Encoder::new(Syntax::Path(template));
        self.write(FieldLocation::Path, &mut encoder);
        encoder.end_path();
        let text = encoder.finish()?;
        Ok(String::from_utf8_lossy(&text).into_owned())
    }

    /// Writes the query string behind `url`. Without parameters, nothing is written.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidInput`] if a value is out of bounds.
    pub(crate) fn query(&self, url: Vec<u8>) -> Result<Vec<u8>, Error> {
        let has_query = self.operation.is_link() && url.contains(&b'?');
        let separator = if has_query { b'&' } else { b'?' };
        let mut encoder = Encoder::append_to(url, Syntax::Form(Some(separator)));
        self.write(FieldLocation::Query, &mut encoder);
        encoder.finish()
    }

    /// Returns the headers of the request, without those of the client.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidInput`] if a value is out of bounds or not valid in a header.
    pub(crate) fn headers(&self) -> Result<HeaderMap, Error> {
        let mut encoder = Encoder::new(Syntax::Headers(Headers::default()));
        self.write(FieldLocation::Header, &mut encoder);
        Ok(match encoder.finish_syntax()? {
            (Syntax::Headers(headers), _) => headers.into_map(),
            _ => HeaderMap::new(),
        })
    }

    /// Returns the body and its media type.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidInput`] if a value is out of bounds or a file cannot be opened.
    pub(crate) fn body(&self) -> Result<EncodedBody, Error> {
        let operation = self.operation;
        body::body(operation.format, operation.content_type, |encoder| {
            self.write(FieldLocation::Body, encoder);
        })
    }

    /// Returns the parts of a body with files, for display.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidInput`] if a value is out of bounds.
    pub(crate) fn preview(&self) -> Result<Vec<BodyPreview>, Error> {
        body::preview(self.operation.format, |encoder| {
            self.write(FieldLocation::Body, encoder);
        })
    }

    /// Returns the secrets in the fields of the request.
    pub(crate) fn secrets(&self) -> Vec<Secret> {
        // All values can be written as JSON, except for files.
        let mut encoder = Encoder::new(Syntax::Json);
        encoder.set_secrets(Secrets::Collect(Vec::new()));
        self.request.path(&mut encoder);
        self.request.query(&mut encoder);
        self.request.headers(&mut encoder);
        self.request.body(&mut encoder);
        encoder.into_secrets()
    }

    /// Writes the fields of one location: those with fixed values, those of the request, and the
    /// idempotency key.
    fn write(&self, location: FieldLocation, encoder: &mut Encoder) {
        if self.redact_secrets {
            encoder.set_secrets(Secrets::Redact);
        }
        for (fixed_location, name, value) in self.operation.fixed {
            if *fixed_location == location {
                encoder.field(name, value);
            }
        }
        let key = self.operation.idempotency_key;
        let key_name = key.filter(|(key_location, _)| *key_location == location);
        encoder.set_pending_key(key_name.map(|(_, name)| name));
        match location {
            FieldLocation::Path => self.request.path(encoder),
            FieldLocation::Query => self.request.query(encoder),
            FieldLocation::Header => self.request.headers(encoder),
            FieldLocation::Body => self.request.body(encoder),
        }
        if let (Some(name), Some(key)) = (encoder.take_pending_key(), &self.idempotency_key) {
            encoder.field(&name, key);
        }
    }
}

/// Returns a UUID of version 4.
fn random_uuid() -> Result<String, getrandom::Error> {
    let (high, low) = (getrandom::u64()?, getrandom::u64()?);
    Ok(format!(
        "{:08x}-{:04x}-4{:03x}-{:04x}-{:012x}",
        high >> 32,
        (high >> 16) & 0xffff,
        high & 0xfff,
        0x8000 | (low >> 48) & 0x3fff,
        low & 0xffff_ffff_ffff,
    ))
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn idempotency_keys_are_distinct_uuids() {
        let keys: HashSet<_> = (0..10_000).map(|_| random_uuid().unwrap()).collect();
        assert_eq!(keys.len(), 10_000);
        for key in keys {
            let bytes = key.as_bytes();
            assert_eq!(key.len(), 36, "{key}");
            assert!(key.split('-').map(str::len).eq([8, 4, 4, 4, 12]), "{key}");
            assert!(bytes[14] == b'4' && b"89ab".contains(&bytes[19]), "{key}");
        }
    }
}
