//! Fields of a request: JSON, form, multipart, or query string.

use std::collections::HashMap;

use axum::body::{Body, Bytes};
use axum::extract::{FromRequest, Multipart, Request};
use axum::http::header::CONTENT_TYPE;
use axum::http::request::Parts;
use axum::http::{HeaderMap, Uri};
use percent_encoding::percent_decode_str;
use serde_json::{Map, Value};

use super::body;
use super::response::ErrorResponse;
use crate::language::Language;

/// Fields of the API. Others, for example `options`, are ignored.
const KNOWN_FIELDS: [&str; 5] = ["clusterId", "contextId", "commandId", "language", "command"];

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

    /// Removes and returns a required field.
    pub(super) fn take(&mut self, name: &str) -> Result<String, ErrorResponse> {
        self.0
            .remove(name)
            .ok_or_else(|| ErrorResponse::missing(name))
    }

    /// Removes and returns the required field `language`.
    pub(super) fn take_language(&mut self) -> Result<Language, ErrorResponse> {
        let name = self.take("language")?;
        Language::parse(&name).ok_or_else(|| ErrorResponse::unknown_language(&name))
    }

    /// Adds a field if it is known. `value` is not evaluated for unknown fields, which may have any
    /// value.
    fn insert(
        &mut self,
        name: &str,
        value: impl FnOnce() -> Result<String, ErrorResponse>,
    ) -> Result<(), ErrorResponse> {
        if let Some(name) = KNOWN_FIELDS.into_iter().find(|known| *known == name) {
            self.0.insert(name, value()?);
        }
        Ok(())
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
    let object: Map<String, Value> = serde_json::from_slice(body).map_err(|error| {
        ErrorResponse::bad_request(format!(
            "JsonParseException: the request body is not a JSON object: {error}"
        ))
    })?;
    for (name, value) in object {
        if !value.is_null() {
            fields.insert(&name, || json_to_text(&name, value))?;
        }
    }
    Ok(fields)
}

/// Converts the value of a field to text. Ids may also be integers of up to 64 bits; other numbers
/// would lose digits.
fn json_to_text(name: &str, value: Value) -> Result<String, ErrorResponse> {
    match value {
        Value::String(text) => Ok(text),
        Value::Number(number) if name.ends_with("Id") && !number.is_f64() => Ok(number.to_string()),
        Value::Number(_) if name.ends_with("Id") => Err(ErrorResponse::bad_request(format!(
            "JsonMappingException: {name} is not a 64-bit integer; send it as a string"
        ))),
        _ => Err(ErrorResponse::bad_request(format!(
            "JsonMappingException: {name} is not a string"
        ))),
    }
}

fn parse_form(form: &str) -> Result<Fields, ErrorResponse> {
    let mut fields = Fields::default();
    for pair in form.split('&') {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let name = decode("a field name", name)?;
        fields.insert(&name, || decode(&name, value))?;
    }
    Ok(fields)
}

fn decode(name: &str, encoded: &str) -> Result<String, ErrorResponse> {
    // Before percent-decoding, which may produce a literal `+`.
    let encoded = encoded.replace('+', " ");
    utf8(name, percent_decode_str(&encoded).collect())
}

async fn parse_multipart(parts: Parts, body: Bytes) -> Result<Fields, ErrorResponse> {
    let request = Request::from_parts(parts, Body::from(body));
    let mut multipart = Multipart::from_request(request, &())
        .await
        .map_err(|rejection| malformed_multipart(&rejection.body_text()))?;
    let mut fields = Fields::default();
    while let Some(part) = multipart
        .next_field()
        .await
        .map_err(|error| malformed_multipart(&error.body_text()))?
    {
        let name = part.name().unwrap_or_default().to_owned();
        let value = part.bytes().await;
        let value = value.map_err(|error| malformed_multipart(&error.body_text()))?;
        fields.insert(&name, || utf8(&name, value.into()))?;
    }
    Ok(fields)
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
        for id in ["17936539641332489551234", "1.5", "true", "[1]"] {
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
    fn malformed_json_is_reported_with_its_position() {
        for body in ["{", "[]", "nope", r#"{"command": "\ud800"}"#, "\u{feff}{}"] {
            let error = json(body).unwrap_err();
            assert!(error.contains("line 1 column"), "{error}");
        }
    }
}
