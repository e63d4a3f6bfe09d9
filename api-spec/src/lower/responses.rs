//! Responses, response headers and error bodies.

use super::cases::lower_cases;
use super::context::Context;
use super::draft::{GeneratedNames, Role};
use super::event_streams::lower_event_stream;
use super::fields::{FieldNames, lower_plain_fields};
use super::response_bodies::{check_body_field, lower_body};
use super::shared::Shared;
use super::types::{FieldContext, lower_type};
use crate::diagnostics::messages::responses as messages;
use crate::diagnostics::{Checked, Reported};
use crate::model::names::RustName;
use crate::model::{Method, Response, ResponseHeaders, Type};
use crate::read::raw::{Entry, Table};

/// Lowers the response body and the response headers of an endpoint.
pub(super) fn lower_response(
    cx: &mut Context<'_, '_>,
    endpoint: &Table,
    method: Option<Method>,
    generated: &mut GeneratedNames,
) -> Checked<(Response, Option<ResponseHeaders>)> {
    let single = check_single(cx, endpoint);
    let by_status = check_headers_by_status(cx, endpoint);
    let events = endpoint.entry("events").or(endpoint.entry("lines"));
    let mut response = if let Some(responses) = endpoint.entry("responses") {
        lower_cases(cx, endpoint, responses, generated).map(|response| (response, None))
    } else if let Some(events) = events {
        lower_events(cx, endpoint, events, method, generated)
    } else {
        lower_single(cx, endpoint, generated)
    };
    response.status = response.status.and(single).and(by_status);
    response
}

/// Lowers the only response of an endpoint.
fn lower_single(
    cx: &mut Context<'_, '_>,
    endpoint: &Table,
    generated: &mut GeneratedNames,
) -> Checked<(Response, Option<ResponseHeaders>)> {
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
        None => Checked::ok(Response::Nothing),
    };
    let headers = headers.map(|table| lower_headers(cx, table, name, &mut names));
    let clash = check_body_field(cx, &response.value, &names);
    let status = headers.as_ref().map_or(Ok(()), |headers| headers.status);
    Checked {
        value: (response.value, headers.map(|headers| headers.value)),
        status: response.status.and(status).and(clash),
    }
}

/// Lowers a response of items. It is the field `body` beside headers.
fn lower_events(
    cx: &mut Context<'_, '_>,
    endpoint: &Table,
    events: &Entry,
    method: Option<Method>,
    generated: &mut GeneratedNames,
) -> Checked<(Response, Option<ResponseHeaders>)> {
    let http = endpoint.string("http");
    let response = lower_event_stream(cx, events, http, method, generated);
    let Some(table) = endpoint.table("response_headers") else {
        return response.map(|response| (response, None));
    };
    let name = generated.add_type("Response", Role::Response);
    let mut names = FieldNames::default();
    let headers = lower_headers(cx, table, name, &mut names);
    let clash = check_body_field(cx, &response.value, &names);
    Checked {
        value: (response.value, Some(headers.value)),
        status: response.status.and(headers.status).and(clash),
    }
}

fn lower_headers(
    cx: &mut Context<'_, '_>,
    table: &Table,
    name: RustName,
    names: &mut FieldNames,
) -> Checked<ResponseHeaders> {
    let headers = lower_plain_fields(cx, &table.entries, FieldContext::ResponseHeader, names);
    headers.map(|headers| ResponseHeaders { name, headers })
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
        entry.key.as_str() == "response_headers" && first.key.as_str() != "response_headers"
    };
    let mut status = Ok(());
    for other in declared.filter(|entry| !is_part(entry)) {
        status = Err(cx.report(messages::several_responses(&first.key, &other.key)));
    }
    status
}

/// Checks that headers by status code are declared beside responses by status code.
fn check_headers_by_status(cx: &mut Context<'_, '_>, endpoint: &Table) -> Result<(), Reported> {
    match endpoint.entry("headers_by_status") {
        Some(entry) if endpoint.entry("responses").is_none() => {
            endpoint.lost?;
            Err(cx.report(messages::headers_without_responses(&entry.key)))
        }
        _ => Ok(()),
    }
}
