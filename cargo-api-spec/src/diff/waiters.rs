//! Functions that wait for a status.

use api_spec::model::{Binding, Endpoint, Status, Waiter};

use super::report::Report;
use crate::semver::SemverLevel;

pub(super) fn compare(report: &mut Report, module: &str, old: &Endpoint, new: &Endpoint) {
    let path = |waiter: &Waiter| format!("{module}::{}", waiter.function);
    match (&old.wait, &new.wait) {
        (None, None) => {}
        (Some(old), None) => report.removed(path(old), "waiter"),
        (None, Some(new)) => report.added(SemverLevel::Minor, path(new), "waiter"),
        (Some(old), Some(new)) => compare_waiters(report, &path(new), old, new),
    }
}

fn compare_waiters(report: &mut Report, path: &str, old: &Waiter, new: &Waiter) {
    let major = SemverLevel::Major;
    let arguments = (arguments(old), arguments(new));
    report.compare(major, path, "argument list", arguments);
    let poll = |waiter: &Waiter| format!("{}::{}", waiter.group, waiter.poll);
    let polls_other = report.compare_code(major, path, "polled endpoint", (poll(old), poll(new)));
    if !polls_other && sources(old) != sources(new) {
        report.changed(major, path, "parameters of the polled endpoint (`bind`)");
    }
    let fields = (old.field.to_string(), new.field.to_string());
    report.compare_code(major, path, "status field", fields);
    compare_statuses(report, path, old, new);
}

/// Returns the sources of the parameters of the polled endpoint.
fn sources(waiter: &Waiter) -> Vec<String> {
    let sources = waiter.bind.iter().map(|binding| match binding {
        Binding::Request(path) => format!("request.{path}"),
        Binding::Response(path) => format!("response.{path}"),
    });
    sources.collect()
}

/// Returns the arguments beside the client and the wait.
fn arguments(waiter: &Waiter) -> &'static str {
    let is_request = |binding: &Binding| matches!(binding, Binding::Request(_));
    let has_request = waiter.bind.iter().any(is_request);
    let has_response = !waiter.bind.iter().all(is_request);
    match (has_request, has_response) {
        (true, true) => "request and response",
        (true, false) => "request",
        (false, true) => "response",
        (false, false) => "empty",
    }
}

fn compare_statuses(report: &mut Report, path: &str, old: &Waiter, new: &Waiter) {
    for status in statuses(new) {
        let Some(new_class) = class(new, status) else {
            continue;
        };
        match class(old, status) {
            None => {
                let why = format!("`{status}` counts as {new_class}");
                report.changed(SemverLevel::Minor, path, why);
            }
            Some(old_class) => {
                let property = format!("class of `{status}`");
                let classes = (old_class, new_class);
                report.compare(SemverLevel::Major, path, &property, classes);
            }
        }
    }
    // The removal of the value itself is reported with its enum.
    for status in statuses(old).filter(|status| class(new, status).is_none()) {
        let why = format!("`{status}` is no longer a status of the wait");
        report.changed(SemverLevel::Minor, path, why);
    }
}

fn statuses(waiter: &Waiter) -> impl Iterator<Item = &Status> {
    waiter
        .until
        .iter()
        .chain(&waiter.fail)
        .chain(&waiter.pending)
}

fn class(waiter: &Waiter, status: &Status) -> Option<&'static str> {
    if waiter.until.contains(status) {
        Some("success")
    } else if waiter.fail.contains(status) {
        Some("failure")
    } else {
        let is_pending = waiter.pending.contains(status);
        is_pending.then_some("pending")
    }
}
