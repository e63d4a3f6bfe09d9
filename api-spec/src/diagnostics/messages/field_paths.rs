//! Paths to fields, in waiters and pages.

use super::quote::{list, quote};
use crate::diagnostics::codes::Code;
use crate::diagnostics::diagnostic::Diagnostic;
use crate::model::{Direction, Field, Type};
use crate::source::Span;

/// The struct or message whose fields are searched, for messages.
#[derive(Clone, Copy)]
pub(crate) struct Owner<'o> {
    /// The owner at the start of a sentence, e.g. `the poll response`.
    subject: &'o str,
    /// The owner in the list of its fields, e.g. `the response`.
    short: &'o str,
    pub(crate) is_type: bool,
    /// `field` or `header`.
    noun: &'static str,
}

impl<'o> Owner<'o> {
    pub(crate) const fn new(subject: &'o str, short: &'o str) -> Self {
        Self {
            subject,
            short,
            is_type: false,
            noun: "field",
        }
    }

    /// The headers of a message.
    pub(crate) const fn headers(subject: &'o str, short: &'o str) -> Self {
        Self {
            noun: "header",
            ..Self::new(subject, short)
        }
    }

    /// `name` is the name of a struct.
    pub(crate) const fn of_type(name: &'o str) -> Self {
        Self {
            is_type: true,
            ..Self::new(name, name)
        }
    }

    fn name(self, text: &str) -> String {
        if self.is_type {
            quote(text)
        } else {
            text.to_owned()
        }
    }
}

pub(crate) fn unknown_field(
    code: Code,
    owner: Owner<'_>,
    name: &str,
    at: Span,
    fields: &[&str],
    meant: Option<&str>,
) -> Diagnostic {
    if name.is_empty() {
        let label = "expected the name of a field";
        return Diagnostic::new(code, "empty name in a path", at, label)
            .help("names of fields are separated by single dots, e.g. `status.phase`");
    }
    let noun = owner.noun;
    let subject = owner.name(owner.subject);
    let message = format!("{subject} has no {noun} {}", quote(name));
    let lead = format!("{noun}s of {}:", owner.name(owner.short));
    Diagnostic::new(code, message, at, format!("unknown {noun}"))
        .did_you_mean(at, meant)
        .help(list(&lead, fields))
}

/// A path that continues after a field whose type is no struct.
pub(crate) fn field_without_fields(code: Code, field: &Field, at: Span) -> Diagnostic {
    let message = format!("field {} has no fields", quote(field.wire.as_str()));
    let help = match field.ty.required() {
        Type::Union(_) => {
            "the fields of a union depend on its variant, so that a path cannot name them"
        }
        Type::Json | Type::RawJson => "declare its fields as a struct of `[structs.…]`",
        _ => "the fields before the last one of a path must be structs",
    };
    Diagnostic::new(code, message, at, format!("the type is `{}`", field.ty))
        .label(field.span, "declared here")
        .help(help)
}

/// A field in a path through values that lack it.
pub(crate) fn field_of_other_direction(
    code: Code,
    field: &Field,
    at: Span,
    direction: Direction,
) -> Diagnostic {
    let message = format!(
        "field {} does not exist in {}s",
        quote(field.wire.as_str()),
        direction.keyword()
    );
    let label = format!("not in {}s", direction.keyword());
    Diagnostic::new(code, message, at, label)
        .label(field.span, "declared here")
        .help("remove `only` from the field if it exists in both directions")
}
