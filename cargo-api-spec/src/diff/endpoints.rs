//! Endpoints: requests, answers, functions.

use std::collections::HashMap;

use api_spec::model::{Body, Case, Cases, Endpoint, Field, Group, Response, Retry};

use super::Two;
use super::change::{Level, Report};
use super::fields::{self, Owner};
use super::pages;
use super::pairs::{Pair, pairs};
use super::waiters;

pub(super) fn compare(report: &mut Report, two: &Two<'_>) {
    let (old, new) = (&two.old.0.groups, &two.new.0.groups);
    for pair in pairs(old, new, |group| group.rust.as_str()) {
        let (before, after) = match pair {
            Pair::Old(group) => {
                report.removed(group.rust.as_str(), "the group is gone");
                (Some(group), None)
            }
            Pair::New(group) => {
                report.added(Level::Minor, group.rust.as_str(), "a group");
                (None, Some(group))
            }
            Pair::Both(old, new) => {
                report.doc(&old.doc, &new.doc, new.rust.as_str());
                (Some(old), Some(new))
            }
        };
        compare_groups(report, before, after);
    }
}

fn compare_groups(report: &mut Report, old: Option<&Group>, new: Option<&Group>) {
    let Some(module) = new.or(old).map(|group| group.rust.as_str()) else {
        return;
    };
    let (old, new) = (
        old.map_or(&[][..], |group| &group.endpoints),
        new.map_or(&[][..], |group| &group.endpoints),
    );
    for pair in pairs(old, new, |endpoint: &Endpoint| endpoint.rust.as_str()) {
        match pair {
            Pair::Old(it) => {
                let why = match new.iter().find(|new| new.key == it.key) {
                    Some(new) => format!("the function is called `{}` now", new.rust),
                    None => "the endpoint is gone".to_owned(),
                };
                report.removed(format!("{module}::{}", it.rust), why);
            }
            Pair::New(it) => {
                let why = format!("an endpoint, {} {}", it.method.as_str(), it.path);
                report.added(Level::Minor, format!("{module}::{}", it.rust), why);
            }
            Pair::Both(old, new) => compare_endpoints(report, module, old, new),
        }
    }
}

fn compare_endpoints(report: &mut Report, module: &str, old: &Endpoint, new: &Endpoint) {
    let path = format!("{module}::{}", new.rust);
    compare_calls(report, &path, old, new);
    compare_places(report, module, old, new);
    let owner = Owner {
        path: format!("{module}::{}", new.request),
        sent: (true, true),
    };
    fields::compare(report, &owner, old.fields(), new.fields());
    compare_responses(report, module, &path, old, new);
    pages::compare(report, module, old, new);
    waiters::compare(report, module, old, new);
}

fn compare_calls(report: &mut Report, path: &str, old: &Endpoint, new: &Endpoint) {
    let http = |it: &Endpoint| format!("{} {}", it.method.as_str(), it.path);
    if http(old) != http(new) {
        let why = format!("it calls `{}`, was `{}`", http(new), http(old));
        report.changed(Level::Major, path, why);
    }
    if old.retry != new.retry {
        let (now, before) = (new.retry.as_str(), old.retry.as_str());
        let again = match new.retry {
            Retry::Never => "an unclear failure is now the caller's to judge",
            Retry::Safe | Retry::Idempotent => "the runtime may send it more than once",
        };
        let why = format!("its retry class is `{now}`, was `{before}`: {again}");
        report.changed(Level::Minor, path, why);
    }
    let key = |it: &Endpoint| {
        it.idempotency_key
            .as_ref()
            .map_or("nothing", |key| key.wire.as_str())
            .to_owned()
    };
    if key(old) != key(new) {
        let why = format!(
            "the server knows it again by `{}`, did by `{}`",
            key(new),
            key(old)
        );
        report.changed(Level::Minor, path, why);
    }
    if old.unauthenticated != new.unauthenticated {
        let why = if new.unauthenticated {
            "it is sent without credentials"
        } else {
            "it is sent with credentials"
        };
        report.changed(Level::Major, path, why);
    }
    if old.timeout != new.timeout {
        report.changed(Level::Minor, path, "its answer may take another time");
    }
    if old.key != new.key {
        let why = format!(
            "its name in `ENDPOINTS` is `{}`, was `{}`",
            new.key, old.key
        );
        report.changed(Level::Minor, path, why);
    }
    if old.fixed != new.fixed {
        report.changed(Level::Major, path, "other fixed values are sent");
    }
    let error = |it: &Endpoint| {
        it.error
            .as_ref()
            .map_or("nothing".to_owned(), ToString::to_string)
    };
    if error(old) != error(new) {
        let why = format!("its errors hold `{}`, held `{}`", error(new), error(old));
        report.changed(Level::Major, path, why);
    }
    report.deprecation(old.deprecated.as_ref(), new.deprecated.as_ref(), path);
    report.doc(&old.doc, &new.doc, path);
}

