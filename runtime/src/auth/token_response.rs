//! What OAuth servers answer.

use serde_json::{Map, Value};
use ureq::http::{Response, StatusCode};
use zeroize::Zeroizing;

use super::not_understood;
use crate::answer::{asked_pause, named, text};
use crate::codec::secret::Secret;
use crate::error::{Error, ErrorKind};

/// What must not be shown, even if a server says it.
pub(super) struct Mask(Vec<Secret>);

impl Mask {
    pub(super) fn new(secrets: Vec<Secret>) -> Self {
        Self(secrets)
    }

    /// A server's words on one line, cut, and without the secrets.
    fn shown(&self, words: &str) -> String {
        // Twice, as what is cleaned away may have stood within a secret.
        text::cut(self.hidden(&text::cleaned(&self.hidden(words))))
    }

    fn excerpt(&self, body: &[u8]) -> String {
        self.shown(&text::words(body))
    }

    fn hidden(&self, words: &str) -> String {
        let secrets = self.0.iter().map(Secret::expose);
        secrets
            .filter(|secret| !secret.is_empty())
            .fold(words.to_owned(), |words, secret| {
                words.replace(secret, "***")
            })
    }
}

/// The JSON object of a good answer of `what`.
pub(super) fn object(
    what: &str,
    response: Response<Vec<u8>>,
    mask: &Mask,
) -> Result<Map<String, Value>, Error> {
    let status = response.status();
    if status.is_redirection() {
        let message = format!("{what} answered with a redirect ({})", status.as_u16());
        return Err(not_understood(message).with_status(status.as_u16()));
    }
    if !status.is_success() {
        return Err(refused(what, &response, mask));
    }
    let body = Zeroizing::new(response.into_body());
    match serde_json::from_slice(&body) {
        Ok(Value::Object(object)) if object.contains_key("error") => {
            let (words, code) = words(&body, mask);
            let message = format!("{what} answered with an error: {words}");
            Err(Error::before_sending(ErrorKind::Status, message)
                .with_status(status.as_u16())
                .with_code(code))
        }
        Ok(Value::Object(object)) => Ok(object),
        _ => Err(no_object(what, &body, mask).with_status(status.as_u16())),
    }
}

/// What else than an object came. Text is shown only where it is a page: it may be a token.
fn no_object(what: &str, body: &[u8], mask: &Mask) -> Error {
    let message = match body.trim_ascii_start().first() {
        Some(b'<') => {
            let page = mask.excerpt(body);
            format!("{what} answered with a web page, not with JSON: {page}")
        }
        _ => format!("{what} answered with something other than an object of JSON"),
    };
    not_understood(message)
}

fn refused(what: &str, response: &Response<Vec<u8>>, mask: &Mask) -> Error {
    let status = response.status();
    let (words, code) = words(response.body(), mask);
    let said = if words.is_empty() {
        words
    } else {
        format!(": {words}")
    };
    let transient = matches!(
        status,
        StatusCode::TOO_MANY_REQUESTS
            | StatusCode::BAD_GATEWAY
            | StatusCode::SERVICE_UNAVAILABLE
            | StatusCode::GATEWAY_TIMEOUT
    );
    let message = format!("{what} refused with {}{said}", named(status));
    // The call that needs the token was not sent yet.
    Error::before_sending(ErrorKind::Status, message)
        .with_status(status.as_u16())
        .with_code(code)
        .with_transient(transient)
        .with_retry_after(asked_pause(response))
}

/// The words and the code of an error (RFC 6749, section 5.2).
fn words(body: &[u8], mask: &Mask) -> (String, Option<String>) {
    let Ok(Value::Object(object)) = serde_json::from_slice(body) else {
        return (mask.excerpt(body), None);
    };
    let text = |key| object.get(key).and_then(Value::as_str);
    let code = text("error").map(|code| mask.shown(code));
    let description = text("error_description").or_else(|| text("message"));
    match (code, description.map(|words| mask.shown(words))) {
        (Some(code), Some(words)) => (format!("{code}: {words}"), Some(code)),
        (Some(code), None) => (code.clone(), Some(code)),
        (None, Some(words)) => (words, None),
        (None, None) => (String::new(), None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(status: u16, body: &str) -> Error {
        let response = Response::builder().status(status);
        let response = response.body(body.as_bytes().to_vec()).unwrap();
        let mask = Mask::new(vec!["hunter2".into(), "".into()]);
        object("it", response, &mask).unwrap_err()
    }

    #[test]
    fn refusals() {
        for (status, body, expected, code) in [
            (
                400,
                r#"{"error": "invalid_scope", "error_description": "no\n\u001b[31msuch"}"#,
                "it refused with 400 Bad Request: invalid_scope: no such",
                Some("invalid_scope"),
            ),
            (
                401,
                r#"{"error": "invalid_client"}"#,
                "it refused with 401 Unauthorized: invalid_client",
                Some("invalid_client"),
            ),
            (
                400,
                r#"{"error": "hunter2", "error_description": "got hunter2!"}"#,
                "it refused with 400 Bad Request: ***: got ***!",
                Some("***"),
            ),
            (
                503,
                "<html><title>hunter2 down</title></html>",
                "it refused with 503 Service Unavailable: *** down",
                None,
            ),
            (404, "", "it refused with 404 Not Found", None),
            (404, "{}", "it refused with 404 Not Found", None),
            (
                200,
                r#"{"error": "oops", "access_token": "t"}"#,
                "it answered with an error: oops",
                Some("oops"),
            ),
        ] {
            let error = fault(status, body);
            assert_eq!((error.message(), error.code()), (expected, code), "{body}");
            assert_eq!(error.kind(), ErrorKind::Status);
            assert_eq!(error.status(), Some(status));
            assert_eq!(error.is_transient(), status == 503);
            assert!(!error.may_have_been_processed());
        }
    }

    #[test]
    fn answers_that_make_no_sense() {
        for (status, body, expected) in [
            (302, "", "it answered with a redirect (302)"),
            (
                200,
                "<html><title>Sign in</title></html>",
                "it answered with a web page, not with JSON: Sign in",
            ),
            (
                200,
                "dapi0123",
                "it answered with something other than an object of JSON",
            ),
            (
                200,
                "[]",
                "it answered with something other than an object of JSON",
            ),
            (
                200,
                "",
                "it answered with something other than an object of JSON",
            ),
        ] {
            let error = fault(status, body);
            assert_eq!(error.message(), expected, "{body}");
            assert_eq!(error.kind(), ErrorKind::InvalidResponse);
        }
    }
}
