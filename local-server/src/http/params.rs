//! Parameters of requests to the 2.0 APIs: JSON, or the query string.

use std::fmt;

use axum::extract::Request;
use percent_encoding::percent_decode_str;
use serde::de::{DeserializeOwned, Deserializer, Error, Visitor};
use serde_json::Value;

use super::body;
use super::response::ErrorResponse;
use crate::limits;

/// Reads the parameters of a request.
///
/// The body is JSON for every content type: `curl -d` sends that of a form. A GET request may have its
/// parameters in the body, which some examples of the documentation do.
pub(super) async fn read<T: DeserializeOwned>(request: Request) -> Result<T, ErrorResponse> {
    let (parts, body) = request.into_parts();
    let body = body::read(&parts.headers, body).await?;
    match parts.uri.query() {
        Some(query) if !query.is_empty() => from_query(query),
        _ => from_json(&body),
    }
}

/// An empty body has no parameters. The error for a missing one is then clearer than a syntax error.
fn from_json<T: DeserializeOwned>(body: &[u8]) -> Result<T, ErrorResponse> {
    let body = body.trim_ascii();
    let body = if body.is_empty() { b"{}" } else { body };
    if body.first() != Some(&b'{') {
        // A list would be read as the fields in their order.
        let message = "Could not parse request object: expected a JSON object";
        return Err(ErrorResponse::malformed(message.to_owned()));
    }
    serde_json::from_slice(body).map_err(|error| malformed(&error))
}

fn from_query<T: DeserializeOwned>(query: &str) -> Result<T, ErrorResponse> {
    let pairs = query.split('&').map(|pair| {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        (decode(name), Value::String(decode(value)))
    });
    serde_json::from_value(Value::Object(pairs.collect())).map_err(|error| malformed(&error))
}

fn decode(encoded: &str) -> String {
    let text = encoded.replace('+', " ");
    percent_decode_str(&text).decode_utf8_lossy().into_owned()
}

fn malformed(error: &serde_json::Error) -> ErrorResponse {
    ErrorResponse::malformed(format!("Could not parse request object: {error}"))
}

/// Returns a required parameter.
pub(super) fn required<T>(value: Option<T>, name: &str) -> Result<T, ErrorResponse> {
    value.ok_or_else(|| ErrorResponse::invalid(format!("Missing required field: {name}")))
}

/// Returns a required parameter that is an id.
pub(super) fn required_id(value: Option<String>, name: &str) -> Result<String, ErrorResponse> {
    let id = required(value, name)?;
    if id.len() > limits::ID_BYTES {
        let limit = limits::ID_BYTES;
        return Err(ErrorResponse::invalid(format!(
            "{name} is longer than {limit} bytes"
        )));
    }
    Ok(id)
}

/// Deserializes an integer, or a string that contains one.
pub(super) fn integer<'de, D: Deserializer<'de>>(from: D) -> Result<Option<i64>, D::Error> {
    from.deserialize_any(IntegerVisitor)
}

/// Deserializes a boolean, or a string that contains one.
pub(super) fn flag<'de, D: Deserializer<'de>>(from: D) -> Result<bool, D::Error> {
    from.deserialize_any(FlagVisitor)
}

struct IntegerVisitor;

impl Visitor<'_> for IntegerVisitor {
    type Value = Option<i64>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an integer")
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_i64<E>(self, number: i64) -> Result<Self::Value, E> {
        Ok(Some(number))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Self::Value, E> {
        i64::try_from(number).map(Some).map_err(E::custom)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
        text.parse().map(Some).map_err(E::custom)
    }
}

struct FlagVisitor;

impl Visitor<'_> for FlagVisitor {
    type Value = bool;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a boolean")
    }

    fn visit_unit<E>(self) -> Result<bool, E> {
        Ok(false)
    }

    fn visit_bool<E>(self, value: bool) -> Result<bool, E> {
        Ok(value)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<bool, E> {
        parse_flag(text).ok_or_else(|| E::custom("expected `true` or `false`"))
    }
}

/// Parses `true` or `false`, in any case.
pub(super) fn parse_flag(text: &str) -> Option<bool> {
    match text.trim() {
        text if text.eq_ignore_ascii_case("true") => Some(true),
        text if text.eq_ignore_ascii_case("false") => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::{flag, from_json, from_query, integer};

    #[derive(Debug, Default, PartialEq, Deserialize)]
    #[serde(default)]
    struct Params {
        path: Option<String>,
        #[serde(deserialize_with = "integer")]
        handle: Option<i64>,
        #[serde(deserialize_with = "flag")]
        overwrite: bool,
    }

    #[test]
    fn query_and_json_are_equivalent() {
        let expected = Params {
            path: Some("/a b+ü".to_owned()),
            handle: Some(9_007_199_254_740_993),
            overwrite: true,
        };
        let query = "path=%2Fa+b%2B%C3%BC&handle=9007199254740993&overwrite=True&other=1";
        assert_eq!(from_query::<Params>(query).unwrap(), expected);
        for body in [
            r#"{"path": "/a b+ü", "handle": 9007199254740993, "overwrite": true, "other": [[]]}"#,
            r#" {"path": "/a b+ü", "handle": "9007199254740993", "overwrite": "true"} "#,
        ] {
            assert_eq!(from_json::<Params>(body.as_bytes()).unwrap(), expected);
        }
    }

    #[test]
    fn absent_and_null_are_equivalent() {
        for body in [
            "",
            "  ",
            "{}",
            r#"{"path": null, "handle": null, "overwrite": null}"#,
        ] {
            assert_eq!(
                from_json::<Params>(body.as_bytes()).unwrap(),
                Params::default()
            );
        }
    }

    #[test]
    fn malformed_parameters_are_reported() {
        for body in ["{", "nope", "[1]", r#"{"path": 1}"#, r#"{"handle": 1.5}"#] {
            let error = format!("{:?}", from_json::<Params>(body.as_bytes()).unwrap_err());
            assert!(error.contains("MALFORMED_REQUEST"), "{error}");
        }
        assert!(from_query::<Params>("handle=x").is_err());
        assert!(from_query::<Params>("overwrite=x").is_err());
    }
}