fn format(body: &Body) -> String {
    match body {
        Body::Empty => "nothing".to_owned(),
        Body::Json(_) => "JSON".to_owned(),
        Body::JsonValue(_) => "one value of JSON".to_owned(),
        Body::Raw(_, media) => format!("`{media}`"),
        Body::Form(_) => "a form".to_owned(),
        Body::Multipart(_) => "parts".to_owned(),
    }
}

/// Where on the wire the fields of a request go.
fn places(endpoint: &Endpoint) -> HashMap<&str, &'static str> {
    fn at<'a>(
        fields: &'a [Field],
        place: &'static str,
    ) -> impl Iterator<Item = (&'a str, &'static str)> {
        fields.iter().map(move |field| (field.rust.as_str(), place))
    }
    let path = at(&endpoint.parameters, "the path");
    let query = at(&endpoint.query, "the query");
    let headers = at(&endpoint.headers, "a header");
    let body = at(endpoint.body.fields(), "the body");
    path.chain(query).chain(headers).chain(body).collect()
}

fn compare_places(report: &mut Report, module: &str, old: &Endpoint, new: &Endpoint) {
    let request = format!("{module}::{}", new.request);
    let (now, before) = (format(&new.body), format(&old.body));
    if now != before {
        let filled = !matches!((&old.body, &new.body), (Body::Empty, _) | (_, Body::Empty));
        let level = if filled { Level::Major } else { Level::Minor };
        report.changed(level, &request, format!("its body is {now}, was {before}"));
    }
    let before = places(old);
    let now = places(new);
    for field in new.fields() {
        let name = field.rust.as_str();
        if let (Some(before), Some(now)) = (before.get(name), now.get(name))
            && before != now
        {
            let why = format!("it goes into {now}, went into {before}");
            report.changed(Level::Major, format!("{request}::{name}"), why);
        }
    }
}

fn compare_responses(
    report: &mut Report,
    module: &str,
    path: &str,
    old: &Endpoint,
    new: &Endpoint,
) {
    let (now, before) = (answer(new), answer(old));
    if now != before {
        let why = format!("it returns {now}, returned {before}");
        return report.changed(Level::Major, path, why);
    }
    let (now, before) = (body(&new.response), body(&old.response));
    if now != before {
        let why = format!("the body of its answer is {now}, was {before}");
        report.changed(Level::Major, path, why);
    }
    if let (Response::ByStatus(old), Response::ByStatus(new)) = (&old.response, &new.response) {
        compare_cases(report, module, old, new);
    }
    let owner = Owner {
        path: format!("{module}::{}", now_name(new)),
        sent: (false, false),
    };
    fields::compare(report, &owner, answered(old), answered(new));
}

fn compare_cases(report: &mut Report, module: &str, old: &Cases, new: &Cases) {
    let path = |case: &Case| format!("{module}::{}::{}", new.name, case.variant);
    for pair in pairs(&old.cases, &new.cases, |case| case.variant.as_str()) {
        match pair {
            Pair::Old(case) => report.removed(path(case), "the answer is gone"),
            Pair::New(case) => {
                let why = format!("the answer with status {}", case.status);
                report.added(Level::Minor, path(case), why);
            }
            Pair::Both(old, new) => {
                if old.status != new.status {
                    let why = format!("its status is {}, was {}", new.status, old.status);
                    report.changed(Level::Major, path(new), why);
                }
                let (now, before) = (body(&new.response), body(&old.response));
                if now != before {
                    let why = format!("its body is {now}, was {before}");
                    report.changed(Level::Major, path(new), why);
                }
                if let (Response::Object(old), Response::Object(new)) =
                    (&old.response, &new.response)
                {
                    let owner = Owner {
                        path: format!("{module}::{}", new.name),
                        sent: (false, false),
                    };
                    fields::compare(report, &owner, &old.fields, &new.fields);
                }
            }
        }
    }
}

/// The fields of the struct that an answer is, if it is one.
fn answered(endpoint: &Endpoint) -> impl Iterator<Item = &Field> {
    let body = match &endpoint.response {
        Response::Object(object) => &object.fields[..],
        _ => &[],
    };
    let headed = endpoint
        .response_headers
        .iter()
        .flat_map(|headed| &headed.headers);
    body.iter().chain(headed)
}

fn now_name(endpoint: &Endpoint) -> &str {
    match (&endpoint.response, &endpoint.response_headers) {
        (_, Some(headed)) => headed.name.as_str(),
        (Response::Object(object), None) => object.name.as_str(),
        _ => "",
    }
}

/// What the function returns.
fn answer(endpoint: &Endpoint) -> String {
    match &endpoint.response_headers {
        Some(headed) => format!("`{}`", headed.name),
        None => body(&endpoint.response),
    }
}

fn body(response: &Response) -> String {
    match response {
        Response::Nothing => "nothing".to_owned(),
        Response::Object(object) => format!("`{}`", object.name),
        Response::Value(ty) => format!("`{ty}`"),
        Response::Text => "a text".to_owned(),
        Response::Bytes => "bytes".to_owned(),
        Response::Stream => "a stream".to_owned(),
        Response::ByStatus(cases) => format!("`{}` by status", cases.name),
    }
}
