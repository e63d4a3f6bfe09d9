//! Fields of a request: JSON, form, multipart, or query string.
//!
//! Only known fields are kept in memory. Values of other fields are skipped without being decoded.

mod json;
mod names;

use std::collections::HashMap;

use axum::body::{Body, Bytes};
use axum::extract::multipart::MultipartError;
use axum::extract::{FromRequest, Multipart, Request};
use axum::http::header::CONTENT_TYPE;
use axum::http::request::Parts;
use axum::http::{HeaderMap, Uri};
use percent_encoding::percent_decode_str;

use self::names::KNOWN_FIELDS;
use super::body;
use super::response::ErrorResponse;
use crate::language::Language;
use crate::limits;

/// Known fields of a request, by name.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Fields(HashMap<&'static str, String>);

impl Fields {
    /// Parses the body of a POST request.
    ///
    /// The body is JSON unless `Content-Type` is that of a form or of multipart: known clients send
    /// JSON as `text/json` or without a content type.
    pub(super) async fn from_body(request: Request) -> Result<Self, ErrorResponse> {
        let (parts, body) = request.into_parts();
        let bytes = body::read(&parts.headers, body).await?;
        match media_type(&parts.headers).as_str() {
            "multipart/form-data" => parse_multipart(parts, bytes).await,
            "application/x-www-form-urlencoded" => {
                parse_form(&utf8("the request body", bytes.into())?)
            }
            _ => parse_json(&bytes),
        }
    }

    /// Parses the query string of a GET request.
    pub(super) fn from_query(uri: &Uri) -> Result<Self, ErrorResponse> {
        parse_form(uri.query().unwrap_or_default())
    }

    /// Removes and returns a required field that is an id or a name.
    pub(super) fn take(&mut self, name: &str) -> Result<String, ErrorResponse> {
        let value = self.take_unbounded(name)?;
        if value.len() > limits::ID_BYTES {
            return Err(ErrorResponse::too_long(name));
        }
        Ok(value)
    }

    /// Removes and returns a required field of any length.
    pub(super) fn take_unbounded(&mut self, name: &str) -> Result<String, ErrorResponse> {
        self.0
            .remove(name)
            .ok_or_else(|| ErrorResponse::missing(name))
    }

    /// Removes and returns the required field `language`.
    pub(super) fn take_language(&mut self) -> Result<Language, ErrorResponse> {
        let name = self.take("language")?;
        Language::parse(&name).ok_or_else(|| ErrorResponse::unknown_language(&name))
    }
}

fn media_type(headers: &HeaderMap) -> String {
    let value = headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok());
    let value = value.unwrap_or_default().split(';').next();
    value.unwrap_or_default().trim().to_ascii_lowercase()
}

/// An empty body has no fields. The error for a missing field is then clearer than a syntax error.
fn parse_json(body: &[u8]) -> Result<Fields, ErrorResponse> {
    let mut fields = Fields::default();
    if body.trim_ascii().is_empty() {
        return Ok(fields);
    }
    for (name, value) in json::parse(body)? {
        if let Some(text) = value.into_text(name)? {
            fields.0.insert(name, text);
        }
    }
    Ok(fields)
}

fn parse_form(form: &str) -> Result<Fields, ErrorResponse> {
    let mut fields = Fields::default();
    for pair in form.split('&') {
        let (encoded, value) = pair.split_once('=').unwrap_or((pair, ""));
        // Known names contain no space, so that `+` needs no decoding here.
        let name = KNOWN_FIELDS
            .into_iter()
            .find(|known| known.bytes().eq(percent_decode_str(encoded)));
        if let Some(name) = name {
            fields.0.insert(name, decode(name, value)?);
        }
    }
    Ok(fields)
}

fn decode(name: &str, encoded: &str) -> Result<String, ErrorResponse> {
    let mut bytes = Vec::with_capacity(encoded.len());
    // `+` is replaced before percent-decoding, which may produce a literal `+`.
    for (index, part) in encoded.split('+').enumerate() {
        if index > 0 {
            bytes.push(b' ');
        }
        bytes.extend(percent_decode_str(part));
    }
    utf8(name, bytes)
}

async fn parse_multipart(parts: Parts, body: Bytes) -> Result<Fields, ErrorResponse> {
    let request = Request::from_parts(parts, Body::from(body));
    let mut multipart = Multipart::from_request(request, &())
        .await
        .map_err(|rejection| malformed_multipart(&rejection.body_text()))?;
    let mut fields = Fields::default();
    while let Some(mut part) = multipart.next_field().await.map_err(malformed)? {
        let Some(name) = names::known(part.name().unwrap_or_default()) else {
            while part.chunk().await.map_err(malformed)?.is_some() {}
            continue;
        };
        let value = part.bytes().await.map_err(malformed)?;
        fields.0.insert(name, utf8(name, value.into())?);
    }
    Ok(fields)
}

