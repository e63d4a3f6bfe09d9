//! Responses of OAuth servers.

use serde_json::{Map, Value};
use ureq::http::{Response, StatusCode};
use zeroize::Zeroizing;

use super::error::invalid_response;
use crate::codec::json;
use crate::error::{Error, ErrorKind};
use crate::error_response::{retry_after, status_text};
use crate::redact::{Redactor, ServerText};

/// Decodes the JSON object of a successful response. `source` names the server in errors.
pub(super) fn decode_object(
    source: &str,
    response: Response<Vec<u8>>,
    redactor: &Redactor,
) -> Result<Map<String, Value>, Error> {
    let status = response.status();
    if status.is_redirection() {
        let message = format!("{source} responded with a redirect ({})", status.as_u16());
        return Err(invalid_response(message).with_status(status.as_u16()));
    }
    if !status.is_success() {
        return Err(status_error(source, &response, redactor));
    }
    let body = Zeroizing::new(response.into_body());
    match json::parse(&body) {
        Ok(Value::Object(object)) if object.contains_key("error") => {
            let (text, code) = error_text(&body, redactor);
            let message = format!("{source} responded with an error: {text}");
            Err(Error::before_sending(ErrorKind::Status, message)
                .with_status(status.as_u16())
                .with_code(code))
        }
        Ok(Value::Object(object)) => Ok(object),
        _ => Err(not_an_object(source, &body, redactor).with_status(status.as_u16())),
    }
}

/// The message shows the text of web pages only: any other body may be a token.
fn not_an_object(source: &str, body: &[u8], redactor: &Redactor) -> Error {
    let message = match body.trim_ascii_start().first() {
        Some(b'<') => {
            let page = redactor.excerpt(body);
            format!("{source} responded with a web page instead of JSON: {page}")
        }
        _ => format!("the response of {source} is not a JSON object"),
    };
    invalid_response(message)
}

fn status_error(source: &str, response: &Response<Vec<u8>>, redactor: &Redactor) -> Error {
    let status = response.status();
    let (text, code) = error_text(response.body(), redactor);
    let detail = match text {
        text if text.is_empty() => text,
        text => format!(": {text}"),
    };
    let transient = matches!(
        status,
        StatusCode::TOO_MANY_REQUESTS
            | StatusCode::BAD_GATEWAY
            | StatusCode::SERVICE_UNAVAILABLE
            | StatusCode::GATEWAY_TIMEOUT
    );
    let message = format!("{source} responded with {}{detail}", status_text(status));
    // The request that needs the token has not been sent yet.
    Error::before_sending(ErrorKind::Status, message)
        .with_status(status.as_u16())
        .with_code(code)
        .with_transient(transient)
        .with_retry_after(retry_after(response.headers()))
}

/// Returns the message and the code of an error (RFC 6749, section 5.2).
fn error_text(body: &[u8], redactor: &Redactor) -> (String, Option<String>) {
    let Ok(Value::Object(object)) = json::parse(body) else {
        return (redactor.excerpt(body), None);
    };
    let text = |key| object.get(key).and_then(Value::as_str).map(ServerText::new);
    let code = text("error").map(|code| redactor.line(code));
    let description = text("error_description").or_else(|| text("message"));
    match (code, description.map(|text| redactor.line(text))) {
        (Some(code), Some(text)) => (format!("{code}: {text}"), Some(code)),
        (Some(code), None) => (code.clone(), Some(code)),
        (None, Some(text)) => (text, None),
        (None, None) => (String::new(), None),
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn error(status: u16, body: &str) -> Error {
        let response = Response::builder().status(status);
        let response = response.body(body.as_bytes().to_vec()).unwrap();
        let redactor = Redactor::new(["hunter2".into(), "".into()]);
        decode_object("it", response, &redactor).unwrap_err()
    }

    #[test]
    fn error_responses_are_decoded_and_redacted() {
        for (status, body, expected, code) in [
            (
                400,
                r#"{"error": "invalid_scope", "error_description": "no\n\u001b[31msuch"}"#,
                "it responded with 400 Bad Request: invalid_scope: no such",
                Some("invalid_scope"),
            ),
            (
                401,
                r#"{"error": "invalid_client"}"#,
                "it responded with 401 Unauthorized: invalid_client",
                Some("invalid_client"),
            ),
            (
                400,
                r#"{"error": "hunter2", "error_description": "got hunter2!"}"#,
                "it responded with 400 Bad Request: ***: got ***!",
                Some("***"),
            ),
            (
                503,
                "<html><title>hunter2 down</title></html>",
                "it responded with 503 Service Unavailable: *** down",
                None,
            ),
            (404, "", "it responded with 404 Not Found", None),
            (404, "{}", "it responded with 404 Not Found", None),
            (
                200,
                r#"{"error": "oops", "access_token": "t"}"#,
                "it responded with an error: oops",
                Some("oops"),
            ),
        ] {
            let error = error(status, body);
            assert_eq!((error.message(), error.code()), (expected, code), "{body}");
            assert_eq!(error.kind(), ErrorKind::Status);
            assert_eq!(error.status(), Some(status));
            assert_eq!(error.is_transient(), status == 503);
            assert!(!error.may_have_been_processed());
        }
    }

    #[test]
    fn requested_delay_is_that_of_the_header() {
        let response = Response::builder().status(429).header("retry-after", "7");
        let response = response.body(Vec::new()).unwrap();
        let redactor = Redactor::new([]);
        let error = decode_object("it", response, &redactor).unwrap_err();
        assert_eq!(error.retry_after(), Some(Duration::from_secs(7)));
        assert!(error.is_transient());
    }

    #[test]
    fn invalid_responses_are_rejected() {
        for (status, body, expected) in [
            (302, "", "it responded with a redirect (302)"),
            (
                200,
                "<html><title>Sign in</title></html>",
                "it responded with a web page instead of JSON: Sign in",
            ),
            (200, "dapi0123", "the response of it is not a JSON object"),
            (200, "[]", "the response of it is not a JSON object"),
            (200, "", "the response of it is not a JSON object"),
        ] {
            let error = error(status, body);
            assert_eq!(error.message(), expected, "{body}");
            assert_eq!(error.kind(), ErrorKind::InvalidResponse);
        }
    }
}
