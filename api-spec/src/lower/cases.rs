//! Responses by status code.

use super::context::Context;
use super::draft::{GeneratedNames, Role};
use super::fields::{FieldNames, lower_plain_fields};
use super::response_bodies::{check_body_field, lower_body};
use super::types::FieldContext;
use crate::diagnostics::messages::responses as messages;
use crate::diagnostics::{Checked, Reported, collect_valid};
use crate::model::names::RustName;
use crate::model::{Case, Cases, Field, Response, ResponseHeaders};
use crate::read::raw::{Entry, Table};
use crate::source::text::Text;

/// Lowers the responses by status code, each with the headers of all of them and with its own.
pub(super) fn lower_cases(
    cx: &mut Context<'_, '_>,
    endpoint: &Table,
    responses: &Entry,
    generated: &mut GeneratedNames,
) -> Checked<Response> {
    let Some(table) = responses.table() else {
        return Checked::or(Err(cx.invalid(responses)), Response::Nothing);
    };
    let name = generated.add_type("Response", Role::Response);
    let shared = endpoint.map("response_headers");
    let shared = lower_headers(cx, shared, &mut FieldNames::default());
    let by_status = endpoint.map("headers_by_status");
    let known = table
        .lost
        .and_then(|()| check_statuses(cx, by_status, &table.entries));
    let cases = collect_valid(table.entries.iter().map(|entry| {
        let own = by_status
            .iter()
            .find(|it| it.key.as_str() == entry.key.as_str());
        let headers = Headers {
            shared: &shared.value,
            own: own.map_or(&[], entries),
        };
        lower_case(cx, entry, &headers, generated)
    }));
    Checked {
        value: Response::ByStatus(Box::new(Cases {
            name,
            cases: cases.value,
        })),
        status: cases.status.and(shared.status).and(known),
    }
}

/// The headers of one response.
struct Headers<'a> {
    shared: &'a [Field],
    own: &'a [Entry],
}

impl Headers<'_> {
    /// Lowers the headers. `names` are those of the fields of the body.
    fn lower(&self, cx: &mut Context<'_, '_>, names: &mut FieldNames) -> Checked<Vec<Field>> {
        let mut headers = collect_valid(self.shared.iter().map(|field| {
            names.add(
                cx,
                field.rust.clone(),
                field.span,
                FieldContext::ResponseHeader,
            )?;
            Ok(field.clone())
        }));
        let own = lower_headers(cx, self.own, names);
        headers.value.extend(own.value);
        headers.status = headers.status.and(own.status);
        headers
    }
}

fn lower_headers(
    cx: &mut Context<'_, '_>,
    entries: &[Entry],
    names: &mut FieldNames,
) -> Checked<Vec<Field>> {
    lower_plain_fields(cx, entries, FieldContext::ResponseHeader, names)
}

fn entries(entry: &Entry) -> &[Entry] {
    entry.table().map_or(&[], |table| &table.entries)
}

fn lower_case(
    cx: &mut Context<'_, '_>,
    entry: &Entry,
    headers: &Headers<'_>,
    generated: &mut GeneratedNames,
) -> Result<Case, Reported> {
    let status = lower_status_code(cx, &entry.key);
    let variant = status.map_or_else(|_| String::new(), variant_name);
    let has_headers = !headers.shared.is_empty() || !headers.own.is_empty();
    // The fields of an object and the headers share one struct.
    let has_struct = entry.table().is_some() || has_headers;
    let name = if has_struct && status.is_ok() {
        generated.add_type(&variant, Role::CaseResponse)
    } else {
        RustName::escape(String::new())
    };
    let mut names = FieldNames::default();
    let keyword = entry.string().map(|text| (text, text.value.trim()));
    let response = match keyword {
        Some((_, "nothing")) => Checked::ok(Response::Nothing),
        Some((text, "stream")) => {
            let reported = cx.report(messages::stream_by_status_code(text));
            Checked::or(Err(reported), Response::Nothing)
        }
        _ => lower_body(cx, entry, name.clone(), &mut names),
    };
    let fields = headers.lower(cx, &mut names);
    let clash = check_body_field(cx, &response.value, &names);
    response.status.and(fields.status).and(clash)?;
    Ok(Case {
        status: status?,
        variant: RustName::escape(variant),
        response: response.value,
        headers: has_headers.then_some(ResponseHeaders {
            name,
            headers: fields.value,
        }),
        span: entry.key.span,
    })
}

/// Checks that there is a response for each status code with headers.
fn check_statuses(
    cx: &mut Context<'_, '_>,
    headers: &[Entry],
    responses: &[Entry],
) -> Result<(), Reported> {
    let mut status = Ok(());
    for entry in headers {
        if responses.iter().all(|it| it.key.value != entry.key.value) {
            status = Err(cx.report(messages::headers_without_response(&entry.key)));
            // The headers are lowered for their errors.
            lower_headers(cx, entries(entry), &mut FieldNames::default());
        }
    }
    status
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
