//! Waiters: `S501` to `S510`.

use super::quote::{excerpt, list, quote};
use crate::diagnostics::codes::{Code, Explanation};
use crate::diagnostics::diagnostic::Diagnostic;
use crate::model::Type;
use crate::source::Span;
use crate::source::text::Text;

/// Maximum number of labels for parts of other items.
const MAX_LABELS: usize = 6;

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

/// Explanation of `S507`.
pub(crate) const UNKNOWN_STATUS: Explanation = Explanation {
    text: "`until`, `fail` and `pending` list values of the enum by their wire names, as spelled in its \
           declaration.",
    wrong: r#"[endpoints.jobs.start]
doc = "Starts a job."
http = "POST /jobs/start"
retry = "never"
response = { id = "JobId" }
wait = { poll = "jobs.get", bind = { id = "response.id" }, field = "state", until = ["done", "stopped"], fail = ["failed"], pending = ["queued", "running"] }
"#,
    right: r#"[endpoints.jobs.start]
doc = "Starts a job."
http = "POST /jobs/start"
retry = "never"
response = { id = "JobId" }
wait = { poll = "jobs.get", bind = { id = "response.id" }, field = "state", until = ["done"], fail = ["failed"], pending = ["queued", "running"] }
"#,
};

/// The type of a status, in messages.
#[derive(Clone, Copy)]
pub(crate) enum StatusName<'s> {
    /// An enum and the position of its declaration.
    Enum(&'s str, Span),
    Bool,
}

impl StatusName<'_> {
    const fn name(&self) -> &str {
        match self {
            Self::Enum(name, _) => name,
            Self::Bool => "bool",
        }
    }

    fn label(&self, diagnostic: Diagnostic) -> Diagnostic {
        match self {
            Self::Enum(name, at) => diagnostic.label(*at, format!("`{name}` is declared here")),
            Self::Bool => diagnostic,
        }
    }
}

pub(crate) fn unknown_status(
    text: &Text,
    status: StatusName<'_>,
    values: &[&str],
    meant: Option<&str>,
) -> Diagnostic {
    let at = text.unquoted();
    let message = format!(
        "{} is not a value of `{}`",
        quote(&text.value),
        status.name()
    );
    status
        .label(Diagnostic::new(
            Code::UnknownStatus,
            message,
            at,
            "unknown value",
        ))
        .did_you_mean(at, meant)
        .help(list("available values:", values))
}

/// A string for a `bool`, or a boolean for an enum.
pub(crate) fn status_syntax(text: &Text, status: StatusName<'_>, values: &[&str]) -> Diagnostic {
    let (name, kind) = match status {
        StatusName::Enum(..) => (quote(&text.value), "a boolean"),
        StatusName::Bool => (quote(&format!("{:?}", text.value)), "a string"),
    };
    let message = format!("{name} is not a value of `{}`", status.name());
    status
        .label(Diagnostic::new(
            Code::UnknownStatus,
            message,
            text.span,
            kind,
        ))
        .help(match status {
            StatusName::Enum(..) => list("available values:", values),
            StatusName::Bool => {
                "the values of `bool` are `true` and `false`, without quotes".to_owned()
            }
        })
}

/// Explanation of `S508`.
pub(crate) const DUPLICATE_STATUS: Explanation = Explanation {
    text: "A value either ends the wait successfully (`until`), ends it with an error (`fail`), or \
           continues it (`pending`).",
    wrong: r#"[endpoints.jobs.start]
doc = "Starts a job."
http = "POST /jobs/start"
retry = "never"
response = { id = "JobId" }
wait = { poll = "jobs.get", bind = { id = "response.id" }, field = "state", until = ["done", "failed"], fail = ["failed"], pending = ["queued", "running"] }
"#,
    right: r#"[endpoints.jobs.start]
doc = "Starts a job."
http = "POST /jobs/start"
retry = "never"
response = { id = "JobId" }
wait = { poll = "jobs.get", bind = { id = "response.id" }, field = "state", until = ["done"], fail = ["failed"], pending = ["queued", "running"] }
"#,
};

pub(crate) fn status_listed_twice(text: &Text, first: Span) -> Diagnostic {
    let message = format!("value {} is listed twice", quote(&text.value));
    Diagnostic::new(
        Code::DuplicateStatus,
        message,
        text.span,
        "listed again here",
    )
    .label(first, "first listed here")
    .help("list each value in one of `until`, `fail` and `pending`")
}

/// Explanation of `S509`.
pub(crate) const MISSING_STATUS: Explanation = Explanation {
    text: "Every value of the enum is listed in `until`, `fail` or `pending`. A forgotten final value \
           would otherwise be polled until the timeout.",
    wrong: r#"[endpoints.jobs.start]
doc = "Starts a job."
http = "POST /jobs/start"
retry = "never"
response = { id = "JobId" }
wait = { poll = "jobs.get", bind = { id = "response.id" }, field = "state", until = ["done"], fail = ["failed"] }
"#,
    right: r#"[endpoints.jobs.start]
doc = "Starts a job."
http = "POST /jobs/start"
retry = "never"
response = { id = "JobId" }
wait = { poll = "jobs.get", bind = { id = "response.id" }, field = "state", until = ["done"], fail = ["failed"], pending = ["queued", "running"] }
"#,
};

/// `missing` are the values that are not listed, and the positions of their declarations; there is at
/// least one.
pub(crate) fn status_not_listed(
    wait: Span,
    status: StatusName<'_>,
    missing: &[(&str, Option<Span>)],
) -> Diagnostic {
    let names: Vec<&str> = missing.iter().map(|(name, _)| *name).collect();
    let name = status.name();
    let message = match names.as_slice() {
        [one] => format!("value {} of `{name}` is not listed in `wait`", quote(one)),
        names => format!(
            "{} values of `{name}` are not listed in `wait`",
            names.len()
        ),
    };
    let label = list("missing:", &names);
    let mut diagnostic = status.label(Diagnostic::new(Code::MissingStatus, message, wait, label));
    for span in missing
        .iter()
        .filter_map(|(_, span)| *span)
        .take(MAX_LABELS)
    {
        diagnostic = diagnostic.label(span, "not listed");
    }
    diagnostic.help("add each value to `until`, `fail` or `pending`")
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
