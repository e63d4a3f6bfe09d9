//! Responses, response headers and error bodies.

use super::cases::lower_cases;
use super::context::Context;
use super::draft::{GeneratedNames, Role};
use super::event_streams::lower_event_stream;
use super::fields::{FieldNames, lower_plain_fields};
use super::response_bodies::{check_body_field, lower_body};
use super::shared::Shared;
use super::types::{FieldContext, lower_type};
use crate::diagnostics::Reported;
use crate::diagnostics::messages::responses as messages;
use crate::model::names::RustName;
use crate::model::{Method, Response, ResponseHeaders, Type};
use crate::read::raw::{Entry, Table};

/// Lowers the response body and the response headers of an endpoint.
pub(super) fn lower_response(
    cx: &mut Context<'_, '_>,
    endpoint: &Table,
    method: Option<Method>,
    generated: &mut GeneratedNames,
) -> Result<(Response, Option<ResponseHeaders>), Reported> {
    let single = check_single(cx, endpoint);
    if let Some(responses) = endpoint.entry("responses") {
        let response = lower_cases(cx, endpoint, responses, generated)?;
        return single.map(|()| (response, None));
    }
    let by_status = check_no_headers_by_status(cx, endpoint);
    if let Some(events) = endpoint.entry("events").or(endpoint.entry("lines")) {
        let response = lower_event_stream(cx, events, endpoint.string("http"), method, generated);
        return single.and(by_status).and(response).map(|it| (it, None));
    }
    by_status?;
    let body = endpoint.entry("response");
    let headers = endpoint.table("response_headers");
    // The fields of an object and the headers share one struct.
    let has_struct = headers.is_some() || body.is_some_and(|body| body.table().is_some());
    let name = if has_struct {
        generated.add_type("Response", Role::Response)
    } else {
        RustName::escape(String::new())
    };
    let mut names = FieldNames::default();
    let response = match body {
        Some(body) => lower_body(cx, body, name.clone(), &mut names),
        None => Ok(Response::Nothing),
    };
    let headers = headers.map(|table| {
        lower_plain_fields(cx, &table.entries, FieldContext::ResponseHeader, &mut names)
    });
    let headers = headers.transpose();
    let response = response?;
    check_body_field(cx, &response, &names)?;
    let headers = headers?.map(|headers| ResponseHeaders { name, headers });
    Ok((response, headers))
}

/// Lowers the type of error bodies.
pub(super) fn lower_error(
    cx: &mut Context<'_, '_>,
    endpoint: &Table,
    shared: &Shared<'_>,
) -> Result<Option<Type>, Reported> {
    if let Some(text) = endpoint.string("error") {
        return lower_type(cx, text, FieldContext::Json).map(Some);
    }
    let Some((ty, uses)) = shared.error() else {
        return Ok(None);
    };
    cx.add_uses(uses);
    Ok(Some(ty.clone()))
}

/// Checks that the response of an endpoint is declared by one key.
fn check_single(cx: &mut Context<'_, '_>, endpoint: &Table) -> Result<(), Reported> {
    let keys = [
        "responses",
        "events",
        "lines",
        "response",
        "response_headers",
    ];
    let mut declared = keys.iter().filter_map(|key| endpoint.entry(key));
    let Some(first) = declared.next() else {
        return Ok(());
    };
    // The response headers are a part of a response, and are declared for all status codes.
    let is_part = |entry: &Entry| {
        entry.key.value == "response_headers"
            && ["response", "responses"].contains(&first.key.as_str())
    };
    let mut status = Ok(());
    for other in declared.filter(|entry| !is_part(entry)) {
        status = Err(cx.report(messages::several_responses(&first.key, &other.key)));
    }
    status
}

/// Checks that headers by status code are declared beside responses by status code only.
fn check_no_headers_by_status(cx: &mut Context<'_, '_>, endpoint: &Table) -> Result<(), Reported> {
    match endpoint.entry("headers_by_status") {
        Some(entry) => Err(cx.report(messages::headers_without_responses(&entry.key))),
        None => Ok(()),
    }
}
