//! Unions of JSON kinds: `S313`.

use super::quote::quote;
use crate::diagnostics::codes::{Code, Explanation};
use crate::diagnostics::diagnostic::Diagnostic;
use crate::model::JsonKind;
use crate::source::Span;
use crate::source::text::Text;

/// Explanation of `S313`.
pub(crate) const UNION_KINDS: Explanation = Explanation {
    text: "A union with `kinds` is decoded by the first token of a value, so that its types are of different \
           JSON kinds: strings, integers, other numbers, booleans, lists and objects. `int` accepts numbers \
           without fraction and exponent, and `float` beside it all others. Values of other kinds are kept \
           as JSON, so that `json` and `raw` are not needed. Several shapes of objects are a union with \
           `variants`, which can be one of the kinds.",
    wrong: r#"[unions.Owner]
kinds = { name = "string", since = "timestamp" }

[endpoints.files.show]
doc = "Shows a file."
http = "GET /files/show"
response = { owner = "Owner" }
"#,
    right: r#"[unions.Owner]
kinds = { name = "string", number = "int" }

[endpoints.files.show]
doc = "Shows a file."
http = "GET /files/show"
response = { owner = "Owner" }
"#,
};

fn diagnostic(message: impl Into<String>, at: Span, label: impl Into<String>) -> Diagnostic {
    Diagnostic::new(Code::UnionKinds, message, at, label)
}

pub(crate) fn same_kind(name: &Text, first: &Text, kind: JsonKind) -> Diagnostic {
    let (first_name, name_text) = (quote(&first.value), quote(&name.value));
    let kind = kind.as_str();
    let message = format!("{first_name} and {name_text} are of the same JSON kind");
    diagnostic(message, name.span, format!("also {kind}"))
        .label(first.span, kind)
        .help("keep one of them: the first token of a value selects the variant")
}

pub(crate) fn several_kinds(ty: &Text, is_optional: bool) -> Diagnostic {
    let message = format!(
        "values of the type {} have several JSON kinds",
        quote(&ty.value)
    );
    let help = if is_optional {
        "remove `?`, and add it where the union is used"
    } else {
        "remove it: values of other kinds are kept as JSON"
    };
    diagnostic(message, ty.unquoted(), "not one kind").help(help)
}

pub(crate) fn nested_kinds(ty: &Text, union: &str) -> Diagnostic {
    let message = format!("{} is a union of JSON kinds itself", quote(union));
    diagnostic(message, ty.unquoted(), "not one kind").help("list its kinds here")
}

pub(crate) fn kinds_beside_variants(kinds: &Text, other: &Text) -> Diagnostic {
    let message = format!("`kinds` and {} in one union", quote(&other.value));
    diagnostic(
        message,
        kinds.span,
        "distinguishes values by their JSON kinds",
    )
    .label(other.span, "distinguishes objects")
    .help("declare a union for the objects, and use it as one of the kinds")
}
