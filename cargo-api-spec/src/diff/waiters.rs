//! Functions that wait.

use api_spec::model::{Binding, Endpoint, Waiter};
use api_spec::names::RustName;

use super::change::{Level, Report};

pub(super) fn compare(report: &mut Report, module: &str, old: &Endpoint, new: &Endpoint) {
    let path = format!("{module}::wait_for_{}", new.rust.unraw());
    match (&old.wait, &new.wait) {
        (None, None) => {}
        (Some(_), None) => report.removed(path, "the waiter is gone"),
        (None, Some(_)) => report.added(Level::Minor, path, "a waiter"),
        (Some(old), Some(new)) => compare_waiters(report, &path, old, new),
    }
}

fn compare_waiters(report: &mut Report, path: &str, old: &Waiter, new: &Waiter) {
    let (now, before) = (arguments(new), arguments(old));
    if now != before {
        let why = format!("it takes {now}, took {before}");
        report.changed(Level::Major, path, why);
    }
    let poll = |waiter: &Waiter| format!("{}::{}", waiter.group, waiter.poll);
    if poll(old) != poll(new) {
        let why = format!("it asks `{}`, asked `{}`", poll(new), poll(old));
        report.changed(Level::Major, path, why);
    } else if old.bind != new.bind {
        report.changed(Level::Major, path, "it asks for something else");
    }
    if old.field != new.field {
        let why = format!("it watches `{}`, watched `{}`", new.field, old.field);
        report.changed(Level::Major, path, why);
    }
    compare_sets(report, path, old, new);
}

/// What it takes beside the client and the wait.
fn arguments(waiter: &Waiter) -> &'static str {
    let request = |binding: &Binding| matches!(binding, Binding::Request(_));
    let of_request = waiter.bind.iter().any(request);
    let of_response = !waiter.bind.iter().all(request);
    match (of_request, of_response) {
        (true, true) => "the request and the answer",
        (true, false) => "the request",
        (false, true) => "the answer",
        (false, false) => "neither request nor answer",
    }
}

fn compare_sets(report: &mut Report, path: &str, old: &Waiter, new: &Waiter) {
    for value in values(new) {
        let now = meaning(new, value);
        match meaning(old, value) {
            None => {
                let why = format!("`{value}` counts as {}", now.unwrap_or_default());
                report.changed(Level::Minor, path, why);
            }
            before if before != now => {
                let (now, before) = (now.unwrap_or_default(), before.unwrap_or_default());
                let why = format!("`{value}` counts as {now}, was {before}");
                report.changed(Level::Major, path, why);
            }
            Some(_) => {}
        }
    }
    // What becomes of the value itself is told where it was declared.
    for value in values(old).filter(|value| meaning(new, value).is_none()) {
        let why = format!("`{value}` is not waited for any more");
        report.changed(Level::Minor, path, why);
    }
}

fn values(waiter: &Waiter) -> impl Iterator<Item = &RustName> {
    waiter
        .until
        .iter()
        .chain(&waiter.fail)
        .chain(&waiter.pending)
}

fn meaning(waiter: &Waiter, value: &RustName) -> Option<&'static str> {
    if waiter.until.contains(value) {
        Some("success")
    } else if waiter.fail.contains(value) {
        Some("failure")
    } else {
        let pending = waiter.pending.contains(value);
        pending.then_some("pending")
    }
}
