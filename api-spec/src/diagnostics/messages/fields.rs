//! Settings of fields: `S309` to `S311`, `S315` and `S412`.

use super::quote::quote;
use crate::diagnostics::codes::{Code, Explanation};
use crate::diagnostics::diagnostic::Diagnostic;
use crate::model::{Builtin, Type};
use crate::source::Span;
use crate::source::text::Text;

/// Explanation of `S309`.
pub(crate) const FIXED_VALUE: Explanation = Explanation {
    text: "A request field with a `value` is sent with this value in every request. The value is a \
           string, a number or a boolean, matches the type of the field, and is part of the query, the \
           headers or the body.",
    wrong: r#"[endpoints.files.list]
doc = "Lists files."
http = "GET /files/list"
query = { version = { type = "int", value = "two" } }
"#,
    right: r#"[endpoints.files.list]
doc = "Lists files."
http = "GET /files/list"
query = { version = { type = "int", value = 2 } }
"#,
};

/// `key` is the setting that has no effect beside `value`.
pub(crate) fn no_effect_beside_value(key: &str, field: &Text, at: Span) -> Diagnostic {
    let message = format!(
        "`{key}` has no effect on field {}, whose value is fixed",
        quote(&field.value)
    );
    Diagnostic::new(Code::FixedValue, message, at, "no effect beside `value`").help("remove it")
}

pub(crate) fn fixed_value_location(field: &Text, at: Span) -> Diagnostic {
    let message = format!("field {} cannot have a fixed value", quote(&field.value));
    Diagnostic::new(Code::FixedValue, message, at, "fixed value")
        .help("fixed values are supported in the query, the headers and the body of a request")
}

pub(crate) fn fixed_value_type(field: &Text, ty: &Type, at: Span) -> Diagnostic {
    let message = format!(
        "the fixed value of field {} does not match its type",
        quote(&field.value)
    );
    let help = if ty.is_optional() {
        "a fixed value is always sent: remove the `?` of its type".to_owned()
    } else {
        literals(ty)
    };
    Diagnostic::new(Code::FixedValue, message, at, "fixed value").help(help)
}

/// Returns the literals that are values of a type, for help texts.
fn literals(ty: &Type) -> String {
    let literals = match ty {
        Type::String | Type::Id(_) | Type::Enum(_) => "a string",
        Type::Bool => "`true` or `false`",
        Type::Float => "a number",
        Type::Int | Type::Builtin(Builtin::IntText | Builtin::Decimal | Builtin::DecimalText) => {
            "an integer"
        }
        Type::Builtin(Builtin::Uint | Builtin::UintText) => "an integer that is not negative",
        _ => return format!("values of the type `{ty}` cannot be written in a spec"),
    };
    format!("a value of the type `{ty}` is written as {literals}")
}

/// Explanation of `S310`.
pub(crate) const DEFAULT_VALUE: Explanation = Explanation {
    text: "A field with a `default` is never absent: a request sends the default until another value is \
           set, and a response has it if the server omits the field. The default matches the type of \
           the field.",
    wrong: r#"[endpoints.files.list]
doc = "Lists files."
http = "GET /files/list"
query = { limit = { type = "int?", default = 20 } }
"#,
    right: r#"[endpoints.files.list]
doc = "Lists files."
http = "GET /files/list"
query = { limit = { type = "int", default = 20 } }
"#,
};

/// Reason why a default is invalid.
#[derive(Clone, Copy)]
pub(crate) enum DefaultError<'t> {
    Location,
    Optional,
    Type(&'t Type),
    ControlCharacter,
    Bounds,
}

pub(crate) fn invalid_default(field: &Text, error: DefaultError<'_>, at: Span) -> Diagnostic {
    let help = match error {
        DefaultError::Location => {
            "defaults are supported in the query, in request headers and in bodies".to_owned()
        }
        DefaultError::Optional => {
            "a field with a default is never absent: remove the `?` of its type".to_owned()
        }
        DefaultError::Type(ty) => literals(ty),
        DefaultError::ControlCharacter => {
            "a default must not contain control characters".to_owned()
        }
        DefaultError::Bounds => "the default is outside of `min` and `max` of the field".to_owned(),
    };
    let message = format!("invalid default for field {}", quote(&field.value));
    Diagnostic::new(Code::DefaultValue, message, at, "invalid default").help(help)
}

pub(crate) fn unknown_default(
    value: &str,
    enumeration: &str,
    at: Span,
    meant: Option<&str>,
) -> Diagnostic {
    let message = format!("{} is not a value of `{enumeration}`", quote(value));
    Diagnostic::new(Code::DefaultValue, message, at, "unknown value").did_you_mean(at, meant)
}

