//! Responses of endpoints.

use api_spec::model::{Case, Cases, Endpoint, Field, Response};

use super::fields::{self, InRequest, Owner};
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
    let types = (return_type(old), return_type(new));
    if report.compare(SemverLevel::Major, path, "return type", types) {
        return;
    }
    let bodies = (body(&old.response), body(&new.response));
    report.compare(SemverLevel::Major, path, "response body", bodies);
    if let (Response::ByStatus(old), Response::ByStatus(new)) = (&old.response, &new.response) {
        compare_cases(report, module, old, new);
    }
    let owner = Owner {
        path: format!("{module}::{}", struct_name(new)),
        in_request: InRequest::NEVER,
    };
    fields::compare(report, &owner, struct_fields(old), struct_fields(new));
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
    report.compare(SemverLevel::Major, path, "response body", bodies);
    if let (Response::Object(old), Response::Object(new)) = (&old.response, &new.response) {
        let owner = Owner {
            path: format!("{module}::{}", new.name),
            in_request: InRequest::NEVER,
        };
        fields::compare(report, &owner, &old.fields, &new.fields);
    }
}

/// Returns the fields of the response struct: those of the body, then the headers.
fn struct_fields(endpoint: &Endpoint) -> impl Iterator<Item = &Field> {
    let body = match &endpoint.response {
        Response::Object(object) => &object.fields[..],
        _ => &[],
    };
    let headers = endpoint.response_headers.iter();
    body.iter().chain(headers.flat_map(|it| &it.headers))
}

fn struct_name(endpoint: &Endpoint) -> &str {
    match (&endpoint.response, &endpoint.response_headers) {
        (_, Some(headers)) => headers.name.as_str(),
        (Response::Object(object), None) => object.name.as_str(),
        _ => "",
    }
}

fn return_type(endpoint: &Endpoint) -> String {
    match &endpoint.response_headers {
        Some(headers) => format!("`{}`", headers.name),
        None => body(&endpoint.response),
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
        Response::ByStatus(cases) => format!("`{}` by status code", cases.name),
    }
}
