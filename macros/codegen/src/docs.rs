//! The spec's words as doc comments.

use api_spec::model::{Endpoint, Field, Group, Retry, Type, Waiter};
use api_spec::{Source, Span};
use proc_macro2::TokenStream;

mod markdown;

use crate::notation;

pub(crate) use self::markdown::attributes;
use self::markdown::{code, join};

/// Writes doc comments that name lines of one source.
pub(crate) struct Docs<'a> {
    source: &'a Source,
}

impl<'a> Docs<'a> {
    pub(crate) fn new(source: &'a Source) -> Self {
        Self { source }
    }

    /// A type, with its place in the spec.
    pub(crate) fn item(&self, doc: &str, span: Span) -> TokenStream {
        attributes(&join(&[doc, &self.place(span)]))
    }

    /// What an endpoint takes.
    pub(crate) fn request(&self, endpoint: &Endpoint) -> TokenStream {
        let title = format!("The request of [`{}`].", endpoint.rust.unraw());
        attributes(&join(&[
            &title,
            &wire_line(endpoint),
            &self.place(endpoint.span),
        ]))
    }

    /// What an endpoint answers.
    pub(crate) fn response(&self, endpoint: &Endpoint) -> TokenStream {
        attributes(&join(&[
            &format!("The answer of [`{}`].", endpoint.rust.unraw()),
            &self.place(endpoint.span),
        ]))
    }

    pub(crate) fn call(&self, endpoint: &Endpoint) -> TokenStream {
        const ERRORS: &str = "# Errors\n\nWhen the server is not reached, refuses, or answers \
                              otherwise than described; the error's kind tells which.";
        let details = endpoint.error.as_ref().map(|error| {
            let error = error.to_string();
            format!("The body of a refusal is `{error}`: see `Error::details`.")
        });
        let timeout = endpoint.timeout.map(|millis| {
            let time = std::time::Duration::from_millis(millis);
            format!("The server has {time:?} until it answers, unless the client says otherwise.")
        });
        attributes(&join(&[
            &endpoint.doc,
            &wire_line(endpoint),
            &timeout.unwrap_or_default(),
            ERRORS,
            &details.unwrap_or_default(),
            &self.place(endpoint.span),
        ]))
    }

    pub(crate) fn wait(&self, endpoint: &Endpoint, waiter: &Waiter) -> TokenStream {
        let words = |variants: &[api_spec::names::RustName]| {
            let words: Vec<_> = variants
                .iter()
                .map(|name| format!("`{}`", name.unraw()))
                .collect();
            words.join(", ")
        };
        let title = format!(
            "Waits until what [`{}`] began has come to {}, asking `{}.{}`.",
            endpoint.rust.unraw(),
            words(&waiter.until),
            waiter.group.unraw(),
            waiter.poll.unraw(),
        );
        let failures = if waiter.fail.is_empty() {
            String::new()
        } else {
            format!(" The wait fails if it comes to {}.", words(&waiter.fail))
        };
        let errors = format!(
            "# Errors\n\nThose of the calls, and those of waits: out of time, interrupted.{failures}"
        );
        attributes(&join(&[&title, &errors, &self.place(waiter.span)]))
    }

    fn place(&self, span: Span) -> String {
        let line = self.source.position(span.start).line;
        let name = self.source.name_at(span.start);
        let file = name.rsplit(['/', '\\']).next().unwrap_or_default();
        format!("Described at `{file}:{line}`.")
    }
}

/// A group, known by its key where the spec says no more.
pub(crate) fn group(group: &Group) -> TokenStream {
    if group.doc.is_empty() {
        attributes(&format!("Endpoints under `{}`.", group.key))
    } else {
        attributes(&group.doc)
    }
}

/// A field, with its key on the wire where it has another name there.
pub(crate) fn field(field: &Field) -> TokenStream {
    let key = format!("`{}` on the wire.", field.wire);
    let text = match (
        field.doc.is_empty(),
        field.wire.as_str() == field.rust.unraw(),
    ) {
        (true, _) => key,
        (false, true) => field.doc.clone(),
        (false, false) => join(&[&field.doc, &key]),
    };
    attributes(&join(&[&text, &limits(field)]))
}

/// A value or variant, known by its word on the wire where the spec says no more.
pub(crate) fn word(doc: &str, wire: &str) -> TokenStream {
    told(doc, &format!("`{wire}` on the wire."))
}

/// A doc, or other words where there is none.
pub(crate) fn told(doc: &str, otherwise: &str) -> TokenStream {
    attributes(if doc.is_empty() { otherwise } else { doc })
}

fn wire_line(endpoint: &Endpoint) -> String {
    let http = format!("`{} {}`", endpoint.method.as_str(), endpoint.path);
    if let Some(key) = &endpoint.idempotency_key {
        return format!(
            "{http}; sent again after a failure that may pass: by `{}` the server knows it. What is \
             left out is filled with a new text.",
            key.rust.unraw()
        );
    }
    let again = match endpoint.retry {
        Retry::Safe => "it changes nothing, and is sent again after a failure that may pass",
        Retry::Idempotent => "sent again after a failure that may pass: twice does what once does",
        Retry::Never => "never sent again once it may have been processed",
    };
    format!("{http}; {again}.")
}

/// What people should know of the two.
fn limits(field: &Field) -> String {
    let default =
        notation::default_text(field).map(|text| format!("{} where it is left out.", code(&text)));
    let what = match required(&field.ty) {
        Type::String => " characters",
        Type::List(_) | Type::Map(_) => " items",
        _ => "",
    };
    let bounds = match (&field.bounds.min, &field.bounds.max) {
        (Some(min), Some(max)) => Some(format!(
            "From {} to {}{what}.",
            notation::literal(min),
            notation::literal(max)
        )),
        (Some(min), None) => Some(format!("At least {}{what}.", notation::literal(min))),
        (None, Some(max)) => Some(format!("At most {}{what}.", notation::literal(max))),
        (None, None) => None,
    };
    let parts: Vec<_> = default.into_iter().chain(bounds).collect();
    parts.join(" ")
}

/// The type without its `?`.
fn required(ty: &Type) -> &Type {
    match ty {
        Type::Optional(inner) | Type::Nullable(inner) => inner,
        other => other,
    }
}
