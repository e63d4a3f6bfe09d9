//! What the server answered, told as what it is.

mod text;

use std::sync::Arc;

use serde_json::Value;
use ureq::http::{Response, StatusCode, header};

use crate::auth::Credentials;
use crate::decode::Decode;
use crate::error::{Error, ErrorKind};
use crate::json::{ReadError, Reader};
use crate::operation::{ErrorShape, Operation};

/// A good answer: a status from 200 to 299, and its whole body.
#[derive(Debug)]
pub struct Answer {
    operation: &'static Operation,
    credentials: Arc<Credentials>,
    status: u16,
    body: Vec<u8>,
}

impl Answer {
    /// The status code.
    pub fn status(&self) -> u16 {
        self.status
    }

    /// The body.
    pub fn body(&self) -> &[u8] {
        &self.body
    }

    /// Reads the body as a value; an empty one as an object without fields, as servers that have
    /// nothing to say send either.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::NotUnderstood`] with the place in the JSON.
    pub fn decode<T: Decode>(&self) -> Result<T, Error> {
        let json = if self.body.trim_ascii().is_empty() {
            b"{}"
        } else {
            self.body.as_slice()
        };
        let mut reader = Reader::new(json);
        T::decode(&mut reader)
            .and_then(|value| reader.end().map(|()| value))
            .map_err(|error| self.not_understood(json, &error))
    }

    fn not_understood(&self, json: &[u8], error: &ReadError) -> Error {
        let words = || text::shown(&self.credentials.redact(text::words(&self.body)));
        let message = match self.body.trim_ascii_start().first() {
            Some(b'<') => {
                format!(
                    "the server answered with a web page ({}), not with JSON",
                    words()
                )
            }
            None | Some(b'{' | b'[' | b'"' | b'-' | b'0'..=b'9' | b't' | b'f' | b'n') => {
                format!("the answer is not as described: {}", error.describe(json))
            }
            Some(_) => format!("the server answered with text ({}), not with JSON", words()),
        };
        Error::new(ErrorKind::NotUnderstood, message)
            .with_operation(self.operation.name)
            .with_status(self.status)
            .with_processed(true)
    }
}

/// Tells a good answer from the others.
pub(crate) fn check(
    response: Response<Vec<u8>>,
    operation: &'static Operation,
    credentials: &Arc<Credentials>,
) -> Result<Answer, Error> {
    let status = response.status();
    if status.is_success() {
        return Ok(Answer {
            operation,
            credentials: Arc::clone(credentials),
            status: status.as_u16(),
            body: response.into_body(),
        });
    }
    let error = if status.is_redirection() {
        redirected(&response, credentials)
    } else {
        refused(&response, operation.errors, credentials)
    };
    Err(error.with_status(status.as_u16()))
}

/// A redirect is not followed: it would carry credentials elsewhere, and a call away.
fn redirected(response: &Response<Vec<u8>>, credentials: &Credentials) -> Error {
    let location = response
        .headers()
        .get(header::LOCATION)
        .and_then(|value| value.to_str().ok());
    let to = location.map_or_else(String::new, |place| {
        format!(" to {}", text::shown(&credentials.redact(place.to_owned())))
    });
    let message = format!(
        "the server answered with a redirect{to} ({}): is the host right, and are the credentials?",
        response.status().as_u16()
    );
    Error::new(ErrorKind::NotUnderstood, message)
}

fn refused(response: &Response<Vec<u8>>, shape: &ErrorShape, credentials: &Credentials) -> Error {
    let status = response.status();
    let words = read_words(response.body(), shape, credentials);
    let said = if words.message.is_empty() {
        String::new()
    } else {
        format!(": {}", words.message)
    };
    let by_whom = match status {
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => format!(" (sent with {credentials})"),
        _ => String::new(),
    };
    let message = format!("the server refused with {}{said}{by_whom}", named(status));
    // 4xx and 503 say that the request was turned away; any other error may have come late.
    let processed = status.is_server_error() && status != StatusCode::SERVICE_UNAVAILABLE;
    Error::new(ErrorKind::Refused, message)
        .with_code(words.code)
        .with_processed(processed)
}

fn named(status: StatusCode) -> String {
    match status.canonical_reason() {
        Some(reason) => format!("{} {reason}", status.as_u16()),
        None => status.as_u16().to_string(),
    }
}

/// What an error body says.
#[derive(Debug, Default, PartialEq, Eq)]
struct Words {
    message: String,
    code: Option<String>,
}

fn read_words(body: &[u8], shape: &ErrorShape, credentials: &Credentials) -> Words {
    // A server may repeat what it was sent; that goes before anything is cut.
    let shown = |text: &str| text::shown(&credentials.redact(text.to_owned()));
    let Ok(Value::Object(object)) = serde_json::from_slice(body) else {
        let message = shown(&text::words(body));
        return Words {
            message,
            code: None,
        };
    };
    let message = shape
        .message
        .iter()
        .find_map(|key| object.get(*key)?.as_str());
    let code = shape.code.iter().find_map(|key| match object.get(*key)? {
        Value::String(code) => Some(shown(code)),
        Value::Number(code) => Some(code.to_string()),
        _ => None,
    });
    let message = message.map_or_else(|| shown(&text::words(body)), shown);
    Words { message, code }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHAPE: ErrorShape = ErrorShape {
        message: &["error", "message"],
        code: &["error_code"],
    };

    /// Bodies that real servers were seen to send.
    #[test]
    fn words_of_error_bodies() {
        let cases: &[(&str, &str, Option<&str>)] = &[
            (r#"{"error": "Name: text"}"#, "Name: text", None),
            (
                r#"{"error_code": "RESOURCE_DOES_NOT_EXIST", "message": "gone"}"#,
                "gone",
                Some("RESOURCE_DOES_NOT_EXIST"),
            ),
            (
                r#"{"error_code": 403, "message": "Invalid access token."}"#,
                "Invalid access token.",
                Some("403"),
            ),
            (r#"{"error": null, "message": "second"}"#, "second", None),
            (r#"{"detail": "other"}"#, r#"{"detail": "other"}"#, None),
            ("MALFORMED_REQUEST: no", "MALFORMED_REQUEST: no", None),
            (
                "<html><pre>Worker not ready</pre></html>",
                "Worker not ready",
                None,
            ),
            (
                "<html><title>Bad &amp; worse</title><p>x</p></html>",
                "Bad & worse",
                None,
            ),
            ("", "", None),
            ("\u{1b}[31mred\u{1b}[0m\u{7}", "red", None),
        ];
        for (body, message, code) in cases {
            let words = read_words(body.as_bytes(), &SHAPE, &Credentials::none());
            assert_eq!(
                (&*words.message, words.code.as_deref()),
                (*message, *code),
                "{body}"
            );
        }
    }

    #[test]
    fn long_and_broken_bodies_are_cut() {
        let long = "é".repeat(5000);
        let words = read_words(long.as_bytes(), &SHAPE, &Credentials::none());
        assert!(words.message.chars().count() <= 401 && words.message.ends_with('…'));
        let words = read_words(&[0xff, 0xfe, b'x'], &SHAPE, &Credentials::none());
        assert!(words.message.contains('x'));
    }
}
