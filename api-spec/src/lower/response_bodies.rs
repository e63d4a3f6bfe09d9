//! Bodies of responses.

use super::context::Context;
use super::fields::{FieldNames, lower_plain_fields};
use super::types::{FieldContext, lower_type};
use crate::diagnostics::messages::names as name_messages;
use crate::diagnostics::messages::responses as messages;
use crate::diagnostics::{Checked, Reported};
use crate::language::foreign_response;
use crate::model::names::RustName;
use crate::model::{Response, Struct};
use crate::read::raw::Entry;

/// Lowers a response body: the fields of an object, or a type.
pub(super) fn lower_body(
    cx: &mut Context<'_, '_>,
    entry: &Entry,
    name: RustName,
    names: &mut FieldNames,
) -> Checked<Response> {
    if let Some(text) = entry.string() {
        return match text.value.trim() {
            "text" => Checked::ok(Response::Text),
            "bytes" => Checked::ok(Response::Bytes),
            "stream" => Checked::ok(Response::Stream),
            word => {
                let value = match foreign_response(word) {
                    Some(help) => Err(cx.report(messages::unknown_body(text, help))),
                    None => lower_type(cx, text, FieldContext::Json).map(Response::Value),
                };
                Checked::or(value, Response::Nothing)
            }
        };
    }
    let Some(table) = entry.table() else {
        return Checked::or(Err(cx.invalid(entry)), Response::Nothing);
    };
    let fields = lower_plain_fields(cx, &table.entries, FieldContext::Json, names);
    fields.map(|fields| {
        Response::Object(Struct {
            name,
            doc: String::new(),
            fields,
            with: Vec::new(),
            span: entry.key.span,
        })
    })
}

/// Checks that no response header has the name of the field for the body.
pub(super) fn check_body_field(
    cx: &mut Context<'_, '_>,
    response: &Response,
    headers: &FieldNames,
) -> Result<(), Reported> {
    let has_body_field = matches!(
        response,
        Response::Value(_) | Response::Text | Response::Bytes | Response::Events(_)
    );
    let header = headers.get(&RustName::escape("body".to_owned()));
    match header.filter(|_| has_body_field) {
        Some(at) => Err(cx.report(name_messages::body_field_clash(at))),
        None => Ok(()),
    }
}
