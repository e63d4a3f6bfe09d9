//! Pagination: `S511`.

use super::quote::{all, quote};
use crate::diagnostics::codes::{Code, Explanation};
use crate::diagnostics::diagnostic::Diagnostic;
use crate::model::{Field, Method, Type};
use crate::source::Span;
use crate::source::text::Text;

/// Explanation of `S511`.
pub(crate) const PAGINATION: Explanation = Explanation {
    text: "`items` is the response field with the list. The next page is selected by a token in the \
           response (`next`) that is sent in a request field (`into`), by a field of the last item \
           (`last` and `into`), by a parameter of a link in a response header (`link` and `into`), by a \
           URL in the response (`url`), or by a request field with the number of items so far \
           (`offset`) or the page number (`page`). The fields can be fields of structs, e.g. \
           `data.items`. A token, a URL or a flag can be a response header.",
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

/// Reason why the keys of `pages` select no kind of pagination.
pub(crate) enum KindError {
    None,
    /// Keys of different kinds.
    Several(Vec<&'static str>),
    /// A key that needs `into`.
    WithoutInto(&'static str),
    /// A key that is used without `into`.
    WithInto(&'static str),
}

pub(crate) fn pagination_kind(at: Span, error: &KindError) -> Diagnostic {
    const KINDS: &str = "set `next` and `into` for a page token, `last` and `into` for a field of the last \
                         item, `link` and `into` for a link header, or one of `url`, `offset` and `page`";
    let (message, label, help) = match error {
        KindError::None => (
            "`pages` selects no kind of pagination".to_owned(),
            "no key selects the next page".to_owned(),
            KINDS.to_owned(),
        ),
        KindError::Several(keys) => (
            "`pages` selects several kinds of pagination".to_owned(),
            format!("with {}", all(keys)),
            KINDS.to_owned(),
        ),
        KindError::WithoutInto(key) => (
            format!("`{key}` requires `into`"),
            "`into` is missing".to_owned(),
            "set `into` to the request field that selects the page".to_owned(),
        ),
        KindError::WithInto(key) => (
            format!("`into` cannot be combined with `{key}`"),
            "the key `into` has no effect".to_owned(),
            "remove `into`".to_owned(),
        ),
    };
    Diagnostic::new(Code::Pagination, message, at, label).help(help)
}

pub(crate) fn response_without_fields(at: Span) -> Diagnostic {
    let message = "a response with pages must have fields";
    let label = "the response has no field for the items";
    Diagnostic::new(Code::Pagination, message, at, label)
        .help("declare the response as a table, as a struct of `[structs.…]`, or as a list")
}

/// `items` names another field than the one of a response that is a list.
pub(crate) fn items_are_the_body(text: &Text) -> Diagnostic {
    let at = text.unquoted();
    Diagnostic::new(
        Code::Pagination,
        "the response is a list without fields",
        at,
        "unknown field",
    )
    .did_you_mean(at, Some("body"))
}

/// Both keys name a flag that marks the last page.
pub(crate) fn two_flags(more: &Text, last_page: &Text) -> Diagnostic {
    let message = "`more` cannot be combined with `last_page`";
    let (first, second) = (more.span.min(last_page.span), more.span.max(last_page.span));
    Diagnostic::new(Code::Pagination, message, second, "the second flag")
        .label(first, "the first flag")
        .help(
            "`more` names a field that is `false` on the last page, `last_page` one that is `true`",
        )
}

/// Items of this type have no field to select the next page.
pub(crate) fn items_without_fields(text: &Text, item: &Type) -> Diagnostic {
    let message = "only items that are structs have a last id";
    let label = format!("the type of an item is `{item}`");
    Diagnostic::new(Code::Pagination, message, text.unquoted(), label)
        .help("declare the items as a struct of `[structs.…]`")
}

pub(crate) fn url_method(text: &Text, method: Method, endpoint: Span) -> Diagnostic {
    let message = "only a `GET` request without a body can follow a URL to the next page";
    Diagnostic::new(Code::Pagination, message, text.unquoted(), "used here")
        .label(endpoint, format!("the method is `{}`", method.as_str()))
        .help("if the response has a page token, set `next` and `into`")
}

/// The optional parent of a request field cannot be created for the request of the next page.
pub(crate) fn parent_with_required_fields(
    text: &Text,
    parent: &Field,
    required: &Field,
) -> Diagnostic {
    let name = quote(parent.wire.as_str());
    let message = format!("field {name} cannot be added to the request of the next page");
    let label = format!("{name} is optional");
    Diagnostic::new(Code::Pagination, message, text.unquoted(), label)
        .label(required.span, "requires a value")
        .help(format!(
            "make {name} required, or all of its fields optional"
        ))
}

/// `expected` is a phrase such as ``a list, e.g. `[Job]` ``.
pub(crate) fn page_field_type(text: &Text, field: Span, expected: &str) -> Diagnostic {
    let message = format!("field {} cannot be used for pagination", quote(&text.value));
    Diagnostic::new(Code::Pagination, message, text.unquoted(), "used here")
        .label(field, "unsuitable type")
        .help(format!("the type must be {expected}"))
}
