//! Kinds of pagination.

use crate::read::raw::Table;
use crate::source::text::Text;

/// The kinds of pagination, with the fields named by their keys.
#[derive(Clone, Copy)]
pub(super) enum PageKind<'r> {
    Token { next: &'r Text, into: &'r Text },
    Last { last: &'r Text, into: &'r Text },
    Link { link: &'r Text, into: &'r Text },
    Url(&'r Text),
    Offset(&'r Text),
    Page(&'r Text),
}

impl<'r> PageKind<'r> {
    /// Returns `None` unless the keys select exactly one kind.
    pub(super) fn new(pages: &'r Table) -> Option<Self> {
        let into = pages.string("into");
        let kinds = ["next", "last", "link", "url", "offset", "page"];
        let mut selected = kinds
            .iter()
            .filter_map(|key| Some((*key, pages.string(key)?)));
        let (Some((key, text)), None) = (selected.next(), selected.next()) else {
            return None;
        };
        match (key, into) {
            ("next", Some(into)) => Some(Self::Token { next: text, into }),
            ("last", Some(into)) => Some(Self::Last { last: text, into }),
            ("link", Some(into)) => Some(Self::Link { link: text, into }),
            ("url", None) => Some(Self::Url(text)),
            ("offset", None) => Some(Self::Offset(text)),
            ("page", None) => Some(Self::Page(text)),
            _ => None,
        }
    }
}
