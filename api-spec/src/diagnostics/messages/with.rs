//! Fields that structs share: `S314`.

use super::quote::{self, quote};
use crate::diagnostics::codes::{Code, Explanation};
use crate::diagnostics::diagnostic::Diagnostic;
use crate::source::Span;
use crate::source::text::Text;

/// Explanation of `S314`.
pub(crate) const WITH: Explanation = Explanation {
    text: "`with` lists structs whose fields a struct or a variant has in front of its own, as if they were \
           declared in it. The fields are flattened: the object on the wire and the struct in Rust contain \
           them directly, so that all names must differ. The listed structs can have `with` themselves.",
    wrong: r#"[structs.Audit]
fields = { created = "timestamp", name = "string" }

[structs.File]
with = ["Audit"]
fields = { name = "string" }

[endpoints.files.show]
doc = "Shows a file."
http = "GET /files/show"
response = "File"
"#,
    right: r#"[structs.Audit]
fields = { created = "timestamp", creator = "string" }

[structs.File]
with = ["Audit"]
fields = { name = "string" }

[endpoints.files.show]
doc = "Shows a file."
http = "GET /files/show"
response = "File"
"#,
};

fn diagnostic(message: impl Into<String>, at: Span, label: impl Into<String>) -> Diagnostic {
    Diagnostic::new(Code::With, message, at, label)
}

pub(crate) fn unknown_struct(name: &Text, meant: Option<&str>) -> Diagnostic {
    let message = format!("unknown struct {}", quote(&name.value));
    let at = name.unquoted();
    diagnostic(message, at, "not declared")
        .did_you_mean(at, meant)
        .help("`with` lists types of `[structs]`")
}

pub(crate) fn not_a_struct(name: &Text, declared: Span) -> Diagnostic {
    let message = format!("{} is not a struct", quote(&name.value));
    diagnostic(message, name.unquoted(), "has no fields to share")
        .label(declared, "declared here")
        .help("`with` lists types of `[structs]`")
}

pub(crate) fn listed_twice(name: &Text, first: Span) -> Diagnostic {
    let message = format!("{} is listed twice", quote(&name.value));
    diagnostic(message, name.span, "listed again here").label(first, "first listed here")
}

/// `name` is the struct in `with`, if the second field comes from it.
pub(crate) fn field_clash(
    field: &str,
    second: Span,
    first: Span,
    name: Option<&Text>,
) -> Diagnostic {
    let message = format!("two fields named {}", quote(field));
    let diagnostic = match name {
        Some(name) => diagnostic(
            message,
            name.span,
            format!("{} has the field as well", quote(&name.value)),
        )
        .label(second, "second field"),
        None => diagnostic(message, second, "second field"),
    };
    diagnostic
        .label(first, "first field")
        .help("rename or remove one of them, or declare the fields without `with`")
}

/// `names` are the structs of the cycle.
pub(crate) fn cycle(names: &[&str], at: Span) -> Diagnostic {
    let message = format!(
        "`with` includes a struct in itself: {}",
        quote::cycle(names)
    );
    diagnostic(message, at, "part of the cycle").help("remove one of them from `with`")
}
