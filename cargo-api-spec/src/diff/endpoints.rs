//! Groups and endpoints.

use std::collections::HashMap;

use api_spec::model::{Body, Endpoint, Field, Retry};

use super::api::describe_auth;
use super::fields::{self, Owner};
use super::pairs::{Pair, pairs};
use super::report::Report;
use super::versions::Versions;
use super::{pages, responses, waiters};
use crate::semver::SemverLevel;

pub(super) fn compare(report: &mut Report, versions: &Versions<'_>) {
    let (old, new) = (&versions.old.api.groups, &versions.new.api.groups);
    for pair in pairs(old, new, |group| group.rust.as_str()) {
        match pair {
            Pair::Old(group) => {
                let module = group.rust.as_str();
                report.removed(module, "group");
                compare_groups(report, module, &group.endpoints, &[]);
            }
            Pair::New(group) => {
                let module = group.rust.as_str();
                report.added(SemverLevel::Minor, module, "group");
                compare_groups(report, module, &[], &group.endpoints);
            }
            Pair::Both(old, new) => {
                let module = new.rust.as_str();
                report.compare_docs(module, &old.doc, &new.doc);
                compare_groups(report, module, &old.endpoints, &new.endpoints);
            }
        }
    }
}

fn compare_groups(report: &mut Report, module: &str, old: &[Endpoint], new: &[Endpoint]) {
    for pair in pairs(old, new, |endpoint: &Endpoint| endpoint.rust.as_str()) {
        match pair {
            Pair::Old(it) => {
                let why = match new.iter().find(|new| new.key == it.key) {
                    Some(new) => format!("function renamed to `{}`", new.rust),
                    None => "endpoint".to_owned(),
                };
                report.removed(format!("{module}::{}", it.rust), why);
            }
            Pair::New(it) => {
                let why = format!("endpoint {}", http(it));
                report.added(SemverLevel::Minor, format!("{module}::{}", it.rust), why);
            }
            Pair::Both(old, new) => compare_endpoints(report, module, old, new),
        }
    }
}

fn compare_endpoints(report: &mut Report, module: &str, old: &Endpoint, new: &Endpoint) {
    let path = format!("{module}::{}", new.rust);
    compare_operations(report, &path, old, new);
    compare_requests(report, module, old, new);
    let owner = Owner::request(format!("{module}::{}", new.request));
    fields::compare(report, &owner, old.fields(), new.fields());
    responses::compare(report, module, &path, old, new);
    pages::compare(report, module, old, new);
    waiters::compare(report, module, old, new);
}

fn http(endpoint: &Endpoint) -> String {
    format!("`{} {}`", endpoint.method.as_str(), endpoint.path)
}

fn compare_operations(report: &mut Report, path: &str, old: &Endpoint, new: &Endpoint) {
    let (major, minor) = (SemverLevel::Major, SemverLevel::Minor);
    report.compare(major, path, "HTTP request", (http(old), http(new)));
    compare_retry(report, path, old.retry, new.retry);
    let key = |it: &Endpoint| match &it.idempotency_key {
        Some(key) => format!("`{}`", key.wire),
        None => "absent".to_owned(),
    };
    report.compare(minor, path, "idempotency key", (key(old), key(new)));
    compare_auth(report, path, old, new);
    if old.timeout != new.timeout {
        report.changed(minor, path, "timeout");
    }
    let names = (&old.key, &new.key);
    report.compare_code(minor, path, "name in `ENDPOINTS`", names);
    // Their order is not on the wire.
    let contains = |all: &Endpoint, it| all.fixed.contains(it);
    let is_same = old.fixed.len() == new.fixed.len();
    if !is_same || !old.fixed.iter().all(|it| contains(new, it)) {
        report.changed(major, path, "fixed values of the request");
    }
    let error = |it: &Endpoint| match &it.error {
        Some(ty) => format!("`{ty}`"),
        None => "absent".to_owned(),
    };
    report.compare(
        major,
        path,
        "type of error bodies",
        (error(old), error(new)),
    );
    report.compare_deprecation(path, old.deprecated.as_ref(), new.deprecated.as_ref());
    report.compare_docs(path, &old.doc, &new.doc);
}

fn compare_auth(report: &mut Report, path: &str, old: &Endpoint, new: &Endpoint) {
    let major = SemverLevel::Major;
    if old.is_unauthenticated() != new.is_unauthenticated() {
        let preposition = if new.is_unauthenticated() {
            "without"
        } else {
            "with"
        };
        let why = format!("sent {preposition} credentials");
        return report.changed(major, path, why);
    }
    let auth = |it: &Endpoint| {
        let own = it.auth.as_ref().map(describe_auth);
        own.unwrap_or_else(|| "those of the API".to_owned())
    };
    report.compare(major, path, "set of credentials", (auth(old), auth(new)));
}

fn compare_retry(report: &mut Report, path: &str, old: Retry, new: Retry) {
    if old == new {
        return;
    }
    let effect = match new {
        Retry::Never => "a request that may have been processed is not retried",
        Retry::Safe | Retry::Idempotent => "the request may be sent more than once",
    };
    let (old, new) = (old.as_str(), new.as_str());
    let why = format!("retry class is now `{new}` (was `{old}`): {effect}");
    report.changed(SemverLevel::Minor, path, why);
}

fn encoding(endpoint: &Endpoint) -> String {
    let encoding = match &endpoint.body {
        Body::Empty => "empty".to_owned(),
        Body::Json(_) => "a JSON object".to_owned(),
        Body::JsonValue(_) => "a single JSON value".to_owned(),
        Body::Raw(_, media_type) => format!("`{media_type}`"),
        Body::Form(_) => "a form".to_owned(),
        Body::Multipart(_) => "multipart".to_owned(),
    };
    match &endpoint.content_type {
        Some(media_type) => format!("{encoding} as `{media_type}`"),
        None => encoding,
    }
}

/// Returns the part of the request in which each field is sent.
fn locations(endpoint: &Endpoint) -> HashMap<&str, &'static str> {
    fn located<'a>(
        fields: &'a [Field],
        location: &'static str,
    ) -> impl Iterator<Item = (&'a str, &'static str)> {
        fields.iter().map(move |it| (it.rust.as_str(), location))
    }
    let path = located(&endpoint.parameters, "path");
    let query = located(&endpoint.query, "query");
    let headers = located(&endpoint.headers, "header");
    let body = located(endpoint.body.fields(), "body");
    path.chain(query).chain(headers).chain(body).collect()
}

fn compare_requests(report: &mut Report, module: &str, old: &Endpoint, new: &Endpoint) {
    let request = format!("{module}::{}", new.request);
    // Between a body and none, the fields that it gains or loses decide the level.
    let is_empty = matches!((&old.body, &new.body), (Body::Empty, _) | (_, Body::Empty));
    let level = if is_empty {
        SemverLevel::Minor
    } else {
        SemverLevel::Major
    };
    let encodings = (encoding(old), encoding(new));
    report.compare(level, &request, "request body", encodings);
    let (old_locations, new_locations) = (locations(old), locations(new));
    for field in new.fields() {
        let name = field.rust.as_str();
        if let (Some(old), Some(new)) = (old_locations.get(name), new_locations.get(name)) {
            let item = format!("{request}::{name}");
            report.compare(SemverLevel::Major, &item, "location", (*old, *new));
        }
    }
}
