//! Kinds of pagination.

use crate::diagnostics::messages::pages::KindError;
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
    /// Returns the kind that the keys select.
    pub(super) fn new(pages: &'r Table) -> Result<Self, KindError> {
        const SELECTORS: [&str; 6] = ["next", "last", "link", "url", "offset", "page"];
        let into = pages.string("into");
        let selected: Vec<_> = SELECTORS
            .into_iter()
            .filter_map(|key| Some((key, pages.string(key)?)))
            .collect();
        let (key, text) = match selected.as_slice() {
            [] => return Err(KindError::None),
            [one] => *one,
            several => {
                let keys = several.iter().map(|(key, _)| *key).collect();
                return Err(KindError::Several(keys));
            }
        };
        match (key, into) {
            ("next", Some(into)) => Ok(Self::Token { next: text, into }),
            ("last", Some(into)) => Ok(Self::Last { last: text, into }),
            ("link", Some(into)) => Ok(Self::Link { link: text, into }),
            ("url", None) => Ok(Self::Url(text)),
            ("offset", None) => Ok(Self::Offset(text)),
            ("page", None) => Ok(Self::Page(text)),
            (key, None) => Err(KindError::WithoutInto(key)),
            (key, Some(_)) => Err(KindError::WithInto(key)),
        }
    }
}
