//! Pagination of lists.

use super::field_path::FieldPath;
use super::names::{RustName, WireName};
use super::types::Type;
use crate::source::Span;

/// A paginated list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pages {
    /// The generated function that iterates over all items, e.g. `list_all`.
    pub function: RustName,
    /// The response field with the items. An absent list has no items.
    pub items: FieldPath,
    /// The type of an item.
    pub item: Type,
    /// The source of the value that selects the next page.
    pub pagination: Pagination,
    /// The response field that marks the last page. If it is absent, `pagination` determines the last
    /// page.
    pub flag: Option<PageFlag>,
    /// The position in the spec.
    pub span: Span,
}

/// A response field of the type `bool` that marks the last page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageFlag {
    /// The field.
    pub field: FieldPath,
    /// The value on the last page: `false` for `more`, `true` for `last_page`.
    pub on_last_page: bool,
}

impl PageFlag {
    /// Returns the key of `pages` that declares the flag.
    pub const fn key(&self) -> &'static str {
        if self.on_last_page {
            "last_page"
        } else {
            "more"
        }
    }
}

/// Source of the value that selects the next page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Pagination {
    /// A page token in the response. The last page has none, or an empty one.
    Token {
        /// The response field with the token.
        next: FieldPath,
        /// The request field for the token.
        into: FieldPath,
    },
    /// A field of the last item. A page without items is the last one.
    Last {
        /// The field of the item.
        last: FieldPath,
        /// The request field for its value.
        into: FieldPath,
    },
    /// A query parameter of the `rel="next"` link in a response header. The last page has no such
    /// link.
    Link {
        /// The response header.
        link: FieldPath,
        /// The query parameter of the link.
        parameter: WireName,
        /// The request field for the parameter.
        into: FieldPath,
    },
    /// The URL of the next page in the response. The last page has none, or an empty one.
    Url {
        /// The response field with the URL.
        url: FieldPath,
    },
    /// The number of items on the previous pages. A page without items is the last one.
    Offset {
        /// The request field for the number.
        into: FieldPath,
    },
    /// The page number. A page without items is the last one.
    Page {
        /// The request field for the number.
        into: FieldPath,
    },
}

impl Pagination {
    /// Returns the request field that selects the page.
    pub const fn request_field(&self) -> Option<&FieldPath> {
        match self {
            Self::Token { into, .. }
            | Self::Last { into, .. }
            | Self::Link { into, .. }
            | Self::Offset { into }
            | Self::Page { into } => Some(into),
            Self::Url { .. } => None,
        }
    }
}
