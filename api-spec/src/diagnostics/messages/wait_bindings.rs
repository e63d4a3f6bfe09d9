//! Bindings of the poll requests of waiters: `S502` to `S505`.

use super::quote::{MAX_LABELS, excerpt, list, quote};
use crate::diagnostics::codes::{Code, Explanation};
use crate::diagnostics::diagnostic::Diagnostic;
use crate::model::Type;
use crate::source::Span;
use crate::source::text::Text;

/// Explanation of `S502`.
pub(crate) const MISSING_BINDING: Explanation = Explanation {
    text: "Every required field of the poll request needs a value under `bind`, from the request or the \
           response of the endpoint with the waiter.",
    wrong: r#"[endpoints.jobs.start]
doc = "Starts a job."
http = "POST /jobs/start"
retry = "never"
response = { id = "JobId" }
wait = { poll = "jobs.get", bind = {}, field = "state", until = ["done"], fail = ["failed"], pending = ["queued", "running"] }
"#,
    right: r#"[endpoints.jobs.start]
doc = "Starts a job."
http = "POST /jobs/start"
retry = "never"
response = { id = "JobId" }
wait = { poll = "jobs.get", bind = { id = "response.id" }, field = "state", until = ["done"], fail = ["failed"], pending = ["queued", "running"] }
"#,
};

/// `fields` are the names and positions of the fields without a binding; there is at least one.
pub(crate) fn missing_bindings(bind: Span, fields: &[(&str, Span)]) -> Diagnostic {
    let names: Vec<&str> = fields.iter().map(|(name, _)| *name).collect();
    let message = match names.as_slice() {
        [name] => format!(
            "missing binding for field {} of the poll request",
            quote(name)
        ),
        names => format!(
            "missing bindings for {} fields of the poll request",
            names.len()
        ),
    };
    let label = list("missing:", &names);
    let mut diagnostic = Diagnostic::new(Code::MissingBinding, message, bind, label);
    for (_, span) in fields.iter().take(MAX_LABELS) {
        diagnostic = diagnostic.label(*span, "required by the poll request");
    }
    let name = excerpt(names.first().unwrap_or(&""));
    diagnostic.help(format!(
        "bind it: `{name} = \"request.…\"` or `{name} = \"response.…\"`"
    ))
}

/// Explanation of `S503`.
pub(crate) const UNKNOWN_BINDING: Explanation = Explanation {
    text: "The keys of `bind` are the required fields of the poll request, by their wire names. \
           Optional fields are not sent when polling.",
    wrong: r#"[endpoints.jobs.start]
doc = "Starts a job."
http = "POST /jobs/start"
retry = "never"
response = { id = "JobId" }
wait = { poll = "jobs.get", bind = { id = "response.id", job = "response.id" }, field = "state", until = ["done"], fail = ["failed"], pending = ["queued", "running"] }
"#,
    right: r#"[endpoints.jobs.start]
doc = "Starts a job."
http = "POST /jobs/start"
retry = "never"
response = { id = "JobId" }
wait = { poll = "jobs.get", bind = { id = "response.id" }, field = "state", until = ["done"], fail = ["failed"], pending = ["queued", "running"] }
"#,
};

pub(crate) fn optional_binding(key: &Text, field: Span) -> Diagnostic {
    let message = format!(
        "cannot bind optional field {} of the poll request",
        quote(&key.value)
    );
    Diagnostic::new(Code::UnknownBinding, message, key.span, "optional field")
        .label(field, "declared here")
        .help("remove it: only required fields are sent when polling")
}

pub(crate) fn unknown_binding(key: &Text, required: &[&str], meant: Option<&str>) -> Diagnostic {
    let message = format!("the poll request has no field {}", quote(&key.value));
    Diagnostic::new(Code::UnknownBinding, message, key.span, "unknown field")
        .did_you_mean(key.span, meant)
        .help(list("required fields:", required))
}

/// Explanation of `S504`.
pub(crate) const BINDING_SOURCE: Explanation = Explanation {
    text: "A value under `bind` is `request.` or `response.`, followed by the wire name of a field of \
           the endpoint with the waiter, or of a field in a struct, e.g. `response.run.id`.",
    wrong: r#"[endpoints.jobs.start]
doc = "Starts a job."
http = "POST /jobs/start"
retry = "never"
response = { id = "JobId" }
wait = { poll = "jobs.get", bind = { id = "response.jobId" }, field = "state", until = ["done"], fail = ["failed"], pending = ["queued", "running"] }
"#,
    right: r#"[endpoints.jobs.start]
doc = "Starts a job."
http = "POST /jobs/start"
retry = "never"
response = { id = "JobId" }
wait = { poll = "jobs.get", bind = { id = "response.id" }, field = "state", until = ["done"], fail = ["failed"], pending = ["queued", "running"] }
"#,
};

pub(crate) fn invalid_source(text: &Text, meant: Option<&str>) -> Diagnostic {
    let at = text.unquoted();
    let message = format!("invalid binding source {}", quote(&text.value));
    let label = "expected `request.…` or `response.…`";
    Diagnostic::new(Code::BindingSource, message, at, label)
        .did_you_mean(at, meant)
        .help("bind a field of the request or the response of this endpoint")
}

/// Explanation of `S505`.
pub(crate) const BINDING_TYPE: Explanation = Explanation {
    text: "The bound field and the field of the poll request have the same type. An optional field \
           cannot be bound to a required one.",
    wrong: r#"[endpoints.jobs.start]
doc = "Starts a job."
http = "POST /jobs/start"
retry = "never"
response = { id = "JobId?" }
wait = { poll = "jobs.get", bind = { id = "response.id" }, field = "state", until = ["done"], fail = ["failed"], pending = ["queued", "running"] }
"#,
    right: r#"[endpoints.jobs.start]
doc = "Starts a job."
http = "POST /jobs/start"
retry = "never"
response = { id = "JobId" }
wait = { poll = "jobs.get", bind = { id = "response.id" }, field = "state", until = ["done"], fail = ["failed"], pending = ["queued", "running"] }
"#,
};

/// `source` and `target` are the positions and types of the two fields.
pub(crate) fn optional_source(
    text: &Text,
    source: (Span, &Type),
    target: (Span, &Type),
) -> Diagnostic {
    let message = format!(
        "{} is optional, but the poll request requires it",
        quote(&text.value)
    );
    binding_type(message, text, source, target).help(
        "remove its `?` if the value is always present; otherwise the endpoint cannot have a waiter",
    )
}

pub(crate) fn source_type(text: &Text, source: (Span, &Type), target: (Span, &Type)) -> Diagnostic {
    let message = format!(
        "mismatched types: {} is `{}`, but the poll request requires `{}`",
        quote(&text.value),
        source.1,
        target.1
    );
    binding_type(message, text, source, target).help("both fields must have the same type")
}

fn binding_type(
    message: String,
    text: &Text,
    source: (Span, &Type),
    target: (Span, &Type),
) -> Diagnostic {
    let label = format!("the type is `{}`", source.1);
    Diagnostic::new(Code::BindingType, message, text.unquoted(), label)
        .label(source.0, "source of the value")
        .label(target.0, format!("must be `{}`", target.1))
}
