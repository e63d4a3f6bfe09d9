//! Types: `S301` to `S308` and `S312`.

use super::quote::{self, excerpt, quote};
use crate::diagnostics::codes::{Code, Explanation};
use crate::diagnostics::diagnostic::Diagnostic;
use crate::grammar::type_expr::{BUILTIN_NAMES, MAX_DEPTH, TypeError, TypeErrorKind};
use crate::source::Span;
use crate::source::text::Text;

/// Explanation of `S301`.
pub(crate) const TYPE_SYNTAX: Explanation = Explanation {
    text: "A type is a built-in name such as `string`, `bool`, `int` or `json`, or a declared name. \
           `T?` may be absent, `[T]` is a list, and `{T}` is an object with arbitrary keys. Types can \
           be nested: `[[json]]?`.",
    wrong: r#"[endpoints.files.list]
doc = "Lists files."
http = "GET /files/list"
response = { names = "string[]" }
"#,
    right: r#"[endpoints.files.list]
doc = "Lists files."
http = "GET /files/list"
response = { names = "[string]" }
"#,
};

pub(crate) fn type_syntax(text: &Text, error: &TypeError) -> Diagnostic {
    let at = text.subspan(error.at.clone());
    let new = |message: String, label: &str| Diagnostic::new(Code::TypeSyntax, message, at, label);
    match error.kind {
        TypeErrorKind::Missing => {
            let diagnostic = new("missing type".to_owned(), "expected a type");
            if text.value[error.at.start..].starts_with('?') {
                diagnostic.help("`?` follows the type, e.g. `int?`")
            } else {
                diagnostic.help(TYPE_FORMS)
            }
        }
        TypeErrorKind::Unexpected(c) => new(
            format!(
                "expected a type, found {}",
                quote(c.encode_utf8(&mut [0; 4]))
            ),
            "expected a type",
        )
        .help(TYPE_FORMS),
        TypeErrorKind::Trailing(c) => {
            let found = quote(c.encode_utf8(&mut [0; 4]));
            let diagnostic = new(
                format!("unexpected {found} after a type"),
                "expected the end of the type",
            );
            diagnostic.help(trailing_help(c))
        }
        TypeErrorKind::Unclosed { open, close } => new(
            "unclosed bracket in a type".to_owned(),
            &format!("expected `{close}`"),
        )
        .label(text.subspan(open..open + 1), "opened here")
        .help(TYPE_FORMS),
        TypeErrorKind::TooManyOptionals => too_many_optionals(at),
        TypeErrorKind::TooDeep => type_too_deep(at),
    }
}

const TYPE_FORMS: &str =
    "a type is a name, e.g. `string`, a list `[T]`, a map `{T}` or optional, `T?`";

fn trailing_help(c: char) -> &'static str {
    match c {
        '[' => "a list is written `[T]`, e.g. `[string]`",
        '{' => "a map with string keys is written `{T}`, e.g. `{string}`",
        '<' => "a list is written `[T]`, a map with string keys `{T}`, an optional value `T?`",
        '|' => {
            "an optional value is written `T?`; for a value of several shapes, declare a union or \
             use `json`"
        }
        ',' | ':' => "a map is written with the type of its values only, e.g. `{int}`",
        '!' => "values are required unless their type ends with `?`",
        '-' | '/' => "the names of types have no `-` and `/`, e.g. `timestamp` for a date and time",
        _ => TYPE_FORMS,
    }
}

/// Explanation of `S302`.
pub(crate) const UNKNOWN_TYPE: Explanation = Explanation {
    text: "A name in a type is a built-in type, or is declared under `[ids]`, `[enums.…]`, \
           `[structs.…]` or `[unions.…]`.",
    wrong: r#"[endpoints.files.list]
doc = "Lists files."
http = "GET /files/list"
query = { limit = "integer" }
"#,
    right: r#"[endpoints.files.list]
doc = "Lists files."
http = "GET /files/list"
query = { limit = "int" }
"#,
};

/// `foreign` is the help for a name of another format.
pub(crate) fn unknown_type(
    name: &str,
    at: Span,
    meant: Option<&str>,
    foreign: Option<&str>,
) -> Diagnostic {
    let message = format!("unknown type {}", quote(name));
    let diagnostic = Diagnostic::new(Code::UnknownType, message, at, "not declared");
    if let Some(foreign) = foreign {
        return diagnostic.help(foreign);
    }
    diagnostic
        .did_you_mean(at, meant)
        .help(format!("built-in types: `{}`", BUILTIN_NAMES.join("`, `")))
}

