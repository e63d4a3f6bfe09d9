//! Retries and timeouts: `S407` and `S416` to `S418`.

use super::quote::{all, excerpt, quote};
use crate::diagnostics::codes::{Code, Explanation};
use crate::diagnostics::diagnostic::Diagnostic;
use crate::language::RETRY_CLASSES;
use crate::model::Type;
use crate::source::Span;
use crate::source::text::Text;

/// Explanation of `S407`.
pub(crate) const UNKNOWN_RETRY: Explanation = Explanation {
    text: "`retry` is the retry class of a request: `safe` if it changes nothing on the server, \
           `idempotent` if repeating it has no further effect, and `never` otherwise. The default \
           depends on the method: `never` for `POST`, `PATCH` and methods that are not registered.",
    wrong: r#"[endpoints.jobs.stop]
doc = "Stops a job."
http = "POST /jobs/stop"
json = { id = "JobId" }
retry = "always"
"#,
    right: r#"[endpoints.jobs.stop]
doc = "Stops a job."
http = "POST /jobs/stop"
json = { id = "JobId" }
retry = "idempotent"
"#,
};

pub(crate) fn unknown_retry(text: &Text, meant: Option<&str>) -> Diagnostic {
    let at = text.unquoted();
    let message = format!("unknown retry class {}", quote(&text.value));
    Diagnostic::new(Code::UnknownRetry, message, at, "unknown class")
        .did_you_mean(at, meant)
        .help(format!("available classes: {}", all(RETRY_CLASSES)))
}

/// Explanation of `S416`.
pub(crate) const MISSING_RETRY: Explanation = Explanation {
    text: "If a response is lost, the request may or may not have been processed. For most methods, \
           HTTP defines whether such a request can be repeated; for a `POST` and for methods that are \
           not registered, e.g. `LIST`, it depends on the endpoint. Without `retry`, such a request is \
           never repeated if it may have been processed. This is a warning.",
    wrong: r#"[endpoints.files.copy]
doc = "Copies a file."
http = "POST /files/copy"
json = { from = "string", to = "string" }
"#,
    right: r#"[endpoints.files.copy]
doc = "Copies a file."
http = "POST /files/copy"
json = { from = "string", to = "string" }
retry = "idempotent"
"#,
};

pub(crate) fn no_retry_class(group: &str, key: &Text, method: &str) -> Diagnostic {
    let message = format!(
        "no retry class for the `{method}` endpoint `{}.{}`",
        excerpt(group),
        excerpt(&key.value)
    );
    Diagnostic::new(Code::MissingRetry, message, key.span, "`retry` is not set").help(
        "set `retry = \"never\"`; or `\"safe\"`, if the request changes nothing; or `\"idempotent\"`, if \
         repeating it has no further effect; or `{ idempotent_with = \"…\" }`, if a field identifies it",
    )
}

/// Explanation of `S417`.
pub(crate) const IDEMPOTENCY_KEY: Explanation = Explanation {
    text: "`idempotent_with` names the request field by which the server recognizes a repeated request. \
           The field is a string in the query, the headers or the body. If the caller does not set it, \
           the client generates a value and sends the same one in every attempt.",
    wrong: r#"[endpoints.jobs.start]
doc = "Starts a job."
http = "POST /jobs/start"
json = { name = "string", token = "int?" }
retry = { idempotent_with = "token" }
"#,
    right: r#"[endpoints.jobs.start]
doc = "Starts a job."
http = "POST /jobs/start"
json = { name = "string", token = "string?" }
retry = { idempotent_with = "token" }
"#,
};

pub(crate) fn unknown_idempotency_key(text: &Text, meant: Option<&str>) -> Diagnostic {
    let at = text.unquoted();
    let message = format!("the request has no field {}", quote(&text.value));
    Diagnostic::new(Code::IdempotencyKey, message, at, "unknown field")
        .did_you_mean(at, meant)
        .help("declare it in `query`, `headers` or the body, e.g. as `\"string?\"`")
}

pub(crate) fn idempotency_key_type(text: &Text, field: Span, ty: &Type) -> Diagnostic {
    let message = format!("field {} cannot be an idempotency key", quote(&text.value));
    Diagnostic::new(
        Code::IdempotencyKey,
        message,
        text.unquoted(),
        "used as the idempotency key",
    )
    .label(field, format!("the type is `{ty}`"))
    .help("an idempotency key is a string or an id, optional or not, e.g. `string?`")
}

/// Explanation of `S418`.
pub(crate) const TIMEOUT: Explanation = Explanation {
    text: "`timeout` is the time in seconds from the end of the request to the start of its response. \
           Without it, the timeout of the client applies, one minute by default.",
    wrong: r#"[endpoints.reports.make]
doc = "Makes a report."
http = "GET /reports/make"
timeout = 0
"#,
    right: r#"[endpoints.reports.make]
doc = "Makes a report."
http = "GET /reports/make"
timeout = 600
"#,
};

pub(crate) fn timeout_out_of_range(at: Span) -> Diagnostic {
    let message = "timeout out of range: 0.001 s to 1 year";
    Diagnostic::new(Code::Timeout, message, at, "out of range")
        .help("the timeout is a number of seconds, from 0.001 to 31536000")
}
