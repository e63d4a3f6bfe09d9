//! Encodings of fields: `S411`.

use super::quote::{all, quote};
use crate::diagnostics::codes::{Code, Explanation};
use crate::diagnostics::diagnostic::Diagnostic;
use crate::language::STYLES;
use crate::source::text::Text;

/// Explanation of `S411`.
pub(crate) const STYLE: Explanation = Explanation {
    text: "The style of a list in a query or a form is `repeat` by default: one parameter per item, \
           e.g. `id=1&id=2`. The styles `comma`, `space` and `pipe` send all items as one string, e.g. \
           `id=1,2`. Maps, structs and nested lists need `brackets`, `indices` or `dots`, with one \
           parameter per value, or `json`. A part of a multipart body can have a `content_type` \
           instead.",
    wrong: r#"[endpoints.files.list]
doc = "Lists files."
http = "GET /files/list"
query = { ids = { type = "[int]", style = "commas" } }
"#,
    right: r#"[endpoints.files.list]
doc = "Lists files."
http = "GET /files/list"
query = { ids = { type = "[int]", style = "comma" } }
"#,
};

/// Help for a value that needs a style.
pub(crate) const STYLES_OF_OBJECTS: &str = "set a `style`: `\"brackets\"` (`a[b]=1`, `a[]=1`), `\"indices\"` (`a[b]=1`, `a[0]=1`), \
     `\"dots\"` (`a.b=1`) or `\"json\"`";

pub(crate) fn style_not_supported(field: &Text, style: &Text) -> Diagnostic {
    let message = format!("`style` is not supported for field {}", quote(&field.value));
    let name = style.as_str();
    let help = match name {
        "json" => "`json` is supported in `query`, `headers`, `form` and `multipart`".to_owned(),
        "brackets" | "indices" | "dots" => format!(
            "`{name}` is supported for lists, maps, structs, unions and JSON in `query`, `form` and \
             `multipart`"
        ),
        _ => format!("`{name}` is supported for lists in `query` and `form`"),
    };
    Diagnostic::new(Code::Style, message, style.unquoted(), "not supported here").help(help)
}

pub(crate) fn unknown_style(text: &Text, meant: Option<&str>) -> Diagnostic {
    let at = text.unquoted();
    let message = format!("unknown style {}", quote(&text.value));
    Diagnostic::new(Code::Style, message, at, "unknown style")
        .did_you_mean(at, meant)
        .help(format!("available styles: {}", all(STYLES)))
}

pub(crate) fn two_encodings(field: &Text, style: &Text, content_type: &Text) -> Diagnostic {
    let message = format!(
        "field {} has both `style` and `content_type`",
        quote(&field.value)
    );
    Diagnostic::new(
        Code::Style,
        message,
        content_type.unquoted(),
        "second encoding",
    )
    .label(style.unquoted(), "first encoding")
    .help("keep one of them: a part with a media type is one value")
}

pub(crate) fn content_type_outside_of_multipart(field: &Text, text: &Text) -> Diagnostic {
    let message = format!("field {} cannot have a media type", quote(&field.value));
    Diagnostic::new(Code::Style, message, text.unquoted(), "not supported here")
        .help("`content_type` is the media type of a part of a `multipart` body")
}

pub(crate) fn invalid_content_type(text: &Text) -> Diagnostic {
    let at = text.unquoted();
    let message = format!("invalid media type {}", quote(&text.value));
    Diagnostic::new(Code::MediaType, message, at, "expected a media type")
        .help("for example: `content_type = \"image/png\"`")
}

pub(crate) fn value_is_not_json(field: &Text, text: &Text) -> Diagnostic {
    let message = format!(
        "the value of field {} is JSON, but its media type is not",
        quote(&field.value)
    );
    Diagnostic::new(Code::Style, message, text.unquoted(), "not a JSON type")
        .help("use `application/json` or a type that ends with `+json`")
}
