//! Request bodies.

use std::sync::Arc;

use super::context::Context;
use super::draft::{InvalidField, Part};
use super::fields::{FieldNames, lower_fields};
use super::types::{FieldContext, lower_type};
use crate::diagnostics::messages::bodies as messages;
use crate::diagnostics::{Checked, Reported};
use crate::grammar::header::is_media_type;
use crate::model::names::{RustName, WireName};
use crate::model::{Body, Bounds, Field, Fixed, Method, Type};
use crate::read::raw::{Entry, Table};
use crate::source::text::Text;

/// Lowers the body of a request, and the values in it that are the same in every request.
pub(super) fn lower_body(
    cx: &mut Context<'_, '_>,
    endpoint: &Table,
    names: &mut FieldNames,
) -> Checked<(Body, Vec<Fixed>)> {
    let mut bodies = endpoint.entries.iter().filter(|entry| is_body(entry));
    let Some(first) = bodies.next() else {
        return Checked::ok((Body::Empty, Vec::new()));
    };
    let mut body = lower_one(cx, first, names);
    for other in bodies {
        // Its fields are lowered for their errors.
        lower_one(cx, other, &mut FieldNames::default());
        let diagnostic = messages::several_bodies(&first.key, &other.key);
        body.status = Err(cx.report(diagnostic));
    }
    body
}

/// Checks that the method allows a request body and a response body.
pub(super) fn check_bodies(
    cx: &mut Context<'_, '_>,
    endpoint: &Table,
    method: Method,
) -> Result<(), Reported> {
    let mut status = Ok(());
    let allows_get = endpoint.flag("body_with_get");
    let bodies = endpoint.entries.iter().filter(|entry| is_body(entry));
    if allows_get
        && let Some(key) = endpoint.entry("body_with_get").map(|entry| entry.key.span)
        && (method != Method::Get || bodies.clone().next().is_none())
    {
        status = Err(cx.report(messages::body_with_get_without_effect(key)));
    }
    // A value of the wrong kind has been reported.
    let is_unknown = endpoint
        .entry("body_with_get")
        .is_some_and(|entry| entry.value.is_none());
    let has_none = match method {
        Method::Get => !allows_get && !is_unknown,
        Method::Head => true,
        method => method.as_str() == "TRACE",
    };
    for body in bodies.filter(|_| has_none) {
        let http = endpoint.string("http");
        let diagnostic = messages::body_not_allowed(method, body.key.span, http);
        status = Err(cx.report(diagnostic));
    }
    let responses = ["response", "events", "lines"];
    let responses = responses.iter().filter_map(|key| endpoint.entry(key));
    for response in responses.filter(|_| method == Method::Head) {
        status = Err(cx.report(messages::response_to_head(response.key.span)));
    }
    status
}

/// Lowers the media type of a body, if it is not that of its encoding.
pub(super) fn lower_content_type(
    cx: &mut Context<'_, '_>,
    endpoint: &Table,
) -> Result<Option<String>, Reported> {
    let Some(entry) = endpoint.entry("content_type") else {
        return Ok(None);
    };
    let Some(text) = entry.string() else {
        return Err(cx.invalid(entry));
    };
    let body = endpoint.entries.iter().find(|entry| is_body(entry));
    let body = body.map(|body| &body.key);
    let encoding = body.map(Text::as_str);
    if !matches!(encoding, Some("json" | "form" | "multipart")) {
        return Err(cx.report(messages::content_type_without_effect(&entry.key, body)));
    }
    if !is_media_type(&text.value) {
        return Err(cx.report(messages::invalid_content_type(text)));
    }
    let essence = text.value.split(';').next().unwrap_or_default().trim();
    if encoding == Some("form") && !essence.eq_ignore_ascii_case(FORM) {
        return Err(cx.report(messages::content_type_of_form(text)));
    }
    if encoding == Some("multipart") && !text.value.eq_ignore_ascii_case(RELATED) {
        return Err(cx.report(messages::content_type_of_multipart(text)));
    }
    Ok(Some(text.as_str().to_owned()))
}

const FORM: &str = "application/x-www-form-urlencoded";
const RELATED: &str = "multipart/related";

fn is_body(entry: &Entry) -> bool {
    matches!(entry.key.as_str(), "json" | "body" | "form" | "multipart")
}

fn lower_one(
    cx: &mut Context<'_, '_>,
    entry: &Entry,
    names: &mut FieldNames,
) -> Checked<(Body, Vec<Fixed>)> {
    if let Some(text) = entry.string() {
        let body = Checked::or(lower_single_value(cx, entry, text, names), Body::Empty);
        return body.map(|body| (body, Vec::new()));
    }
    let (context, make): (_, fn(Vec<Field>) -> Body) = match entry.key.as_str() {
        "form" => (FieldContext::Form, Body::Form),
        "multipart" => (FieldContext::Multipart, Body::Multipart),
        _ => (FieldContext::RequestJson, Body::Json),
    };
    let Some(table) = entry.table() else {
        return Checked::or(Err(cx.invalid(entry)), (Body::Empty, Vec::new()));
    };
    lower_fields(cx, &table.entries, context, names).map(|it| (make(it.fields), it.fixed))
}

/// Lowers a body that is one value: JSON of a type, or bytes of a media type. It is the field `body` of
/// the request.
fn lower_single_value(
    cx: &mut Context<'_, '_>,
    entry: &Entry,
    text: &Text,
    names: &mut FieldNames,
) -> Result<Body, Reported> {
    let name = RustName::escape("body".to_owned());
    let rust = names.add(cx, name.clone(), entry.key.span, FieldContext::RequestJson);
    let is_json = entry.key.as_str() == "json";
    let ty = if is_json {
        lower_type(cx, text, FieldContext::Json)
    } else if is_media_type(&text.value) {
        Ok(Type::File)
    } else {
        Err(cx.report(messages::invalid_media_type(text)))
    };
    let checked = rust.and_then(|rust| Ok((rust, ty?)));
    let (rust, ty) = checked.inspect_err(|error| {
        cx.add_invalid(InvalidField {
            part: Part::Request,
            wire: "body".to_owned(),
            rust: Some(name),
            error: *error,
        });
    })?;
    let field = Field {
        wire: WireName::new("body"),
        rust,
        ty,
        style: None,
        default: None,
        bounds: Bounds::default(),
        only: None,
        is_boxed: false,
        deprecated: None,
        doc: Arc::default(),
        span: entry.key.span,
    };
    Ok(if is_json {
        Body::JsonValue(field)
    } else {
        Body::Raw(field, text.as_str().to_owned())
    })
}