/// Explanation of `S311`.
pub(crate) const BOUNDS: Explanation = Explanation {
    text: "`min` and `max` are bounds of a number, of the length of a string in characters, or of the \
           number of items of a list or map. They are checked before a request is sent.",
    wrong: r#"[endpoints.files.list]
doc = "Lists files."
http = "GET /files/list"
query = { limit = { type = "int?", min = 100, max = 1 } }
"#,
    right: r#"[endpoints.files.list]
doc = "Lists files."
http = "GET /files/list"
query = { limit = { type = "int?", min = 1, max = 100 } }
"#,
};

/// Reason why a bound is invalid.
#[derive(Clone, Copy)]
pub(crate) enum BoundsError {
    Type,
    NotALength,
    NotAnInteger,
    Order,
}

pub(crate) fn invalid_bounds(field: &Text, error: BoundsError, at: Span) -> Diagnostic {
    let (label, help) = match error {
        BoundsError::Type => (
            "not supported for this type",
            "bounds are supported for numbers, strings, lists and maps",
        ),
        BoundsError::NotALength => (
            "not a length",
            "the bound of a length is an integer that is not negative",
        ),
        BoundsError::NotAnInteger => ("not an integer", "the bound of an integer is an integer"),
        BoundsError::Order => ("less than `min`", "`max` must be at least `min`"),
    };
    let message = format!("invalid bounds for field {}", quote(&field.value));
    Diagnostic::new(Code::Bounds, message, at, label).help(help)
}

/// Explanation of `S315`.
pub(crate) const ONLY: Explanation = Explanation {
    text: "A field of a declared struct or variant can have `only`, which is `request` or `response`. \
           Requests do not send a field of responses, and do not need it, so that an object of a response can be \
           changed and sent back. A field of requests is not decoded. The fields of an endpoint exist in \
           one direction without it.",
    wrong: r#"[endpoints.files.show]
doc = "Shows a file."
http = "GET /files/show"
response = { id = { type = "int", only = "response" }, name = "string" }
"#,
    right: r#"[structs.File]
fields = { id = { type = "int", only = "response" }, name = "string" }

[endpoints.files.show]
doc = "Shows a file."
http = "GET /files/show"
response = "File"

[endpoints.files.replace]
doc = "Replaces a file."
http = "PUT /files"
json = { file = "File" }
"#,
};

pub(crate) fn unknown_direction(text: &Text, meant: Option<&str>) -> Diagnostic {
    let at = text.unquoted();
    let message = format!("unknown direction {}", quote(&text.value));
    Diagnostic::new(Code::Only, message, at, "expected `request` or `response`")
        .did_you_mean(at, meant)
        .help("requests do not contain a field with `only = \"response\"`, e.g. an id that the server sets")
}

/// `only` at a field that exists in one direction anyway.
pub(crate) fn only_in_one_direction(field: &Text, only: &Text) -> Diagnostic {
    let message = format!("field {} cannot have `only`", quote(&field.value));
    Diagnostic::new(Code::Only, message, only.unquoted(), "not supported here").help(
        "remove it: `only` is a key of fields of `[structs.…]` and `[unions.…]`, which may be used in \
         both directions",
    )
}

/// Explanation of `S412`.
pub(crate) const HEADER_NAME: Explanation = Explanation {
    text: "The name of a header consists of ASCII letters, digits and `-`. Headers about the \
           connection, the body and the credentials are set by the client.",
    wrong: r#"[endpoints.files.list]
doc = "Lists files."
http = "GET /files/list"
headers = { "X Request Id" = "string" }
"#,
    right: r#"[endpoints.files.list]
doc = "Lists files."
http = "GET /files/list"
headers = { "X-Request-Id" = "string" }
"#,
};

pub(crate) fn invalid_header_name(name: &Text) -> Diagnostic {
    let message = format!("invalid header name {}", quote(&name.value));
    Diagnostic::new(Code::HeaderName, message, name.span, "invalid name")
        .help("a header name consists of ASCII letters, digits and `-`")
}

/// Source of the value of a header that the client sets.
#[derive(Clone, Copy)]
pub(crate) enum ClientHeader {
    Credentials,
    Body,
    Connection,
    BaseUrl,
}

pub(crate) fn header_set_by_client(name: &Text, source: ClientHeader) -> Diagnostic {
    let help = match source {
        ClientHeader::Credentials => "remove it, and set credentials on the client instead",
        ClientHeader::Body => {
            "remove it: the client derives it from the body; `content_type` sets the media type, \
             which callers choose for a `body` only"
        }
        ClientHeader::Connection => "remove it: it controls the connection",
        ClientHeader::BaseUrl => "remove it: the client derives it from the base URL",
    };
    let message = format!("header {} is set by the client", quote(&name.value));
    Diagnostic::new(Code::HeaderName, message, name.span, "not allowed here").help(help)
}