#[expect(clippy::needless_pass_by_value, reason = "the signature of `map_err`")]
fn malformed(error: MultipartError) -> ErrorResponse {
    malformed_multipart(&error.body_text())
}

fn malformed_multipart(reason: &str) -> ErrorResponse {
    ErrorResponse::bad_request(format!("MultipartException: {reason}"))
}

fn utf8(name: &str, bytes: Vec<u8>) -> Result<String, ErrorResponse> {
    String::from_utf8(bytes).map_err(|error| {
        ErrorResponse::bad_request(format!(
            "CharacterCodingException: {name} is not UTF-8: {}",
            error.utf8_error()
        ))
    })
}

#[cfg(test)]
mod tests {
    use super::{Fields, parse_form, parse_json};

    fn json(body: &str) -> Result<Fields, String> {
        parse_json(body.as_bytes()).map_err(|error| format!("{error:?}"))
    }

    fn form(body: &str) -> Fields {
        parse_form(body).unwrap()
    }

    #[test]
    fn form_is_decoded() {
        let mut fields = form("command=a%26b%3D1+%2B+%F0%9F%98%80&clusterId=&x=1");
        assert_eq!(fields.take("command").unwrap(), "a&b=1 + 😀");
        assert_eq!(fields.take("clusterId").unwrap(), "");
        assert!(fields.take("x").is_err());
    }

    #[test]
    fn unencoded_characters_of_a_form_are_kept() {
        let mut fields = form(r#"command=f(sc,null,"dbfs:/somefile.log")&"#);
        let command = fields.take("command").unwrap();
        assert_eq!(command, r#"f(sc,null,"dbfs:/somefile.log")"#);
    }

    #[test]
    fn form_with_invalid_utf8_is_rejected() {
        assert!(parse_form("command=%ff").is_err());
    }

    #[test]
    fn ids_may_be_integers() {
        let mut fields = json(r#"{"contextId": 1793653964133248955}"#).unwrap();
        assert_eq!(fields.take("contextId").unwrap(), "1793653964133248955");
        for id in [
            "17936539641332489551234",
            "1.5",
            "true",
            "[1]",
            "{\"a\": [1]}",
        ] {
            let error = json(&format!(r#"{{"contextId": {id}}}"#)).unwrap_err();
            assert!(error.contains("contextId"), "{error}");
        }
        assert!(json(r#"{"command": 1}"#).is_err());
    }

    #[test]
    fn unknown_fields_are_ignored() {
        json(r#"{"options": {"displayRowLimit": 1}, "x": null, "clusterId": null}"#).unwrap();
    }

    #[test]
    fn the_last_of_repeated_fields_counts() {
        let mut fields =
            json(r#"{"clusterId": true, "clusterId": "a", "clusterId": "b"}"#).unwrap();
        assert_eq!(fields.take("clusterId").unwrap(), "b");
        let mut fields = form("clusterId=a&cluster%49d=b");
        assert_eq!(fields.take("clusterId").unwrap(), "b");
    }

    #[test]
    fn unknown_fields_may_be_deeply_nested() {
        let deep = 100_000;
        let (open, close) = ("[{\"a\":".repeat(deep), "}]".repeat(deep));
        let mut fields = json(&format!(r#"{{"x": {open}1{close}, "clusterId": "a"}}"#)).unwrap();
        assert_eq!(fields.take("clusterId").unwrap(), "a");
        let error = json(&format!(r#"{{"clusterId": {open}1{close}}}"#)).unwrap_err();
        assert!(error.contains("clusterId is not a string"), "{error}");
    }

    #[test]
    fn only_the_command_may_be_long() {
        let long = "x".repeat(100_000);
        let mut fields = json(&format!(
            r#"{{"clusterId": "{long}", "command": "{long}"}}"#
        ))
        .unwrap();
        let error = format!("{:?}", fields.take("clusterId").unwrap_err());
        assert!(
            error.contains("clusterId is longer than 1024 bytes"),
            "{error}"
        );
        assert_eq!(fields.take_unbounded("command").unwrap(), long);
    }

    #[test]
    fn messages_do_not_repeat_long_bodies() {
        let long = "x".repeat(100_000);
        for body in [format!("\"{long}\""), format!("{{\"{long}")] {
            let error = json(&body).unwrap_err();
            assert!(error.len() < 2000, "{} bytes", error.len());
        }
    }

    #[test]
    fn malformed_json_is_reported_with_its_position() {
        for body in ["{", "[]", "nope", r#"{"command": "\ud800"}"#, "\u{feff}{}"] {
            let error = json(body).unwrap_err();
            assert!(error.contains("line 1 column"), "{error}");
        }
    }
}
