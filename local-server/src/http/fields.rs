//! The fields of a request, whichever way they were sent.

use std::collections::HashMap;

use axum::body::{Body, Bytes};
use axum::extract::{FromRequest, Multipart, Request};
use axum::http::header::CONTENT_TYPE;
use axum::http::request::Parts;
use axum::http::{HeaderMap, Uri};
use percent_encoding::percent_decode_str;
use serde_json::{Map, Value};

use super::response::Problem;
use super::body;
use crate::language::Language;

/// The fields the API has; others are ignored, such as `options`.
const KNOWN: [&str; 5] = ["clusterId", "contextId", "commandId", "language", "command"];

/// The fields that were sent, by name.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Fields(HashMap<&'static str, String>);

impl Fields {
    /// The fields of a POST: multipart and form where the type says so, JSON otherwise. Real
    /// clients send JSON as `text/json` and without a type too.
    pub(super) async fn of_body(request: Request) -> Result<Self, Problem> {
        let (parts, body) = request.into_parts();
        let bytes = body::read(&parts.headers, body).await?;
        match media_type(&parts.headers).as_str() {
            "multipart/form-data" => parse_multipart(parts, bytes).await,
            "application/x-www-form-urlencoded" => parse_form(&text("the body", bytes.into())?),
            _ => parse_json(&bytes),
        }
    }

    /// The fields of a GET.
    pub(super) fn of_query(uri: &Uri) -> Result<Self, Problem> {
        parse_form(uri.query().unwrap_or_default())
    }

    /// A field the endpoint cannot do without.
    pub(super) fn take(&mut self, name: &str) -> Result<String, Problem> {
        self.0.remove(name).ok_or_else(|| Problem::missing(name))
    }

    /// The field `language`.
    pub(super) fn take_language(&mut self) -> Result<Language, Problem> {
        let name = self.take("language")?;
        Language::parse(&name).ok_or_else(|| Problem::unknown_language(&name))
    }

    fn put(
        &mut self,
        name: &str,
        value: impl FnOnce() -> Result<String, Problem>,
    ) -> Result<(), Problem> {
        if let Some(name) = KNOWN.into_iter().find(|known| *known == name) {
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

/// An empty body has no fields: which one is missing is the better message.
fn parse_json(body: &[u8]) -> Result<Fields, Problem> {
    let mut fields = Fields::default();
    if body.trim_ascii().is_empty() {
        return Ok(fields);
    }
    let object: Map<String, Value> = serde_json::from_slice(body).map_err(|error| {
        Problem::bad_request(format!(
            "JsonParseException: the body is not a JSON object: {error}"
        ))
    })?;
    for (name, value) in object {
        if !value.is_null() {
            fields.put(&name, || json_text(&name, value))?;
        }
    }
    Ok(fields)
}

/// Ids are strings, but a client may send one as a number, as long as it is exact.
fn json_text(name: &str, value: Value) -> Result<String, Problem> {
    match value {
        Value::String(text) => Ok(text),
        Value::Number(number) if name.ends_with("Id") && !number.is_f64() => Ok(number.to_string()),
        Value::Number(_) if name.ends_with("Id") => Err(Problem::bad_request(format!(
            "JsonMappingException: {name} is not a whole number of 64 bits; send it as a string"
        ))),
        _ => Err(Problem::bad_request(format!(
            "JsonMappingException: {name} is not a string"
        ))),
    }
}

fn parse_form(form: &str) -> Result<Fields, Problem> {
    let mut fields = Fields::default();
    for pair in form.split('&') {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let name = decode("a name", name)?;
        fields.put(&name, || decode(&name, value))?;
    }
    Ok(fields)
}

fn decode(name: &str, encoded: &str) -> Result<String, Problem> {
    let spaced = encoded.replace('+', " ");
    text(name, percent_decode_str(&spaced).collect())
}

async fn parse_multipart(parts: Parts, body: Bytes) -> Result<Fields, Problem> {
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
        fields.put(&name, || text(&name, value.into()))?;
    }
    Ok(fields)
}

fn malformed_multipart(why: &str) -> Problem {
    Problem::bad_request(format!("MultipartException: {why}"))
}

fn text(name: &str, bytes: Vec<u8>) -> Result<String, Problem> {
    String::from_utf8(bytes).map_err(|error| {
        Problem::bad_request(format!(
            "CharacterCodingException: {name} is not UTF-8: {}",
            error.utf8_error()
        ))
    })
}

#[cfg(test)]
mod tests {
    use super::{Fields, parse_form, parse_json};

    fn json(body: &str) -> Result<Fields, String> {
        parse_json(body.as_bytes()).map_err(|problem| format!("{problem:?}"))
    }

    fn form(body: &str) -> Fields {
        parse_form(body).unwrap()
    }

    #[test]
    fn forms_are_decoded() {
        let mut fields = form("command=a%26b%3D1+%2B+%F0%9F%98%80&clusterId=&x=1");
        assert_eq!(fields.take("command").unwrap(), "a&b=1 + 😀");
        assert_eq!(fields.take("clusterId").unwrap(), "");
        assert!(fields.take("x").is_err());
    }

    #[test]
    fn raw_characters_of_a_form_stay_as_they_are() {
        let mut fields = form(r#"command=f(sc,null,"dbfs:/somefile.log")&"#);
        let command = fields.take("command").unwrap();
        assert_eq!(command, r#"f(sc,null,"dbfs:/somefile.log")"#);
    }

    #[test]
    fn a_form_that_is_not_text_is_refused() {
        assert!(parse_form("command=%ff").is_err());
    }

    #[test]
    fn ids_may_be_whole_numbers() {
        let mut fields = json(r#"{"contextId": 1793653964133248955}"#).unwrap();
        assert_eq!(fields.take("contextId").unwrap(), "1793653964133248955");
        for id in ["17936539641332489551234", "1.5", "true", "[1]"] {
            let refused = json(&format!(r#"{{"contextId": {id}}}"#)).unwrap_err();
            assert!(refused.contains("contextId"), "{refused}");
        }
        assert!(json(r#"{"command": 1}"#).is_err());
    }

    #[test]
    fn unknown_keys_may_hold_anything() {
        json(r#"{"options": {"displayRowLimit": 1}, "x": null, "clusterId": null}"#).unwrap();
    }

    #[test]
    fn malformed_json_says_where() {
        for body in ["{", "[]", "nope", r#"{"command": "\ud800"}"#, "\u{feff}{}"] {
            let refused = json(body).unwrap_err();
            assert!(refused.contains("line 1 column"), "{refused}");
        }
    }
}
