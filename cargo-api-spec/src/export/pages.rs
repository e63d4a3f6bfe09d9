//! Pagination as the extension `x-pages`, which has the keys of the spec.

use api_spec::model::{Endpoint, Pagination};

use crate::json::Members;

/// Returns the keys of `x-pages` with wire names. Empty if the endpoint is not paginated.
pub(super) fn pages(endpoint: &Endpoint) -> Members {
    let mut members = Members::default();
    let Some(pages) = &endpoint.pages else {
        return members;
    };
    members.add("items", pages.items.wire());
    match &pages.pagination {
        Pagination::Token { next, into } => {
            members.add("next", next.wire());
            members.add("into", into.wire());
        }
        Pagination::Last { last, into } => {
            members.add("last", last.wire());
            members.add("into", into.wire());
        }
        Pagination::Link { link, into, .. } => {
            members.add("link", link.wire());
            members.add("into", into.wire());
        }
        Pagination::Url { url } => members.add("url", url.wire()),
        Pagination::Offset { into } => members.add("offset", into.wire()),
        Pagination::Page { into } => members.add("page", into.wire()),
    }
    if let Some(flag) = &pages.flag {
        members.add(flag.key(), flag.field.wire());
    }
    members
}
