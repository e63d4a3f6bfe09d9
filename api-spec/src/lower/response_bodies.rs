//! Bodies of responses.

use super::context::Context;
use super::fields::{FieldNames, lower_plain_fields};
use super::types::{FieldContext, lower_type};
use crate::diagnostics::Reported;
use crate::diagnostics::messages::names as name_messages;
use crate::model::names::RustName;
use crate::model::{Response, Struct};
use crate::read::raw::Entry;

/// Lowers a response body: the fields of an object, or a type.
pub(super) fn lower_body(
    cx: &mut Context<'_, '_>,
    entry: &Entry,
    name: RustName,
    names: &mut FieldNames,
) -> Result<Response, Reported> {
    if let Some(text) = entry.string() {
        return Ok(match text.value.trim() {
            "text" => Response::Text,
            "bytes" => Response::Bytes,
            "stream" => Response::Stream,
            _ => Response::Value(lower_type(cx, text, FieldContext::Json)?),
        });
    }
    let Some(table) = entry.table() else {
        return Err(cx.invalid(entry));
    };
    Ok(Response::Object(Struct {
        name,
        doc: String::new(),
        fields: lower_plain_fields(cx, &table.entries, FieldContext::Json, names)?,
        span: entry.key.span,
    }))
}

/// Checks that no response header has the name of the field for the body.
pub(super) fn check_body_field(
    cx: &mut Context<'_, '_>,
    response: &Response,
    headers: &FieldNames,
) -> Result<(), Reported> {
    let has_body_field = matches!(
        response,
        Response::Value(_) | Response::Text | Response::Bytes
    );
    let header = headers.get(&RustName::escape("body".to_owned()));
    match header.filter(|_| has_body_field) {
        Some(at) => Err(cx.report(name_messages::body_field_clash(at))),
        None => Ok(()),
    }
}
