//! What the server answered, told as what it is.

pub(crate) mod text;

use std::time::{Duration, SystemTime};

use serde_json::Value;
use ureq::http::{HeaderMap, HeaderValue, Response, StatusCode, header};

use crate::auth::Sender;
use crate::codec::decode::{Decode, DecodeInto};
use crate::codec::json::{ReadError, Reader};
use crate::delivery::Delivery;
use crate::error::{Error, ErrorKind};
use crate::operation::{Condition, ErrorShape, Operation};
use crate::retry::retry_after;

/// A good answer: a status from 200 to 299, and its whole body.
#[derive(Debug)]
pub struct Answer {
    operation: &'static Operation,
    sender: Sender,
    status: u16,
    headers: HeaderMap,
    body: Vec<u8>,
}

impl Answer {
    /// The status code.
    pub fn status(&self) -> u16 {
        self.status
    }

    /// The headers.
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// The body.
    pub fn body(&self) -> &[u8] {
        &self.body
    }

    /// The body, and nothing else.
    pub fn into_body(self) -> Vec<u8> {
        self.body
    }

    /// The body as text.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidResponse`] if it is not UTF-8.
    pub fn text(&self) -> Result<String, Error> {
        match std::str::from_utf8(&self.body) {
            Ok(text) => Ok(text.to_owned()),
            Err(error) => Err(self.misfit(format!("the answer is not text in UTF-8: {error}"))),
        }
    }

    /// Reads the body as a value; an empty one as an object without fields, as servers that have
    /// nothing to say send either.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidResponse`] with the place in the JSON.
    pub fn decode<T: Decode>(&self) -> Result<T, Error> {
        let json = if self.body.trim_ascii().is_empty() {
            b"{}"
        } else {
            self.body.as_slice()
        };
        let mut reader = Reader::new(json);
        T::decode(&mut reader)
            .and_then(|value| reader.finish().map(|()| value))
            .map_err(|error| self.not_understood(json, &error))
    }

    fn not_understood(&self, json: &[u8], error: &ReadError) -> Error {
        let words = || self.sender.shown(&text::words(&self.body));
        let message = match self.body.trim_ascii_start().first() {
            Some(b'<') => {
                format!(
                    "the server answered with a web page ({}), not with JSON",
                    words()
                )
            }
            None | Some(b'{' | b'[' | b'"' | b'-' | b'0'..=b'9' | b't' | b'f' | b'n') => {
                // It names keys, which are the server's words too.
                let fault = self.sender.redact(&error.describe(json));
                format!("the answer is not as described: {fault}")
            }
            Some(_) => format!("the server answered with text ({}), not with JSON", words()),
        };
        self.misfit(message)
    }

    fn misfit(&self, message: String) -> Error {
        Error::after_sending(ErrorKind::InvalidResponse, message)
            .with_operation(self.operation.name)
            .with_status(self.status)
    }

    /// The error for an answer with a status that is not described.
    pub fn unexpected_status(&self) -> Error {
        let status = self.status;
        self.misfit(format!(
            "the server answered with {status}, which is not described"
        ))
    }

    /// All values of a header as one text.
    fn header(&self, name: &str) -> Option<String> {
        let mut values = self.headers.get_all(name).iter();
        let text = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
        let first = text(values.next()?);
        Some(values.fold(first, |all, value| all + ", " + &text(value)))
    }
}

/// Reads headers into places, one for each name; the flag tells texts from numbers and booleans.
///
/// # Errors
///
/// [`ErrorKind::InvalidResponse`] if a header is missing or does not fit its place.
pub fn decode_headers(
    answer: &Answer,
    names: &[(&str, bool)],
    places: &mut [&mut dyn DecodeInto],
) -> Result<(), Error> {
    for ((name, is_text), place) in names.iter().zip(places) {
        let Some(text) = answer.header(name) else {
            if place.is_optional() {
                continue;
            }
            return Err(answer.misfit(format!("the answer has no header `{name}`")));
        };
        let json = if *is_text {
            Value::from(text).to_string()
        } else {
            text
        };
        let mut reader = Reader::new(json.as_bytes());
        let filled = place
            .decode_into(&mut reader)
            .and_then(|()| reader.finish());
        filled.map_err(|error| {
            let what = error.describe(json.as_bytes());
            answer.misfit(format!("the header `{name}` is not as described: {what}"))
        })?;
    }
    Ok(())
}

