//! Waiters, the endpoints that they poll, and the fields of their statuses: `S501`, `S506`, `S510`.

use super::quote::quote;
use crate::diagnostics::codes::{Code, Explanation};
use crate::diagnostics::diagnostic::Diagnostic;
use crate::model::Type;
use crate::source::Span;
use crate::source::text::Text;

/// Explanation of `S501`.
pub(crate) const UNKNOWN_POLL: Explanation = Explanation {
    text: "`poll` is the endpoint that returns the status, with its group, e.g. `jobs.get`. The \
           `response` of that endpoint is a table of fields, or a struct of `[structs.…]`.",
    wrong: r#"[endpoints.jobs.start]
doc = "Starts a job."
http = "POST /jobs/start"
retry = "never"
response = { id = "JobId" }
wait = { poll = "job.get", bind = { id = "response.id" }, field = "state", until = ["done"], fail = ["failed"], pending = ["queued", "running"] }
"#,
    right: r#"[endpoints.jobs.start]
doc = "Starts a job."
http = "POST /jobs/start"
retry = "never"
response = { id = "JobId" }
wait = { poll = "jobs.get", bind = { id = "response.id" }, field = "state", until = ["done"], fail = ["failed"], pending = ["queued", "running"] }
"#,
};

pub(crate) fn unknown_poll(text: &Text, meant: Option<&str>) -> Diagnostic {
    let at = text.unquoted();
    let message = format!("unknown endpoint {}", quote(&text.value));
    Diagnostic::new(Code::UnknownPoll, message, at, "not defined in this spec")
        .did_you_mean(at, meant)
        .help("write the group and the endpoint, e.g. `poll = \"jobs.get\"`")
}

pub(crate) fn poll_without_fields(text: &Text, endpoint: Span) -> Diagnostic {
    let message = format!("endpoint {} cannot be polled", quote(&text.value));
    let label = "its response has no fields";
    Diagnostic::new(Code::UnknownPoll, message, text.unquoted(), label)
        .label(endpoint, "defined here")
        .help(
            "declare its response as a table, `response = { status = \"…\" }`, or as a struct of \
             `[structs.…]`",
        )
}

/// Explanation of `S506`.
pub(crate) const STATUS_FIELD: Explanation = Explanation {
    text: "`field` is a field of the poll response, or of a struct in it, e.g. `state.phase`. Its type is \
           an enum or `bool`, optional or not.",
    wrong: r#"[endpoints.jobs.start]
doc = "Starts a job."
http = "POST /jobs/start"
retry = "never"
response = { id = "JobId" }
wait = { poll = "jobs.get", bind = { id = "response.id" }, field = "status", until = ["done"], fail = ["failed"], pending = ["queued", "running"] }
"#,
    right: r#"[endpoints.jobs.start]
doc = "Starts a job."
http = "POST /jobs/start"
retry = "never"
response = { id = "JobId" }
wait = { poll = "jobs.get", bind = { id = "response.id" }, field = "state", until = ["done"], fail = ["failed"], pending = ["queued", "running"] }
"#,
};

pub(crate) fn status_type(text: &Text, field: Span, ty: &Type) -> Diagnostic {
    let message = format!("field {} is not an enum or `bool`", quote(&text.value));
    Diagnostic::new(Code::StatusField, message, text.unquoted(), "not a status")
        .label(field, format!("the type is `{ty}`"))
        .help("declare the values of the status under `[enums.…]`, and use that type")
}

/// Explanation of `S510`.
pub(crate) const EMPTY_UNTIL: Explanation = Explanation {
    text: "`until` lists the values that end the wait successfully. Without one, the wait could only \
           fail.",
    wrong: r#"[endpoints.jobs.start]
doc = "Starts a job."
http = "POST /jobs/start"
retry = "never"
response = { id = "JobId" }
wait = { poll = "jobs.get", bind = { id = "response.id" }, field = "state", until = [], fail = ["failed"], pending = ["queued", "running", "done"] }
"#,
    right: r#"[endpoints.jobs.start]
doc = "Starts a job."
http = "POST /jobs/start"
retry = "never"
response = { id = "JobId" }
wait = { poll = "jobs.get", bind = { id = "response.id" }, field = "state", until = ["done"], fail = ["failed"], pending = ["queued", "running"] }
"#,
};

pub(crate) fn empty_until(at: Span) -> Diagnostic {
    let message = "`until` lists no values";
    Diagnostic::new(Code::EmptyUntil, message, at, "at least one is required")
        .help("list the values that end the wait successfully: `until = [\"done\"]`")
}
