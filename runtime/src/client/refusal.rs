//! Classification of responses that are errors.

mod conditions;

use std::borrow::Cow;

use ureq::http::{Response, StatusCode, header};

use crate::auth::Credentials;
use crate::codec::json::{ReadError, Reader};
use crate::delivery::Delivery;
use crate::error::{Error, ErrorKind};
use crate::error_response::{request_id, retry_after, status_text};
use crate::operation::{ErrorShape, Operation};
use crate::redact::{Redactor, ServerText};

pub(super) use self::conditions::has_error_body;

/// Returns whether a response is an error according to the spec.
pub(super) fn is_error(response: &Response<Vec<u8>>, operation: &Operation<'_>) -> bool {
    let status = response.status();
    if status.is_success() {
        has_error_body(response.body(), operation.errors.conditions)
    } else {
        !operation.statuses.contains(&status.as_u16())
    }
}

/// Returns the error of a response.
pub(super) fn error(
    response: &Response<Vec<u8>>,
    operation: &Operation<'_>,
    credentials: &Credentials,
    redactor: &Redactor,
) -> Error {
    let status = response.status();
    let error = if status.is_redirection() {
        redirect_error(response, redactor)
    } else {
        status_error(response, operation.errors, credentials, redactor)
    };
    let request_id = request_id(response.headers()).map(|id| redactor.line(id));
    error
        .with_status(status.as_u16())
        .with_request_id(request_id)
}

/// Message, code and delivery of an error in the body of a response.
pub(super) struct Refusal {
    /// Message of the server, or an empty text.
    pub(super) message: String,
    code: Option<String>,
    delivery: Delivery,
    transient: bool,
}

impl Refusal {
    /// Reads the body of a response with an error, or an item that is one.
    pub(super) fn read(
        status: StatusCode,
        body: &[u8],
        shape: &ErrorShape<'_>,
        redactor: &Redactor,
    ) -> Self {
        let ErrorText { message, code } = ErrorText::parse(body, shape, redactor);
        let (delivery, transient) = classify(status, &message, shape);
        Self {
            message,
            code,
            delivery,
            transient,
        }
    }

    /// Creates the error.
    pub(super) fn into_error(self, message: String, body: &[u8]) -> Error {
        Error::new(ErrorKind::Status, self.delivery, message)
            .with_code(self.code)
            .with_transient(self.transient)
            .with_body(body)
    }
}

/// Returns whether a body has a message or a code for errors.
pub(super) fn has_error_text(body: &str, shape: &ErrorShape<'_>) -> bool {
    let mut keys = shape.message.iter().chain(shape.code);
    keys.any(|key| member(body, key).is_some())
}

/// Redirects are not followed: they would send the credentials to another server.
fn redirect_error(response: &Response<Vec<u8>>, redactor: &Redactor) -> Error {
    let location = response.headers().get(header::LOCATION);
    let target = location.map_or_else(String::new, |url| {
        let url = String::from_utf8_lossy(url.as_bytes());
        format!(" to {}", redactor.line(ServerText::new(&url)))
    });
    let message = format!(
        "the server responded with a redirect{target} ({}): check the host and the credentials",
        response.status().as_u16()
    );
    // Only these two request that the same request be sent elsewhere (RFC 9110, section 15.4). Any
    // other redirect may be the response to a request that was processed, e.g. 303 to a `POST`.
    let delivery = match response.status() {
        StatusCode::TEMPORARY_REDIRECT | StatusCode::PERMANENT_REDIRECT => Delivery::NotProcessed,
        _ => Delivery::Unknown,
    };
    Error::new(ErrorKind::InvalidResponse, delivery, message)
}

fn status_error(
    response: &Response<Vec<u8>>,
    shape: &ErrorShape<'_>,
    credentials: &Credentials,
    redactor: &Redactor,
) -> Error {
    let status = response.status();
    let refusal = Refusal::read(status, response.body(), shape, redactor);
    let mut message = format!("the server responded with {}", status_text(status));
    if !refusal.message.is_empty() {
        message = format!("{message}: {}", refusal.message);
    }
    let rejects_credentials = rejects_credentials(response, &refusal.message, shape);
    if rejects_credentials || status == StatusCode::FORBIDDEN {
        message = format!("{message} (sent with {credentials})");
    }
    refusal
        .into_error(message, response.body())
        .with_rejects_credentials(rejects_credentials)
        .with_retry_after(retry_after(response.headers()))
}

/// Returns the delivery of a request that got an error response, and whether the error is
/// transient.
///
/// A 4xx status code is the server's statement that it rejected the request instead of processing
/// it (RFC 9110, section 15.5). The client relies on that when it sends the request again with other
/// credentials. No other status code proves anything. In particular, gateways respond with 502, 503
/// and 504 after the server behind them has processed the request: Envoy reports a response that it
/// lost as `503 upstream connect error or disconnect/reset before headers`.
fn classify(status: StatusCode, message: &str, shape: &ErrorShape<'_>) -> (Delivery, bool) {
    use Delivery::{NotProcessed, Unknown};
    if status == StatusCode::TOO_MANY_REQUESTS {
        return (NotProcessed, true);
    }
    if shape.refused.iter().any(|text| starts_with(message, text)) {
        return (NotProcessed, true);
    }
    // Searching the whole message is safe: a match never permits a retry of a request that must not
    // be processed twice.
    if shape.failed.iter().any(|text| message.contains(text)) {
        return (Unknown, true);
    }
    match status.as_u16() {
        502..=504 => (Unknown, true),
        400..=499 => (NotProcessed, false),
        _ => (Unknown, false),
    }
}