/// Explanation of `S303`.
pub(crate) const TOO_MANY_OPTIONALS: Explanation = Explanation {
    text: "`T?` is a value that may be absent or null. In a field of a JSON object, `T??` also \
           distinguishes absent and null, e.g. for an update that removes a value with null. In a \
           query, a form or a multipart body, null is an empty value. Anywhere else the two cannot be \
           distinguished.",
    wrong: r#"[endpoints.files.list]
doc = "Lists files."
http = "GET /files/list"
headers = { X-Limit = "int??" }
"#,
    right: r#"[endpoints.files.list]
doc = "Lists files."
http = "GET /files/list"
headers = { X-Limit = "int?" }
"#,
};

fn too_many_optionals(at: Span) -> Diagnostic {
    let message = "too many `?`: `T??` already distinguishes absent, null and a value";
    Diagnostic::new(Code::TooManyOptionals, message, at, "remove this `?`").suggest(at, "")
}

/// `T??` that is not the type of a field of a body or a query.
pub(crate) fn unsupported_nullable(at: Span) -> Diagnostic {
    let message = "`??` is not supported here: absent and null cannot be distinguished";
    Diagnostic::new(Code::TooManyOptionals, message, at, "remove this `?`")
        .help("`T??` is supported as the type of a field of a JSON object, a query, a form or a multipart body")
        .suggest(at, "")
}

/// Explanation of `S304`.
pub(crate) const TYPE_TOO_DEEP: Explanation = Explanation {
    text: "Lists and maps can be nested up to 16 levels deep. For a value without a depth limit, use \
           `json`.",
    wrong: r#"[endpoints.files.list]
doc = "Lists files."
http = "GET /files/list"
response = { deep = "[[[[[[[[[[[[[[[[[int]]]]]]]]]]]]]]]]]" }
"#,
    right: r#"[endpoints.files.list]
doc = "Lists files."
http = "GET /files/list"
response = { deep = "json" }
"#,
};

fn type_too_deep(at: Span) -> Diagnostic {
    let message = format!("type nested too deeply: the limit is {MAX_DEPTH} lists and maps");
    Diagnostic::new(Code::TypeTooDeep, message, at, "exceeds the limit")
        .help("declare a struct for the inner part, or use `json`")
}

/// Explanation of `S305`.
pub(crate) const FILE_LOCATION: Explanation = Explanation {
    text: "A `file` is streamed as a part of a `multipart` body, and a `[file]` as several parts. It \
           cannot be used in JSON, in a query or in a response.",
    wrong: r#"[endpoints.files.put]
doc = "Uploads a file."
http = "POST /files/put"
retry = "never"
json = { path = "string", contents = "file" }
"#,
    right: r#"[endpoints.files.put]
doc = "Uploads a file."
http = "POST /files/put"
retry = "never"
multipart = { path = "string", contents = "file" }
"#,
};

pub(crate) fn file_outside_of_multipart(at: Span) -> Diagnostic {
    let message = "`file` is only allowed as a field of a `multipart` body";
    Diagnostic::new(Code::FileLocation, message, at, "not allowed here").help(
        "move the field to `multipart`, as `\"file\"`, `\"file?\"` or `\"[file]\"`; for a body that is \
         a single file, use `body = \"text/csv\"`",
    )
}

/// Explanation of `S306`.
pub(crate) const NOT_SCALAR: Explanation = Explanation {
    text: "Paths, queries, headers, forms and the parts of a multipart body contain plain text. Their \
           fields are scalars: strings, numbers, booleans, ids and enums. All of them except path \
           parameters can be optional, and all except path parameters and response headers can be \
           lists. In a query or a form, each item of a list is a separate parameter unless `style` is \
           set. With a `style`, other types are supported as well.",
    wrong: r#"[endpoints.files.list]
doc = "Lists files."
http = "POST /files/list"
retry = "never"
form = { labels = "{string}" }
"#,
    right: r#"[endpoints.files.list]
doc = "Lists files."
http = "POST /files/list"
retry = "never"
form = { labels = { type = "{string}", style = "brackets" } }
"#,
};

/// `location` is the part of the request, e.g. `query`, and `found` a phrase such as `a map`.
/// `encodings` is the help for the settings with which the value can be sent.
pub(crate) fn not_scalar(
    location: &str,
    found: &str,
    allowed: &str,
    encodings: Option<&str>,
    at: Span,
) -> Diagnostic {
    let message = format!("a {location} field cannot be {found}");
    let diagnostic = Diagnostic::new(Code::NotScalar, message, at, "not a scalar type")
        .help(format!("allowed types: {allowed}"));
    match encodings {
        Some(encodings) => diagnostic.help(encodings),
        None => diagnostic,
    }
}

