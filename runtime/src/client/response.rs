//! Successful responses.

use ureq::http::{HeaderMap, Response as HttpResponse};

use crate::codec::decode::Decode;
use crate::codec::json::{ReadError, Reader};
use crate::error::{Error, ErrorKind};
use crate::error_response;
use crate::operation::Operation;
use crate::redact::{Redactor, ServerText};

/// Successful response, with its whole body.
///
/// It borrows the name of the operation for error messages. Its status code is from 200 to 299, or one of the spec.
#[derive(Debug)]
pub struct Response<'a> {
    operation: &'a str,
    redactor: Redactor,
    status: u16,
    headers: HeaderMap,
    body: Vec<u8>,
}

impl<'a> Response<'a> {
    pub(super) fn new(
        operation: &'a Operation<'_>,
        response: HttpResponse<Vec<u8>>,
        redactor: Redactor,
    ) -> Self {
        let (parts, body) = response.into_parts();
        Self {
            operation: operation.name,
            redactor,
            status: parts.status.as_u16(),
            headers: parts.headers,
            body,
        }
    }

    /// Returns the status code.
    pub fn status(&self) -> u16 {
        self.status
    }

    /// Returns the headers.
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// Returns the body.
    pub fn body(&self) -> &[u8] {
        &self.body
    }

    /// Converts the response into its body.
    pub fn into_body(self) -> Vec<u8> {
        self.body
    }

    /// Returns the body as text.
    ///
    /// # Errors
    ///
    /// Returns [`ErrorKind::InvalidResponse`] if it is not UTF-8.
    pub fn text(&self) -> Result<String, Error> {
        match std::str::from_utf8(&self.body) {
            Ok(text) => Ok(text.to_owned()),
            Err(error) => Err(self.error(format!("the response is not UTF-8: {error}"))),
        }
    }

    /// Decodes the body as JSON.
    ///
    /// An empty body is decoded as an object without fields: servers use either for a response
    /// without data. Invalid UTF-8 and unpaired surrogates in strings become U+FFFD.
    ///
    /// # Errors
    ///
    /// Returns [`ErrorKind::InvalidResponse`] with the position in the JSON.
    pub fn decode<T: Decode>(&self) -> Result<T, Error> {
        let json = if self.body.trim_ascii().is_empty() {
            b"{}"
        } else {
            self.body.as_slice()
        };
        let mut reader = Reader::new(json);
        if reader.is_utf8() {
            return self.decode_all(&mut reader, json);
        }
        let text = String::from_utf8_lossy(json);
        self.decode_all(&mut Reader::new(text.as_bytes()), text.as_bytes())
    }

    fn decode_all<'r, T: Decode>(
        &self,
        reader: &mut Reader<'r>,
        json: &'r [u8],
    ) -> Result<T, Error> {
        T::decode(reader)
            .and_then(|value| reader.finish().map(|()| value))
            .map_err(|error| self.decode_error(json, &error))
    }

    /// Creates the error for a status code that the spec does not describe.
    pub fn unexpected_status(&self) -> Error {
        let status = self.status;
        self.error(format!("unexpected status code {status}"))
    }

    /// Creates the error for a response of another media type.
    pub(super) fn mismatch(&self, found: &str, expected: &str) -> Error {
        let found = self.redactor.line(ServerText::new(found));
        let excerpt = self.redactor.excerpt(&self.body);
        self.error(format!(
            "the server responded with `{found}` ({excerpt}) instead of `{expected}`"
        ))
    }

    fn decode_error(&self, json: &[u8], error: &ReadError) -> Error {
        let excerpt = || self.redactor.excerpt(&self.body);
        self.error(match self.body.trim_ascii_start().first() {
            Some(b'<') => format!(
                "the server responded with a web page ({}) instead of JSON",
                excerpt()
            ),
            None | Some(b'{' | b'[' | b'"' | b'-' | b'0'..=b'9' | b't' | b'f' | b'n') => {
                let problem = error.describe(json);
                format!("the response does not match the spec: {problem}")
            }
            Some(_) => format!(
                "the server responded with text ({}) instead of JSON",
                excerpt()
            ),
        })
    }

    pub(super) fn error(&self, message: String) -> Error {
        let request_id = error_response::request_id(&self.headers);
        Error::after_sending(ErrorKind::InvalidResponse, message)
            .redacted(&self.redactor)
            .with_operation(self.operation)
            .with_status(self.status)
            .with_request_id(request_id.map(|id| self.redactor.line(id)))
    }
}
