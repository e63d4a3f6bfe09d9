//! Responses of endpoints.

use api_spec::model::{
    Case, Cases, Endpoint, EventStream, Field, Response, ResponseHeaders, Struct,
};

use super::fields::{self, Owner};
use super::pairs::{Pair, pairs};
use super::report::Report;
use crate::semver::SemverLevel;

pub(super) fn compare(
    report: &mut Report,
    module: &str,
    path: &str,
    old: &Endpoint,
    new: &Endpoint,
) {
    let types = (
        type_name(&old.response, old.response_headers.as_ref()),
        type_name(&new.response, new.response_headers.as_ref()),
    );
    if report.compare(SemverLevel::Major, path, "return type", types) {
        return;
    }
    let bodies = (body(&old.response), body(&new.response));
    report.compare(SemverLevel::Major, path, "response body", bodies);
    if let (Response::ByStatus(old), Response::ByStatus(new)) = (&old.response, &new.response) {
        compare_cases(report, module, old, new);
    }
    if let (Response::Events(old), Response::Events(new)) = (&old.response, &new.response) {
        compare_events(report, path, old, new);
        compare_items(report, module, old, new);
    }
    let headers = new.response_headers.as_ref();
    let owner = Owner::response(format!("{module}::{}", struct_name(&new.response, headers)));
    let old = struct_fields(&old.response, old.response_headers.as_ref());
    fields::compare(report, &owner, old, struct_fields(&new.response, headers));
}

/// Compares the fields of the items of a stream.
fn compare_items(report: &mut Report, module: &str, old: &EventStream, new: &EventStream) {
    if let (Response::Object(old), Response::Object(new)) = (&old.item, &new.item) {
        let owner = Owner::response(format!("{module}::{}", new.name));
        fields::compare(report, &owner, old.fields.iter(), new.fields.iter());
    }
}

fn compare_cases(report: &mut Report, module: &str, old: &Cases, new: &Cases) {
    let path = |case: &Case| format!("{module}::{}::{}", new.name, case.variant);
    for pair in pairs(&old.cases, &new.cases, |case| case.variant.as_str()) {
        match pair {
            Pair::Old(case) => report.removed(path(case), "response"),
            Pair::New(case) => {
                let why = format!("response with status {}", case.status);
                report.added(SemverLevel::Minor, path(case), why);
            }
            Pair::Both(old, new) => compare_case(report, &path(new), module, old, new),
        }
    }
}

fn compare_case(report: &mut Report, path: &str, module: &str, old: &Case, new: &Case) {
    let statuses = (old.status, new.status);
    report.compare(SemverLevel::Major, path, "status code", statuses);
    let bodies = (body(&old.response), body(&new.response));
    if report.compare(SemverLevel::Major, path, "response body", bodies) {
        return;
    }
    let (old_headers, new_headers) = (old.headers.as_ref(), new.headers.as_ref());
    let types = (
        type_name(&old.response, old_headers),
        type_name(&new.response, new_headers),
    );
    if report.compare(SemverLevel::Major, path, "type", types) {
        return;
    }
    let owner = Owner::response(format!(
        "{module}::{}",
        struct_name(&new.response, new_headers)
    ));
    let old = struct_fields(&old.response, old_headers);
    fields::compare(
        report,
        &owner,
        old,
        struct_fields(&new.response, new_headers),
    );
}

fn compare_events(report: &mut Report, path: &str, old: &EventStream, new: &EventStream) {
    let text = |text: &Option<String>| match text {
        Some(text) => format!("`{text}`"),
        None => "absent".to_owned(),
    };
    // They decide which events are items, and which ones are errors.
    report.compare(
        SemverLevel::Major,
        path,
        "`end`",
        (text(&old.end), text(&new.end)),
    );
    report.compare(
        SemverLevel::Major,
        path,
        "`error`",
        (text(&old.error), text(&new.error)),
    );
    report.compare(SemverLevel::Major, path, "`named`", (old.named, new.named));
    report.compare(
        SemverLevel::Minor,
        path,
        "`resume`",
        (old.resume, new.resume),
    );
}

/// Returns the fields of the response struct: those of the body, then the headers.
fn struct_fields<'a>(
    response: &'a Response,
    headers: Option<&'a ResponseHeaders>,
) -> impl Iterator<Item = &'a Field> {
    let body = object(response).map_or(&[][..], |object| &object.fields);
    let headers = headers.map_or(&[][..], |headers| &headers.headers);
    body.iter().chain(headers)
}

fn struct_name<'a>(response: &'a Response, headers: Option<&'a ResponseHeaders>) -> &'a str {
    match headers {
        Some(headers) => headers.name.as_str(),
        None => object(response).map_or("", |object| object.name.as_str()),
    }
}

/// Returns the struct of a body.
fn object(response: &Response) -> Option<&Struct> {
    match response {
        Response::Object(object) => Some(object),
        _ => None,
    }
}

fn type_name(response: &Response, headers: Option<&ResponseHeaders>) -> String {
    match headers {
        Some(headers) => format!("`{}`", headers.name),
        None => body(response),
    }
}

fn body(response: &Response) -> String {
    match response {
        Response::Nothing => "empty".to_owned(),
        Response::Object(object) => format!("`{}`", object.name),
        Response::Value(ty) => format!("`{ty}`"),
        Response::Text => "text".to_owned(),
        Response::Bytes => "bytes".to_owned(),
        Response::Stream => "a stream".to_owned(),
        Response::Events(events) => format!("{} of {}", events.format.key(), body(&events.item)),
        Response::ByStatus(cases) => format!("`{}` by status code", cases.name),
    }
}