/// Explanation of `S307`.
pub(crate) const INFINITE_TYPE: Explanation = Explanation {
    text: "A struct that contains itself in required fields, directly or through other structs, has no \
           finite value. It can contain itself in an optional field, which is a `Box` in Rust, in a list, in \
           a map, and in a union with other variants.",
    wrong: r#"[structs.Folder]
fields = { name = "string", parent = "Folder" }

[endpoints.files.show]
doc = "Shows a folder."
http = "GET /files/show"
response = "Folder"
"#,
    right: r#"[structs.Folder]
fields = { name = "string", parent = "Folder?" }

[endpoints.files.show]
doc = "Shows a folder."
http = "GET /files/show"
response = "Folder"
"#,
};

/// Label for a field that contains a type.
pub(crate) fn contains(name: &str) -> String {
    format!("contains {}", quote(name))
}

/// `names` are the types of the cycle, and `labels` their fields.
pub(crate) fn infinite_type(names: &[&str], labels: Vec<(Span, String)>) -> Diagnostic {
    let name = quote(names.first().copied().unwrap_or_default());
    let message = match names {
        [_] => format!("struct {name} contains itself"),
        _ => format!("struct {name} contains itself: {}", quote::cycle(names)),
    };
    let mut labels = labels.into_iter();
    let (span, text) = labels.next().unwrap_or((Span::START, String::new()));
    let diagnostic = Diagnostic::new(Code::InfiniteType, message, span, text);
    let diagnostic = labels.fold(diagnostic, |it, (span, text)| it.label(span, text));
    let last = excerpt(names.first().copied().unwrap_or_default());
    diagnostic.help(format!(
        "make one of the fields optional, e.g. `{last}?`, or use a list or a map"
    ))
}

/// Explanation of `S308`.
pub(crate) const TAG_FIELD: Explanation = Explanation {
    text: "The tag of a union is read and written with the union. A field of a variant with the same \
           name would be written twice.",
    wrong: r#"[unions.Entry]
tag = "kind"
variants.file.fields = { kind = "string", size = "int" }

[endpoints.files.show]
doc = "Shows an entry."
http = "GET /files/show"
response = "Entry"
"#,
    right: r#"[unions.Entry]
tag = "kind"
variants.file.fields = { size = "int" }

[endpoints.files.show]
doc = "Shows an entry."
http = "GET /files/show"
response = "Entry"
"#,
};

pub(crate) fn tag_field(tag: &Text, field: Span) -> Diagnostic {
    let message = format!(
        "field {} has the name of the tag of its union",
        quote(&tag.value)
    );
    Diagnostic::new(Code::TagField, message, field, "duplicates the tag")
        .label(tag.span, "tag defined here")
        .help("remove the field: the tag is read and written with the union")
}

/// Explanation of `S312`.
pub(crate) const AMBIGUOUS_VARIANT: Explanation = Explanation {
    text: "A union with a `tag` is decoded as the variant with this tag. A union without one is decoded \
           as the first variant of which a unique required field is present, so every variant needs a \
           required field that no other variant has. `also` lists other tags and is not supported \
           without one.",
    wrong: r#"[unions.Entry]
variants.file.fields = { name = "string" }
variants.folder.fields = { name = "string", entries = "[string]" }

[endpoints.files.show]
doc = "Shows an entry."
http = "GET /files/show"
response = "Entry"
"#,
    right: r#"[unions.Entry]
variants.file.fields = { name = "string", size = "int" }
variants.folder.fields = { name = "string", entries = "[string]" }

[endpoints.files.show]
doc = "Shows an entry."
http = "GET /files/show"
response = "Entry"
"#,
};

/// `near_miss` is a field that would distinguish the variant, and the reason why it does not.
pub(crate) fn ambiguous_variant(wire: &Text, near_miss: Option<(Span, &str)>) -> Diagnostic {
    let message = format!(
        "variant {} cannot be distinguished from the others",
        quote(&wire.value)
    );
    let label = "no required field that is unique to this variant";
    let mut diagnostic = Diagnostic::new(Code::AmbiguousVariant, message, wire.span, label);
    if let Some((span, reason)) = near_miss {
        diagnostic = diagnostic.label(span, reason);
    }
    diagnostic.help("add a required field that no other variant has, or set a `tag` for the union")
}

pub(crate) fn alias_without_tag(union: &str, alias: Span) -> Diagnostic {
    let message = format!("`also` in union {}, which has no tag", quote(union));
    Diagnostic::new(
        Code::AmbiguousVariant,
        message,
        alias,
        "alias without a tag",
    )
    .help("remove `also`, or set a `tag` for the union")
}
