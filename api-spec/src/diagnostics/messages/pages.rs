//! Pagination: `S511`.

use super::quote::quote;
use crate::diagnostics::codes::{Code, Explanation};
use crate::diagnostics::diagnostic::Diagnostic;
use crate::source::Span;
use crate::source::text::Text;

/// Explanation of `S511`.
pub(crate) const PAGINATION: Explanation = Explanation {
    text: "`items` is the response field with the list. The next page is selected by a token in the \
           response (`next`) that is sent in a request field (`into`), by a parameter of a link in a \
           response header (`link` and `into`), or by a request field with the number of items so far \
           (`offset`) or the page number (`page`).",
    wrong: r#"[endpoints.files.list]
doc = "Lists files."
http = "GET /files"
query = { token = "string?" }
response = { names = "[string]", next = "string?" }
pages = { items = "names", next = "next" }
"#,
    right: r#"[endpoints.files.list]
doc = "Lists files."
http = "GET /files"
query = { token = "string?" }
response = { names = "[string]", next = "string?" }
pages = { items = "names", next = "next", into = "token" }
"#,
};

/// Part of an endpoint that is searched for a field.
#[derive(Clone, Copy)]
pub(crate) enum Part {
    RequestField,
    ResponseField,
    ResponseHeader,
}

pub(crate) fn pagination_kind(at: Span) -> Diagnostic {
    let message = "`pages` must select one kind of pagination";
    let label = "none, several, or an incomplete one";
    Diagnostic::new(Code::Pagination, message, at, label).help(
        "set `next` and `into` for a page token, `link` and `into` for a link header, or `offset`, or \
         `page`",
    )
}

pub(crate) fn response_without_fields(at: Span) -> Diagnostic {
    let message = "a response with pages must have fields";
    let label = "the response has no field for the items";
    Diagnostic::new(Code::Pagination, message, at, label)
        .help("declare the response as a table, or as a struct of `[structs.…]`")
}

pub(crate) fn unknown_page_field(part: Part, text: &Text, meant: Option<&str>) -> Diagnostic {
    let (part, label) = match part {
        Part::RequestField => ("the request has no field", "unknown field"),
        Part::ResponseField => ("the response has no field", "unknown field"),
        Part::ResponseHeader => ("the response has no header", "unknown header"),
    };
    let at = text.unquoted();
    let message = format!("{part} {}", quote(&text.value));
    Diagnostic::new(Code::Pagination, message, at, label).did_you_mean(at, meant)
}

/// `expected` is a phrase such as ``a list, e.g. `[Job]` ``.
pub(crate) fn page_field_type(text: &Text, field: Span, expected: &str) -> Diagnostic {
    let message = format!("field {} cannot be used for pagination", quote(&text.value));
    Diagnostic::new(Code::Pagination, message, text.unquoted(), "used here")
        .label(field, "unsuitable type")
        .help(format!("the type must be {expected}"))
}
