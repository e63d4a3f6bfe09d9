//! Bodies of requests and their media types: `S405`, `S406`, `S415`.

use super::quote::quote;
use crate::diagnostics::codes::{Code, Explanation};
use crate::diagnostics::diagnostic::Diagnostic;
use crate::model::Method;
use crate::source::Span;
use crate::source::text::Text;

/// Explanation of `S405`.
pub(crate) const SEVERAL_BODIES: Explanation = Explanation {
    text: "A request has one body in one encoding: `json`, `form`, `multipart` or `body`.",
    wrong: r#"[endpoints.files.put]
doc = "Uploads a file."
http = "POST /files/put"
retry = "never"
json = { path = "string" }
multipart = { contents = "file" }
"#,
    right: r#"[endpoints.files.put]
doc = "Uploads a file."
http = "POST /files/put"
retry = "never"
multipart = { path = "string", contents = "file" }
"#,
};

pub(crate) fn several_bodies(first: &Text, second: &Text) -> Diagnostic {
    let message = format!(
        "`{}` and `{}` cannot be combined",
        first.value, second.value
    );
    Diagnostic::new(Code::SeveralBodies, message, second.span, "second body")
        .label(first.span, "first body")
        .help("a request has one body: move all fields into one of the two")
}

/// Explanation of `S406`.
pub(crate) const UNEXPECTED_BODY: Explanation = Explanation {
    text: "The parameters of a `GET` or `HEAD` request are part of the query, because servers and \
           proxies ignore or reject a body. If an API requires one with `GET`, `body_with_get = true` \
           allows it. The response to `HEAD` has no body either.",
    wrong: r#"[endpoints.files.list]
doc = "Lists files."
http = "GET /files/list"
json = { path = "string" }
"#,
    right: r#"[endpoints.files.list]
doc = "Lists files."
http = "GET /files/list"
query = { path = "string" }
"#,
};

pub(crate) fn body_not_allowed(method: Method, body: Span, http: Option<&Text>) -> Diagnostic {
    let name = method.as_str();
    let message = format!("a `{name}` request has no body");
    let mut diagnostic = Diagnostic::new(Code::UnexpectedBody, message, body, "request body");
    if let Some(http) = http {
        diagnostic = diagnostic.label(http.unquoted(), format!("the method is `{name}`"));
    }
    let diagnostic = diagnostic.help("move the fields to `query`, or change the method");
    if method == Method::Get {
        return diagnostic
            .help("if the API requires a body with `GET`, set `body_with_get = true`");
    }
    diagnostic
}

pub(crate) fn body_with_get_without_effect(at: Span) -> Diagnostic {
    let message = "`body_with_get` has an effect only on a `GET` request with a body";
    Diagnostic::new(Code::UnexpectedBody, message, at, "no effect").help("remove it")
}

pub(crate) fn response_to_head(response: Span) -> Diagnostic {
    let message = "the response to `HEAD` has no body";
    Diagnostic::new(Code::UnexpectedBody, message, response, "response body").help("remove it")
}

/// Explanation of `S415`.
pub(crate) const MEDIA_TYPE: Explanation = Explanation {
    text: "`body` is the media type of a body that is sent unchanged, e.g. `text/csv` or \
           `application/json; charset=utf-8`. The caller passes a file, or bytes in memory. \
           `content_type` is the media type of `json`, `form` or `multipart`, if it is not the usual one.",
    wrong: r#"[endpoints.files.put]
doc = "Puts a file."
http = "PUT /files"
body = "bytes"
"#,
    right: r#"[endpoints.files.put]
doc = "Puts a file."
http = "PUT /files"
body = "application/octet-stream"
"#,
};

pub(crate) fn invalid_media_type(text: &Text) -> Diagnostic {
    let message = format!("invalid media type {}", quote(&text.value));
    Diagnostic::new(
        Code::MediaType,
        message,
        text.unquoted(),
        "expected a media type",
    )
    .help(
        "for example: `body = \"application/octet-stream\"`; a JSON body with fields is declared as \
         `json = { … }`",
    )
}

pub(crate) fn invalid_content_type(text: &Text) -> Diagnostic {
    let message = format!("invalid media type {}", quote(&text.value));
    let at = text.unquoted();
    Diagnostic::new(Code::MediaType, message, at, "expected a media type")
        .help("for example: `content_type = \"application/merge-patch+json\"`")
}

pub(crate) fn content_type_of_form(text: &Text) -> Diagnostic {
    let message = format!("{} is not the media type of a form", quote(&text.value));
    Diagnostic::new(Code::MediaType, message, text.unquoted(), "not a form")
        .help("for example: `content_type = \"application/x-www-form-urlencoded; charset=utf-8\"`")
}

pub(crate) fn content_type_of_multipart(text: &Text) -> Diagnostic {
    let message = format!(
        "{} is not the media type of a multipart body",
        quote(&text.value)
    );
    Diagnostic::new(Code::MediaType, message, text.unquoted(), "not supported")
        .help("for parts with names, remove `content_type`: the client sends `multipart/form-data`")
        .help("for parts without names: `content_type = \"multipart/related\"`")
}

/// `body` is the key of the body that determines its media type, if there is a body.
pub(crate) fn content_type_without_effect(key: &Text, body: Option<&Text>) -> Diagnostic {
    let (message, help) = match body {
        None => (
            "`content_type` has no effect without a body".to_owned(),
            "remove it, or declare the body with `json` or `form`",
        ),
        Some(body) => (
            format!("`content_type` cannot be combined with `{}`", body.value),
            "the value of `body` is the media type",
        ),
    };
    let diagnostic = Diagnostic::new(Code::MediaType, message, key.span, "no effect").help(help);
    match body {
        Some(body) => diagnostic.label(body.span, "determines the media type"),
        None => diagnostic,
    }
}
