//! `diff`: the semver level of a change between two specs.
//!
//! The comparison is of the generated Rust items, not of the TOML. The level follows from the
//! effect on a program that was written for the old client:
//!
//! - **major**: it no longer compiles, or its behavior changes without a compiler error, e.g. by
//!   another path, another wire name or another condition that ends a wait.
//! - **minor**: it behaves as before, and new items are available. A different retry class is
//!   minor as well.
//! - **patch**: only documentation and messages differ.

mod api;
mod endpoints;
mod fields;
mod pages;
mod pairs;
mod report;
mod responses;
mod types;
mod versions;
mod waiters;

use crate::cli::{DiffArgs, DiffFormat};
use crate::error::CliError;
use crate::json::{Json, list, object};
use crate::semver::SemverLevel;
use crate::{console, spec};

use report::Report;
use versions::Versions;

pub(crate) fn diff(args: &DiffArgs) -> Result<(), CliError> {
    let (old, new) = (spec::load(&args.old)?, spec::load(&args.new)?);
    let report = compare(&Versions::new(&old.api, &new.api));
    let text = match args.message_format {
        DiffFormat::Human => human(&report),
        DiffFormat::Json => json(&report).pretty(),
    };
    console::print(&text)?;
    match (report.level(), args.fail_on) {
        (Some(level), Some(limit)) if level >= limit => {
            let message = format!("the change is {}", level.as_str());
            Err(CliError::failed(message))
        }
        _ => Ok(()),
    }
}

fn compare(versions: &Versions<'_>) -> Report {
    let mut report = Report::default();
    api::compare(&mut report, versions.old.api, versions.new.api);
    types::compare(&mut report, versions);
    endpoints::compare(&mut report, versions);
    report.sort();
    report
}

/// Maximum width of the column with the items. Longer ones shift the rest of their line.
const MAX_ITEM_WIDTH: usize = 44;

fn human(report: &Report) -> String {
    let Some(level) = report.level() else {
        return "no change\n".to_owned();
    };
    let width = report.changes.iter().map(|it| it.item.chars().count());
    let width = width.max().unwrap_or(0).min(MAX_ITEM_WIDTH);
    let lines = report.changes.iter().map(|change| {
        let (level, kind) = (change.level.as_str(), change.kind.as_str());
        format!("{level}  {:width$}  {kind}: {}\n", change.item, change.why)
    });
    let lines: String = lines.collect();
    format!("{lines}\n{}\n", level.as_str())
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
        ("verdict", report.level().map(SemverLevel::as_str).into()),
        ("changes", list(changes)),
    ])
}
