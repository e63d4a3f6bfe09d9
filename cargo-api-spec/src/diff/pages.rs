//! Functions that go through all pages of a list.

use api_spec::model::{Endpoint, Pages, Pagination};

use super::change::{Level, Report};

pub(super) fn compare(report: &mut Report, module: &str, old: &Endpoint, new: &Endpoint) {
    let path = format!("{module}::{}_all", new.rust.unraw());
    match (&old.pages, &new.pages) {
        (None, None) => {}
        (Some(_), None) => report.removed(path, "the pages are gone"),
        (None, Some(_)) => report.added(Level::Minor, path, "an iterator over all pages"),
        (Some(old), Some(new)) => compare_pages(report, &path, old, new),
    }
}

fn compare_pages(report: &mut Report, path: &str, old: &Pages, new: &Pages) {
    let (now, before) = (new.item.to_string(), old.item.to_string());
    if now != before {
        let why = format!("its items are `{now}`, were `{before}`");
        report.changed(Level::Major, path, why);
    } else if old.items != new.items {
        let why = format!(
            "its items are those of `{}`, were of `{}`",
            new.items, old.items
        );
        report.changed(Level::Major, path, why);
    }
    let (now, before) = (way(new), way(old));
    if now != before {
        let why = format!("it goes on by {now}, went on by {before}");
        report.changed(Level::Minor, path, why);
    }
}

fn way(pages: &Pages) -> String {
    let into = &pages.request_field;
    match &pages.pagination {
        Pagination::Token { next, .. } => format!("`{next}` into `{into}`"),
        Pagination::Link {
            link, parameter, ..
        } => format!("`{parameter}` of `{link}` into `{into}`"),
        Pagination::Offset => format!("the items so far in `{into}`"),
        Pagination::Page => format!("the pages in `{into}`"),
    }
}
