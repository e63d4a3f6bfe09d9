//! `diff`: what a change of the description is to those who use the client.
//!
//! The items of Rust are compared, not the lines of the file. One question decides on each change:
//! what becomes of a program that was written for the old client?
//!
//! - It does not compile any more, or does something else without anybody noticing (another path,
//!   another key on the wire, another end of a wait): **major**.
//! - It goes on as it was, and there is more to use; or it goes on, and the runtime sends requests
//!   again that it did not, or no longer: **minor**.
//! - Only words have changed: **patch**.

mod change;
mod endpoints;
mod fields;
mod pages;
mod pairs;
mod types;
mod waiters;

use api_codegen::Usage;
use api_spec::model::Api;

use crate::cli::{DiffArgs, DiffFormat};
use crate::exit::Failure;
use crate::json::{Json, list, object};
use crate::{console, spec};

pub(crate) use change::Level;
use change::Report;

pub(crate) fn diff(args: &DiffArgs) -> Result<(), Failure> {
    let (old, new) = (spec::load(&args.old)?, spec::load(&args.new)?);
    let report = compare(&old.api, &new.api);
    let text = match args.message_format {
        DiffFormat::Human => human(&report),
        DiffFormat::Json => json(&report).pretty(),
    };
    console::print(&text)?;
    match (report.verdict(), args.fail_on) {
        (Some(verdict), Some(limit)) if verdict >= limit => {
            Err(Failure::no(format!("the change is {}", verdict.as_str())))
        }
        _ => Ok(()),
    }
}

/// Two descriptions, and how their types are used.
struct Two<'a> {
    old: (&'a Api, Usage),
    new: (&'a Api, Usage),
}

fn compare(old: &Api, new: &Api) -> Report {
    let two = Two {
        old: (old, Usage::of(old)),
        new: (new, Usage::of(new)),
    };
    let mut report = Report::default();
    compare_whole(&mut report, old, new);
    types::compare(&mut report, &two);
    endpoints::compare(&mut report, &two);
    report.sort();
    report
}

fn compare_whole(report: &mut Report, old: &Api, new: &Api) {
    if (&old.name, &old.doc) != (&new.name, &new.doc) {
        report.changed(Level::Patch, "the client", "its documentation");
    }
    compare_builders(report, old, new);
    if old.errors.conditions != new.errors.conditions {
        let why = "other answers with a good status are errors";
        report.changed(Level::Major, "the client", why);
    }
    let words = |api: &Api| (api.errors.message.clone(), api.errors.code.clone());
    if words(old) != words(new) {
        let why = "errors take their words from other keys";
        report.changed(Level::Patch, "the client", why);
    }
    if old.transient != new.transient {
        let why = "other messages count as troubles that pass: after them requests are sent again";
        report.changed(Level::Minor, "the client", why);
    }
}

/// The function that makes a client of what is known of the API.
fn compare_builders(report: &mut Report, old: &Api, new: &Api) {
    let is_there = |api: &Api| api.url.is_some() || api.auth.is_some();
    match (is_there(old), is_there(new)) {
        (false, false) => return,
        (false, true) => return report.added(Level::Minor, "builder", "a way to a client"),
        (true, false) => return report.removed("builder", "nothing is said of place and callers"),
        (true, true) => {}
    }
    if old.url.is_some() != new.url.is_some() {
        let why = "whether it takes the URL of the API";
        report.changed(Level::Major, "builder", why);
    } else if old.url != new.url {
        report.changed(Level::Minor, "builder", "the API is elsewhere");
    }
    if old.auth != new.auth {
        let why = "callers say in another way who they are";
        report.changed(Level::Major, "builder", why);
    }
}

fn human(report: &Report) -> String {
    let Some(verdict) = report.verdict() else {
        return "no change\n".to_owned();
    };
    let width = report.changes.iter().map(|it| it.item.chars().count());
    let width = width.max().unwrap_or(0).min(44);
    let lines = report.changes.iter().map(|change| {
        let (level, kind) = (change.level.as_str(), change.kind.as_str());
        format!("{level}  {:width$}  {kind}: {}\n", change.item, change.why)
    });
    let lines: String = lines.collect();
    format!("{lines}\n{}\n", verdict.as_str())
}

fn json(report: &Report) -> Json {
    let changes = report.changes.iter().map(|change| {
        object([
            ("level", change.level.as_str().into()),
            ("change", change.kind.as_str().into()),
            ("item", change.item.as_str().into()),
            ("why", change.why.as_str().into()),
        ])
    });
    object([
        ("verdict", report.verdict().map(Level::as_str).into()),
        ("changes", list(changes)),
    ])
}
