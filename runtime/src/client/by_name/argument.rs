//! Arguments for the fields of an endpoint.

use serde_json::Value;

use super::value::FieldValue;
use crate::codec::secret::Secret;
use crate::codec::types::RawJson;
use crate::codec::upload::Upload;
use crate::error::{Error, ErrorKind};
use crate::operation::{Field, FieldKind};

/// Argument for a field of an [`Endpoint`](crate::operation::Endpoint).
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Argument {
    /// Text, which is parsed according to the [`FieldKind`] of the field.
    Text(String),
    /// JSON. The digits of its numbers and the order of its members are those of the text.
    Json(RawJson),
    /// File.
    File(Upload),
    /// List of files.
    Files(Vec<Upload>),
}

impl Argument {
    /// Returns the value of a field.
    ///
    /// # Errors
    ///
    /// Returns [`ErrorKind::InvalidInput`] if the argument is not a value of the field.
    pub(super) fn parse(&self, field: &Field<'_>) -> Result<FieldValue, Error> {
        match (self, field.kind) {
            (Self::Text(text), kind) => {
                parse_text(kind, text).ok_or_else(|| mismatch(field, "this text"))
            }
            (Self::Json(_), FieldKind::File | FieldKind::Files) => Err(mismatch(field, "JSON")),
            (Self::Json(value), kind) => {
                parse_json(kind, value).ok_or_else(|| mismatch(field, "this JSON"))
            }
            (Self::File(upload), FieldKind::File) => Ok(FieldValue::File(upload.clone())),
            (Self::File(upload), FieldKind::Files) => Ok(files(std::slice::from_ref(upload))),
            (Self::Files(uploads), FieldKind::Files) => Ok(files(uploads)),
            (Self::File(_), _) => Err(mismatch(field, "a file")),
            (Self::Files(_), _) => Err(mismatch(field, "a list of files")),
        }
    }
}

fn files(uploads: &[Upload]) -> FieldValue {
    FieldValue::List(uploads.iter().cloned().map(FieldValue::File).collect())
}

fn parse_text(kind: FieldKind, text: &str) -> Option<FieldValue> {
    let scalar = match kind {
        FieldKind::Text => return Some(FieldValue::Text(text.to_owned())),
        FieldKind::Secret => return Some(FieldValue::Secret(Secret::new(text))),
        FieldKind::File => return Some(FieldValue::File(Upload::path(text))),
        FieldKind::Files => return Some(files(&[Upload::path(text)])),
        FieldKind::Decimal => return text.parse().ok().map(FieldValue::Decimal),
        FieldKind::Json | FieldKind::RawJson | FieldKind::SecretJson => {
            return parse_json(kind, &text.parse().ok()?);
        }
        FieldKind::JsonOrText => {
            let json = text.parse().ok().and_then(|json| parse_json(kind, &json));
            return Some(json.unwrap_or_else(|| FieldValue::Text(text.to_owned())));
        }
        FieldKind::Bool => text.parse().ok().map(Value::Bool),
        FieldKind::Int => text.parse::<i64>().ok().map(Value::from),
        FieldKind::Uint => text.parse::<u64>().ok().map(Value::from),
        FieldKind::Float => parse_number(text),
    };
    FieldValue::from_json(&scalar?.into()).ok()
}

fn parse_json(kind: FieldKind, value: &RawJson) -> Option<FieldValue> {
    let parsed = match kind {
        FieldKind::RawJson => FieldValue::from_whole(value),
        FieldKind::Secret | FieldKind::SecretJson => FieldValue::from_secret(value),
        _ => FieldValue::from_json(value),
    };
    parsed.ok()
}

/// Parses a number. An integer stays an integer.
fn parse_number(text: &str) -> Option<Value> {
    if let Ok(whole) = text.parse::<i64>() {
        return Some(Value::from(whole));
    }
    let number = serde_json::Number::from_f64(text.parse().ok()?)?;
    Some(Value::Number(number))
}

fn mismatch(field: &Field<'_>, given: &str) -> Error {
    let text = format!(
        "the field `{}` is of type {}, not {given}",
        field.name, field.ty
    );
    Error::before_sending(ErrorKind::InvalidInput, text)
}