/// Returns whether the server rejected the credentials, so that others may be accepted.
///
/// Gateways also send a 400 or 403 for an expired token. Any other 403 is the response to valid
/// credentials that lack a permission.
fn rejects_credentials(
    response: &Response<Vec<u8>>,
    message: &str,
    shape: &ErrorShape<'_>,
) -> bool {
    match response.status() {
        StatusCode::UNAUTHORIZED => true,
        StatusCode::BAD_REQUEST | StatusCode::FORBIDDEN => {
            has_invalid_token_challenge(response) || is_listed(message, shape.expired)
        }
        _ => false,
    }
}

/// Returns whether the header `WWW-Authenticate` contains `error="invalid_token"` (RFC 6750, section
/// 3.1), which the RFC defines for a 401.
fn has_invalid_token_challenge(response: &Response<Vec<u8>>) -> bool {
    let mut challenges = response.headers().get_all(header::WWW_AUTHENTICATE).iter();
    challenges.any(|challenge| {
        let challenge = challenge.to_str().unwrap_or_default().to_ascii_lowercase();
        let mut parameters = challenge
            .split([' ', ','])
            .filter_map(|it| it.split_once('='));
        parameters
            .any(|(name, value)| name == "error" && value.trim_matches('"') == "invalid_token")
    })
}

/// Returns whether the message starts with one of the patterns, in any case.
fn is_listed(message: &str, patterns: &[&str]) -> bool {
    let message = message.to_ascii_lowercase();
    let mut patterns = patterns.iter().map(|pattern| pattern.to_ascii_lowercase());
    patterns.any(|pattern| starts_with(&message, &pattern))
}

/// Returns whether the message starts with `pattern`, in which `*` matches characters other than white
/// space.
///
/// An exception name at the start of the message may be qualified, e.g. `com.example.NotReady`.
/// Text inside the message does not count: it may be quoted from the output of the request.
fn starts_with(message: &str, pattern: &str) -> bool {
    let name_end = message.find(|c: char| !c.is_ascii_alphanumeric() && !"._$".contains(c));
    let name = &message[..name_end.unwrap_or(message.len())];
    let package_length = name.rfind('.').map_or(0, |dot| dot + 1);
    [message, &message[package_length..]]
        .into_iter()
        .any(|message| has_prefix(message, pattern))
}

fn has_prefix(message: &str, pattern: &str) -> bool {
    let mut parts = pattern.split('*');
    let first = parts.next().unwrap_or_default();
    let mut rest = message.strip_prefix(first);
    for part in parts {
        rest = rest.and_then(|rest| {
            let word_length = rest.find(char::is_whitespace).unwrap_or(rest.len());
            let rest = rest[word_length..].strip_prefix(part);
            rest.filter(|_| word_length > 0)
        });
    }
    rest.is_some()
}

/// Message and code in the body of an error response.
#[derive(Debug, Default, PartialEq, Eq)]
struct ErrorText {
    message: String,
    code: Option<String>,
}

impl ErrorText {
    fn parse(body: &[u8], shape: &ErrorShape<'_>, redactor: &Redactor) -> Self {
        let text = String::from_utf8_lossy(body);
        let find = |keys: &[&str], numbers| {
            let values = keys.iter().filter_map(|key| member(&text, key));
            let mut values = values.filter(|value| numbers || !value.is_number);
            let value = values.next()?;
            Some(redactor.line(ServerText::new(&value.text)))
        };
        Self {
            message: find(shape.message, false).unwrap_or_else(|| redactor.excerpt(body)),
            code: find(shape.code, true),
        }
    }
}

/// A string or a number in the body of an error response.
struct Scalar<'t> {
    text: Cow<'t, str>,
    is_number: bool,
}

/// Returns the value of a key in a JSON document, if it is a string or a number.
///
/// If there is no key `a.b`, it is the value of `b` in `a`. Of a list, the first item is used. The
/// document is read without building a tree, as it may be large.
fn member<'t>(text: &'t str, key: &str) -> Option<Scalar<'t>> {
    let mut reader = Reader::new(text.as_bytes());
    let value = find_member(&mut reader, key).ok()?;
    reader.finish().ok().and(value)
}

fn find_member<'t>(reader: &mut Reader<'t>, key: &str) -> Result<Option<Scalar<'t>>, ReadError> {
    match reader.peek() {
        Some(b'[') => {
            reader.begin_list()?;
            let mut first = None;
            if reader.next_item()? {
                first = find_member(reader, key)?;
                while reader.next_item()? {
                    reader.skip()?;
                }
            }
            Ok(first)
        }
        Some(b'{') => find_in_object(reader, key),
        _ => reader.skip().map(|()| None),
    }
}

fn find_in_object<'t>(reader: &mut Reader<'t>, key: &str) -> Result<Option<Scalar<'t>>, ReadError> {
    let (mut whole, mut nested) = (None, None);
    reader.begin_object()?;
    while let Some(found) = reader.next_entry()? {
        match key.split_once('.') {
            _ if found == key => whole = Some(scalar(reader)?),
            Some((first, rest)) if found == first => nested = find_member(reader, rest)?,
            _ => reader.skip()?,
        }
    }
    Ok(whole.unwrap_or(nested))
}

/// Reads a value, and returns it if it is a string or a number.
fn scalar<'t>(reader: &mut Reader<'t>) -> Result<Option<Scalar<'t>>, ReadError> {
    let is_number = match reader.peek() {
        Some(b'"') => false,
        Some(b'-' | b'0'..=b'9') => true,
        _ => return reader.skip().map(|()| None),
    };
    let text = if is_number {
        reader.json()?.to_string().into()
    } else {
        reader.text()?
    };
    Ok(Some(Scalar { text, is_number }))
}

#[cfg(test)]
mod tests;