/// Tells a good answer from the others.
pub(crate) fn check(
    response: Response<Vec<u8>>,
    operation: &'static Operation,
    sender: Sender,
) -> Result<Answer, Error> {
    let status = response.status();
    let described = operation.statuses.contains(&status.as_u16());
    if status.is_success() && is_error(response.body(), operation.errors.conditions) {
        let error = refused(&response, operation.errors, &sender);
        return Err(error.with_status(status.as_u16()));
    }
    if status.is_success() || described {
        let (parts, body) = response.into_parts();
        return Ok(Answer {
            operation,
            sender,
            status: status.as_u16(),
            headers: parts.headers,
            body,
        });
    }
    let error = if status.is_redirection() {
        redirected(&response, &sender)
    } else {
        refused(&response, operation.errors, &sender)
    };
    Err(error.with_status(status.as_u16()))
}

/// Whether a body says of itself that it is an error. Only an object does.
fn is_error(body: &[u8], conditions: &[Condition]) -> bool {
    let looked = || {
        let mut reader = Reader::new(body);
        reader.begin_object()?;
        while let Some(key) = reader.next_entry()? {
            let mut about = conditions
                .iter()
                .filter(|condition| condition.key == key)
                .peekable();
            if about.peek().is_none() {
                reader.skip()?;
                continue;
            }
            let value = reader.json()?;
            if about.any(|condition| (condition.value == value) == condition.equal) {
                return Ok(true);
            }
        }
        Ok::<_, ReadError>(false)
    };
    // What cannot be read is told where it is read.
    !conditions.is_empty() && looked().unwrap_or(false)
}

