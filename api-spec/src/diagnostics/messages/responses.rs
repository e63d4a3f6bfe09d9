//! Responses of endpoints: `S413`, `S414`, `S421`.

use super::quote::quote;
use crate::diagnostics::codes::{Code, Explanation};
use crate::diagnostics::diagnostic::Diagnostic;
use crate::model::EventFormat;
use crate::source::Span;
use crate::source::text::Text;

/// Explanation of `S413`.
pub(crate) const STATUS_CODE: Explanation = Explanation {
    text: "The keys of `responses` are HTTP status codes of responses: three digits, from 200 to 599.",
    wrong: r#"[endpoints.files.show]
doc = "Shows a file."
http = "GET /files/show"
responses = { ok = { size = "int" }, 404 = "text" }
"#,
    right: r#"[endpoints.files.show]
doc = "Shows a file."
http = "GET /files/show"
responses = { 200 = { size = "int" }, 404 = "text" }
"#,
};

pub(crate) fn invalid_status_code(text: &Text) -> Diagnostic {
    let message = format!("invalid status code {}", quote(&text.value));
    let is_range = text.value.to_ascii_lowercase().ends_with("xx") || text.as_str() == "default";
    let help = if is_range {
        "write a response for each successful status code, and the type of all others as `error = \"Problem\"`"
    } else {
        "status codes have three digits, from 200 to 599, e.g. `responses.404 = \"text\"`"
    };
    Diagnostic::new(Code::StatusCode, message, text.span, "not a status code").help(help)
}

/// `key` is a status code in `headers_by_status`.
pub(crate) fn headers_without_response(key: &Text) -> Diagnostic {
    let is_valid = |code: &u16| (200..600).contains(code);
    let status = key.value.parse().ok().filter(is_valid).unwrap_or(201);
    let message = format!(
        "there is no response with the status code {}",
        quote(&key.value)
    );
    Diagnostic::new(
        Code::StatusCode,
        message,
        key.span,
        "headers without a response",
    )
    .help(format!(
        "declare the response, e.g. `responses.{status} = \"nothing\"`"
    ))
}

/// Explanation of `S414`.
pub(crate) const SEVERAL_RESPONSES: Explanation = Explanation {
    text: "The response of an endpoint is declared by one of `response`, `responses` by status code, \
           `events` and `lines`. `response_headers` can be added to each of them, and \
           `headers_by_status` to `responses`. Responses by status code are read into memory, so none \
           of them can be a `\"stream\"`.",
    wrong: r#"[endpoints.files.show]
doc = "Shows a file."
http = "GET /files/show"
response = { size = "int" }
responses = { 404 = "text" }
"#,
    right: r#"[endpoints.files.show]
doc = "Shows a file."
http = "GET /files/show"
responses = { 200 = { size = "int" }, 404 = "text" }
"#,
};

pub(crate) fn several_responses(first: &Text, second: &Text) -> Diagnostic {
    let (first_key, second_key) = (first.as_str(), second.as_str());
    let message = format!("`{first_key}` and `{second_key}` cannot be combined");
    let help = match (first_key, second_key) {
        ("responses", "response") => "declare all responses under `responses`".to_owned(),
        _ => format!("declare the response by `{first_key}` or by `{second_key}`"),
    };
    Diagnostic::new(
        Code::SeveralResponses,
        message,
        second.span,
        "second declaration",
    )
    .label(first.span, "first declaration")
    .help(help)
}

/// A body that is declared in another way.
pub(crate) fn unknown_body(text: &Text, help: &str) -> Diagnostic {
    let message = format!("unknown type {}", quote(text.value.trim()));
    Diagnostic::new(Code::UnknownType, message, text.unquoted(), "not a type").help(help)
}

pub(crate) fn headers_without_responses(key: &Text) -> Diagnostic {
    let message = "`headers_by_status` requires `responses`";
    let label = "headers of responses by status code";
    Diagnostic::new(Code::SeveralResponses, message, key.span, label)
        .help("declare the headers of the only response as `response_headers`")
}

