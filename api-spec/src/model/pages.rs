//! Pagination of lists.

use super::names::{RustName, WireName};
use super::types::Type;
use crate::source::Span;

/// A paginated list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pages {
    /// The generated function that iterates over all items, e.g. `list_all`.
    pub function: RustName,
    /// The response type: a struct of the endpoint or a declared struct.
    pub response: RustName,
    /// `true` if the response type is declared under `[structs]`.
    pub declared: bool,
    /// The response field with the items.
    pub items: RustName,
    /// `true` if that field may be absent, which means no items.
    pub optional: bool,
    /// The type of an item.
    pub item: Type,
    /// The request field that selects the page.
    pub request_field: RustName,
    /// The value of that field for the next page.
    pub pagination: Pagination,
    /// The position in the spec.
    pub span: Span,
}

/// Source of the value that selects the next page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Pagination {
    /// A page token in the response. The last page has none, or an empty one.
    Token {
        /// The response field with the token.
        next: RustName,
        /// `true` if that field may be absent.
        optional: bool,
    },
    /// A query parameter of the `rel="next"` link in a response header. The last page has no such
    /// link.
    Link {
        /// The response field with the header.
        link: RustName,
        /// `true` if that header may be absent.
        optional: bool,
        /// The query parameter of the link.
        parameter: WireName,
    },
    /// The number of items on the previous pages. A page without items is the last one.
    Offset,
    /// The page number. A page without items is the last one.
    Page,
}
