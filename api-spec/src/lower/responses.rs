//! Responses, response headers and error bodies.

use super::context::Context;
use super::draft::{GeneratedNames, Role};
use super::fields::{FieldNames, lower_plain_fields};
use super::shared::Shared;
use super::types::{FieldContext, lower_type};
use crate::diagnostics::messages::endpoints as messages;
use crate::diagnostics::messages::names as name_messages;
use crate::diagnostics::{Checked, Reported, collect_valid};
use crate::model::names::RustName;
use crate::model::{Case, Cases, Response, ResponseHeaders, Struct, Type};
use crate::read::raw::{Entry, Table};
use crate::source::text::Text;

/// Lowers the response body and the response headers of an endpoint.
pub(super) fn lower_response(
    cx: &mut Context<'_, '_>,
    endpoint: &Table,
    generated: &mut GeneratedNames,
) -> Checked<(Response, Option<ResponseHeaders>)> {
    if let Some(responses) = endpoint.entry("responses") {
        let single = check_single_response(cx, endpoint, &responses.key);
        let mut response = lower_cases(cx, responses, generated);
        response.status = response.status.and(single);
        return response.map(|response| (response, None));
    }
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
        Some(body) => lower_shape(cx, body, name.clone(), &mut names),
        None => Checked::ok(Response::Nothing),
    };
    let headers = headers.map(|table| {
        lower_plain_fields(cx, &table.entries, FieldContext::ResponseHeader, &mut names)
    });
    let clash = check_body_field(cx, &response.value, &names);
    let status = headers.as_ref().map_or(Ok(()), |headers| headers.status);
    let headers = headers.map(|headers| ResponseHeaders {
        name,
        headers: headers.value,
    });
    Checked {
        value: (response.value, headers),
        status: response.status.and(status).and(clash),
    }
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

/// Lowers a response body: the fields of an object, or a type.
fn lower_shape(
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
            _ => {
                let value = lower_type(cx, text, FieldContext::Json).map(Response::Value);
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
            span: entry.key.span,
        })
    })
}

fn lower_cases(
    cx: &mut Context<'_, '_>,
    responses: &Entry,
    generated: &mut GeneratedNames,
) -> Checked<Response> {
    let Some(table) = responses.table() else {
        return Checked::or(Err(cx.invalid(responses)), Response::Nothing);
    };
    let name = generated.add_type("Response", Role::Response);
    let cases = table.entries.iter();
    let cases = collect_valid(cases.map(|entry| lower_case(cx, entry, generated)));
    cases.map(|cases| Response::ByStatus(Box::new(Cases { name, cases })))
}

fn lower_case(
    cx: &mut Context<'_, '_>,
    entry: &Entry,
    generated: &mut GeneratedNames,
) -> Result<Case, Reported> {
    let status = lower_status_code(cx, &entry.key);
    let variant = status.map_or_else(|_| String::new(), variant_name);
    let keyword = entry.string().map(|text| (text, text.value.trim()));
    let response = match keyword {
        Some((_, "nothing")) => Checked::ok(Response::Nothing),
        Some((text, "stream")) => {
            let reported = cx.report(messages::stream_by_status_code(text));
            Checked::or(Err(reported), Response::Nothing)
        }
        _ => {
            let name = if entry.table().is_some() && status.is_ok() {
                generated.add_type(&variant, Role::CaseResponse)
            } else {
                RustName::escape(String::new())
            };
            lower_shape(cx, entry, name, &mut FieldNames::default())
        }
    };
    response.status?;
    Ok(Case {
        status: status?,
        variant: RustName::escape(variant),
        response: response.value,
        span: entry.key.span,
    })
}

fn lower_status_code(cx: &mut Context<'_, '_>, text: &Text) -> Result<u16, Reported> {
    let status = text.value.parse().ok();
    let status = status.filter(|status| (200..600).contains(status) && text.value.len() == 3);
    status.ok_or_else(|| cx.report(messages::invalid_status_code(text)))
}

fn variant_name(status: u16) -> String {
    let known = STATUS_NAMES.iter().find(|(code, _)| *code == status);
    known.map_or_else(|| format!("Status{status}"), |(_, name)| (*name).to_owned())
}

/// Checks that an endpoint with several responses has no single one.
fn check_single_response(
    cx: &mut Context<'_, '_>,
    endpoint: &Table,
    responses: &Text,
) -> Result<(), Reported> {
    let mut status = Ok(());
    for key in ["response", "response_headers"] {
        if let Some(entry) = endpoint.entry(key) {
            let diagnostic = messages::response_beside_responses(&entry.key, responses);
            status = Err(cx.report(diagnostic));
        }
    }
    status
}

/// Checks that no response header has the name of the field for the body.
fn check_body_field(
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

/// Names of the status codes that APIs use, mostly from RFC 9110.
const STATUS_NAMES: [(u16, &str); 38] = [
    (200, "Ok"),
    (201, "Created"),
    (202, "Accepted"),
    (203, "NonAuthoritative"),
    (204, "NoContent"),
    (205, "ResetContent"),
    (206, "PartialContent"),
    (207, "MultiStatus"),
    (300, "MultipleChoices"),
    (301, "MovedPermanently"),
    (302, "Found"),
    (303, "SeeOther"),
    (304, "NotModified"),
    (307, "TemporaryRedirect"),
    (308, "PermanentRedirect"),
    (400, "BadRequest"),
    (401, "Unauthorized"),
    (402, "PaymentRequired"),
    (403, "Forbidden"),
    (404, "NotFound"),
    (405, "MethodNotAllowed"),
    (406, "NotAcceptable"),
    (408, "RequestTimeout"),
    (409, "Conflict"),
    (410, "Gone"),
    (412, "PreconditionFailed"),
    (413, "ContentTooLarge"),
    (415, "UnsupportedMediaType"),
    (416, "RangeNotSatisfiable"),
    (422, "UnprocessableContent"),
    (423, "Locked"),
    (424, "FailedDependency"),
    (429, "TooManyRequests"),
    (500, "InternalServerError"),
    (501, "NotImplemented"),
    (502, "BadGateway"),
    (503, "ServiceUnavailable"),
    (504, "GatewayTimeout"),
];