pub(crate) fn stream_by_status_code(text: &Text) -> Diagnostic {
    let message = "one of several responses cannot be a stream";
    let label = "not known to be a stream before the status code";
    Diagnostic::new(Code::SeveralResponses, message, text.unquoted(), label)
        .help("use `\"bytes\"`, or declare the stream as the only `response`")
}

/// Explanation of `S421`.
pub(crate) const EVENT_STREAM: Explanation = Explanation {
    text: "The items of `events` and `lines` are JSON or `\"text\"`, which has no key `error`. With `resume = true`, a stream \
           that breaks is requested again with the id of the last event in `Last-Event-ID`. So the \
           method is `GET`, and the response consists of `events`: `lines` have no ids. With \
           `named = true`, an item is an object with the name (`event`) and the data (`data`) of an event, \
           e.g. a union with the tag `event`.",
    wrong: r#"[endpoints.files.watch]
doc = "Returns the changes of files."
http = "GET /files/watch"
lines = { item = "json", resume = true }
"#,
    right: r#"[endpoints.files.watch]
doc = "Returns the changes of files."
http = "GET /files/watch"
events = { item = "json", resume = true }
"#,
};

pub(crate) fn item_of_bytes(text: &Text) -> Diagnostic {
    let message = format!("an item cannot be {}", quote(text.value.trim()));
    Diagnostic::new(
        Code::EventStream,
        message,
        text.unquoted(),
        "not JSON or text",
    )
    .help("use a type or fields for JSON, or `\"text\"`")
}

pub(crate) fn error_key_of_text(key: &Text) -> Diagnostic {
    let message = "items of text have no key that marks an error";
    Diagnostic::new(Code::EventStream, message, key.span, "requires JSON")
        .help("remove it, or declare the items as JSON")
}

pub(crate) fn lines_with_resume(key: &Text) -> Diagnostic {
    let message = format!("`{}` cannot be resumed", EventFormat::Lines.key());
    Diagnostic::new(Code::EventStream, message, key.span, "lines have no ids")
        .help("remove it: only the events of `events` have ids")
}

pub(crate) fn named_lines(key: &Text) -> Diagnostic {
    let message = format!("an item of `{}` has no name", EventFormat::Lines.key());
    Diagnostic::new(Code::EventStream, message, key.span, "lines have no names")
        .help("remove it: only the events of `events` have names")
}

pub(crate) fn named_value(key: &Text, item: Span) -> Diagnostic {
    let message = "an item with the name of its event is an object";
    Diagnostic::new(Code::EventStream, message, item, "not an object")
        .label(key.span, "adds the name to the items")
        .help("use a union with the tag `event`, or fields, e.g. `{ event = \"string\", data = \"json\" }`")
}

pub(crate) fn tag_of_named_events(tag: &Text, named: Span) -> Diagnostic {
    let message = "the name of an event is the field `event`";
    Diagnostic::new(Code::EventStream, message, tag.unquoted(), "not in an item")
        .label(named, "adds the name to the items")
        .help(format!(
            "set `tag = \"event\"`, or remove `named` if the data contain {}",
            quote(&tag.value)
        ))
}

pub(crate) fn field_of_named_events(field: &Text, named: Span) -> Diagnostic {
    let message = format!("an event has no field {}", quote(&field.value));
    Diagnostic::new(Code::EventStream, message, field.span, "unknown field")
        .label(named, "the items are events with their names")
        .help("the fields are `event`, the name, and `data`: declare the fields of the data as a struct")
}

pub(crate) fn resume_without_get(key: &Text, method: &str, http: Option<&Text>) -> Diagnostic {
    let message = format!("a `{method}` request is not sent again to resume a stream");
    let mut diagnostic = Diagnostic::new(Code::EventStream, message, key.span, "requires `GET`");
    if let Some(http) = http {
        diagnostic = diagnostic.label(http.unquoted(), format!("the method is `{method}`"));
    }
    diagnostic.help("remove `resume`")
}
