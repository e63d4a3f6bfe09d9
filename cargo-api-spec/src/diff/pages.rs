//! Functions that iterate over all pages.

use api_spec::model::{Endpoint, Pages, Pagination};

use super::report::Report;
use crate::semver::SemverLevel;

pub(super) fn compare(report: &mut Report, module: &str, old: &Endpoint, new: &Endpoint) {
    let path = |pages: &Pages| format!("{module}::{}", pages.function);
    match (&old.pages, &new.pages) {
        (None, None) => {}
        (Some(old), None) => report.removed(path(old), "no longer paginated"),
        (None, Some(new)) => {
            report.added(SemverLevel::Minor, path(new), "iterator over all pages");
        }
        (Some(old), Some(new)) => compare_pages(report, &path(new), old, new),
    }
}

fn compare_pages(report: &mut Report, path: &str, old: &Pages, new: &Pages) {
    let types = (old.item.to_string(), new.item.to_string());
    let sources = (old.items.to_string(), new.items.to_string());
    let _ = report.compare_code(SemverLevel::Major, path, "item type", types)
        || report.compare_code(SemverLevel::Major, path, "field of the items", sources);
    let pagination = (pagination(old), pagination(new));
    report.compare(SemverLevel::Minor, path, "pagination", pagination);
}

fn pagination(pages: &Pages) -> String {
    let kind = match &pages.pagination {
        Pagination::Token { next, into } => format!("token `{next}` in `{into}`"),
        Pagination::Last { last, into } => format!("`{last}` of the last item in `{into}`"),
        Pagination::Link {
            link,
            parameter,
            into,
        } => format!("`{parameter}` of link `{link}` in `{into}`"),
        Pagination::Url { url } => format!("URL `{url}`"),
        Pagination::Offset { into } => format!("offset in `{into}`"),
        Pagination::Page { into } => format!("page number in `{into}`"),
    };
    match &pages.flag {
        Some(flag) if flag.on_last_page => format!("{kind}, until `{}`", flag.field),
        Some(flag) => format!("{kind}, while `{}`", flag.field),
        None => kind,
    }
}