/// A redirect is not followed: it would carry credentials elsewhere, and a call away.
fn redirected(response: &Response<Vec<u8>>, sender: &Sender) -> Error {
    let location = response
        .headers()
        .get(header::LOCATION)
        .and_then(|value| value.to_str().ok());
    let to = location.map_or_else(String::new, |place| format!(" to {}", sender.shown(place)));
    let message = format!(
        "the server answered with a redirect{to} ({}): is the host right, and are the credentials?",
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

fn refused(response: &Response<Vec<u8>>, shape: &ErrorShape, sender: &Sender) -> Error {
    let status = response.status();
    let words = read_words(response.body(), shape, sender);
    let said = if words.message.is_empty() {
        String::new()
    } else {
        format!(": {}", words.message)
    };
    let by_whom = match status {
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => {
            format!(" (sent with {})", sender.credentials)
        }
        _ => String::new(),
    };
    let message = format!("the server refused with {}{said}{by_whom}", named(status));
    let (delivery, transient) = classify(status, &words.message, shape);
    Error::new(ErrorKind::Status, delivery, message)
        .with_code(words.code)
        .with_transient(transient)
        .with_retry_after(asked_pause(response))
        .with_body(response.body())
}

/// Returns the delivery of a request that got an error response, and whether the error is
/// transient.
///
/// A 4xx status code is the server's statement that it rejected the request instead of processing
/// it (RFC 9110, section 15.5); the client relies on that after 401 and 403, too. No other status
/// code proves anything. In particular, gateways respond with 502, 503 and 504 after the server
/// behind them has processed the request: Envoy reports a response that it lost as `503 upstream
/// connect error or disconnect/reset before headers`.
fn classify(status: StatusCode, message: &str, shape: &ErrorShape) -> (Delivery, bool) {
    use Delivery::{NotProcessed, Unknown};
    if status == StatusCode::TOO_MANY_REQUESTS {
        return (NotProcessed, true);
    }
    if shape.refused.iter().any(|text| starts_with(message, text)) {
        return (NotProcessed, true);
    }
    // A search in the whole message is on the safe side: a match can only prevent a retry of a
    // request that must not be processed twice.
    if shape.failed.iter().any(|text| message.contains(text)) {
        return (Unknown, true);
    }
    match status.as_u16() {
        502..=504 => (Unknown, true),
        400..=499 => (NotProcessed, false),
        _ => (Unknown, false),
    }
}

/// Returns whether the message starts with `text`, where `*` stands for one word.
///
/// An exception name at the start of the message may be qualified, e.g. `com.example.NotReady`.
/// Text inside the message does not count: it may be quoted from what the request has produced.
fn starts_with(message: &str, text: &str) -> bool {
    let name_end = message.find(|c: char| !c.is_ascii_alphanumeric() && !"._$".contains(c));
    let name = &message[..name_end.unwrap_or(message.len())];
    let package_length = name.rfind('.').map_or(0, |dot| dot + 1);
    [message, &message[package_length..]]
        .into_iter()
        .any(|message| has_prefix(message, text))
}

fn has_prefix(message: &str, pattern: &str) -> bool {
    let mut parts = pattern.split('*');
    let first = parts.next().unwrap_or_default();
    let mut rest = message.strip_prefix(first);
    for part in parts {
        rest = rest.and_then(|rest| {
            let word_length = rest.find(char::is_whitespace).unwrap_or(rest.len());
            rest[word_length..]
                .strip_prefix(part)
                .filter(|_| word_length > 0)
        });
    }
    rest.is_some()
}

pub(crate) fn asked_pause(response: &Response<Vec<u8>>) -> Option<Duration> {
    let value = response.headers().get(header::RETRY_AFTER)?.to_str().ok()?;
    retry_after(value, SystemTime::now())
}

pub(crate) fn named(status: StatusCode) -> String {
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

fn read_words(body: &[u8], shape: &ErrorShape, sender: &Sender) -> Words {
    let shown = |text: &str| sender.shown(text);
    let said = serde_json::from_slice(body).unwrap_or(Value::Null);
    let message = shape
        .message
        .iter()
        .find_map(|key| look_up(&said, key)?.as_str());
    let code = shape
        .code
        .iter()
        .find_map(|key| match look_up(&said, key)? {
            Value::String(code) => Some(shown(code)),
            Value::Number(code) => Some(shown(&code.to_string())),
            _ => None,
        });
    let message = message.map_or_else(|| shown(&text::words(body)), shown);
    Words { message, code }
}

/// What is at a key; where there is none, at `b` of what is at `a` for a key `a.b`. Of a list its
/// first item counts.
fn look_up<'v>(value: &'v Value, key: &str) -> Option<&'v Value> {
    match value {
        Value::Array(items) => look_up(items.first()?, key),
        Value::Object(object) => object.get(key).or_else(|| {
            let (first, rest) = key.split_once('.')?;
            look_up(object.get(first)?, rest)
        }),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::auth::Credentials;

    const SHAPE: ErrorShape = ErrorShape {
        message: &["error", "message"],
        code: &["error_code"],
        conditions: &[],
        refused: &["NotReady", "Pool * is full"],
        failed: &["try again"],
    };

    fn nobody() -> Sender {
        let credentials = Arc::new(Credentials::none());
        Sender {
            credentials,
            own: None,
        }
    }

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
            let words = read_words(body.as_bytes(), &SHAPE, &nobody());
            assert_eq!(
                (&*words.message, words.code.as_deref()),
                (*message, *code),
                "{body}"
            );
        }
    }

    #[test]
    fn words_within_error_bodies() {
        const INNER: ErrorShape = ErrorShape {
            message: &["error.message", "errors.message", "a.b"],
            code: &["error.code", "errors.code"],
            ..SHAPE
        };
        let cases: &[(&str, &str, Option<&str>)] = &[
            (r#"{"error": {"code": 7, "message": "x"}}"#, "x", Some("7")),
            (
                r#"{"errors": [{"code": "A", "message": "first"}, {"message": "second"}]}"#,
                "first",
                Some("A"),
            ),
            (r#"{"a.b": "whole", "a": {"b": "parts"}}"#, "whole", None),
            (r#"[{"a": {"b": "listed"}}]"#, "listed", None),
            (r#"{"errors": []}"#, r#"{"errors": []}"#, None),
            (r#"{"error": "text"}"#, r#"{"error": "text"}"#, None),
        ];
        for (body, message, code) in cases {
            let words = read_words(body.as_bytes(), &INNER, &nobody());
            assert_eq!(
                (&*words.message, words.code.as_deref()),
                (*message, *code),
                "{body}"
            );
        }
    }

    #[test]
    fn delivery_follows_from_the_status_code_and_the_message() {
        use Delivery::{NotProcessed, Unknown};
        for (status, message, expected) in [
            (429, "", (NotProcessed, true)),
            (429, "please try again", (NotProcessed, true)),
            (500, "NotReadyException: x", (NotProcessed, true)),
            (
                500,
                "com.example.NotReadyException: x",
                (NotProcessed, true),
            ),
            (500, "Pool 7 is full", (NotProcessed, true)),
            (503, "NotReady", (NotProcessed, true)),
            (400, "NotReady", (NotProcessed, true)),
            (500, "the job printed: NotReady", (Unknown, false)),
            (500, "Error: NotReady", (Unknown, false)),
            (500, "Pool  is full", (Unknown, false)),
            (500, "Pool 7 is not full", (Unknown, false)),
            (500, "please try again", (Unknown, true)),
            (400, "please try again", (Unknown, true)),
            (401, "please try again", (Unknown, true)),
            (502, "", (Unknown, true)),
            (503, "", (Unknown, true)),
            (504, "", (Unknown, true)),
            (500, "", (Unknown, false)),
            (501, "", (Unknown, false)),
            (505, "", (Unknown, false)),
            (400, "", (NotProcessed, false)),
            (401, "", (NotProcessed, false)),
            (403, "", (NotProcessed, false)),
            (404, "", (NotProcessed, false)),
            (409, "", (NotProcessed, false)),
            (413, "", (NotProcessed, false)),
        ] {
            let status = StatusCode::from_u16(status).unwrap();
            assert_eq!(
                classify(status, message, &SHAPE),
                expected,
                "{status} {message}"
            );
        }
    }

    #[test]
    fn long_and_broken_bodies_are_cut() {
        let long = "é".repeat(5000);
        let words = read_words(long.as_bytes(), &SHAPE, &nobody());
        assert!(words.message.chars().count() <= 401 && words.message.ends_with('…'));
        let words = read_words(&[0xff, 0xfe, b'x'], &SHAPE, &nobody());
        assert!(words.message.contains('x'));
    }

    /// What no server may bring an error to show.
    const TOKEN: &str = "dapi0Mark1Mark2";

    fn known() -> Sender {
        let credentials = Credentials::bearer(TOKEN).unwrap();
        Sender {
            credentials: Arc::new(credentials),
            own: None,
        }
    }

    #[test]
    fn a_secret_is_found_wherever_it_stands() {
        for body in [
            format!("<pre>{TOKEN}</pre>"),
            "dapi0Mark\u{7}1Mark2".to_owned(),
            "dapi0\u{1b}[1mMark1\u{1b}[0mMark2".to_owned(),
            format!("{{\"error\": \"dapi0\\u00004{TOKEN}\", \"error_code\": \"{TOKEN}\"}}"),
            format!("{}{TOKEN}", "x".repeat(390)),
            format!("{}{TOKEN}", "\t".repeat(16 * 400 - 8)),
        ] {
            let words = read_words(body.as_bytes(), &SHAPE, &known());
            let told = format!("{words:?}");
            assert!(
                !told.contains("dapi0Ma") && !told.contains("Mark2"),
                "{told}"
            );
        }
    }

    #[test]
    fn any_body_can_be_told() {
        const PARTS: &[&str] = &[
            "{\"error\": \"",
            "\"}",
            "{\"error_code\": ",
            "\", \"message\": \"",
            "<pre>",
            "</pre>",
            "<title",
            ">",
            "&lt;",
            "&amp;",
            TOKEN,
            "dapi0Mark",
            "1Mark2",
            "\u{1b}",
            "[31m",
            "\u{7}",
            "\\u001b",
            "\n",
            " ",
            "\u{85}",
            "\u{202e}",
            "é",
            "𝄞",
            "0",
        ];
        arbtest::arbtest(|u| {
            let mut body = Vec::new();
            for _ in 0..u.int_in_range(0..=12)? {
                if u.ratio(1, 12)? {
                    body.push(u.arbitrary()?);
                } else {
                    let times = *u.choose(&[1, 1, 1, 450, 3300])?;
                    body.extend(u.choose(PARTS)?.repeat(times).bytes());
                }
            }
            let words = read_words(&body, &SHAPE, &known());
            for text in [Some(&words.message), words.code.as_ref()]
                .into_iter()
                .flatten()
            {
                assert!(!text.contains(TOKEN), "{text:?}");
                assert!(!text.contains(char::is_control), "{text:?}");
                assert!(text.chars().count() <= 401, "{text:?}");
            }
            Ok(())
        });
    }
}
