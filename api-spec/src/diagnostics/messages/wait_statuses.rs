//! Values of the statuses of waiters: `S507` to `S509`.

use super::quote::{MAX_LABELS, list, quote};
use crate::diagnostics::codes::{Code, Explanation};
use crate::diagnostics::diagnostic::Diagnostic;
use crate::source::Span;
use crate::source::text::Text;

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
