//! The spec's words as doc comments.

use api_spec::model::{Endpoint, Field, Group, Retry, Waiter};
use api_spec::{Source, Span};
use proc_macro2::TokenStream;
use quote::quote;

use crate::{limits, types};

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
            let error = types::written(error);
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
    attributes(&join(&[&text, &limits::doc(field)]))
}

/// A text between backticks, which cannot hold some.
pub(crate) fn code(text: &str) -> String {
    let shown: String = text
        .chars()
        .map(|c| if c.is_control() || c == '`' { ' ' } else { c })
        .collect();
    format!("`{shown}`")
}

/// A value or variant, known by its word on the wire where the spec says no more.
pub(crate) fn word(doc: &str, wire: &str) -> TokenStream {
    told(doc, &format!("`{wire}` on the wire."))
}

/// A doc, or other words where there is none.
pub(crate) fn told(doc: &str, otherwise: &str) -> TokenStream {
    attributes(if doc.is_empty() { otherwise } else { doc })
}

/// One attribute a line, as `///` would give.
pub(crate) fn attributes(text: &str) -> TokenStream {
    let lines = without_programs(text).into_iter().map(|line| {
        // Rust has no carriage returns in comments.
        let line = line.replace('\r', " ");
        if line.is_empty() {
            String::new()
        } else {
            format!(" {line}")
        }
    });
    quote!(#(#[doc = #lines])*)
}

/// The lines of a doc, its blocks of code marked as text: rustdoc would take them for programs of
/// Rust, and compile them with the tests of the crate.
fn without_programs(text: &str) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut block = Block::None;
    for line in text.lines().map(str::trim_end) {
        let fence = line.trim_start().starts_with("```") || line.trim_start().starts_with("~~~");
        let indented = line.starts_with("    ") || line.starts_with('\t');
        let after_blank = lines.last().is_none_or(String::is_empty);
        match block {
            Block::None if fence => {
                block = Block::Fenced;
                lines.push(marked(line));
                continue;
            }
            Block::None if indented && after_blank => {
                block = Block::Indented;
                lines.push("```text".into());
            }
            Block::Fenced if fence => block = Block::None,
            Block::Indented if !indented && !line.is_empty() => {
                block = Block::None;
                close(&mut lines);
            }
            Block::None | Block::Fenced | Block::Indented => {}
        }
        lines.push(line.to_owned());
    }
    if block == Block::Indented {
        close(&mut lines);
    }
    lines
}

/// Where a line stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Block {
    None,
    Fenced,
    Indented,
}

/// The opening fence, with a language that is not compiled.
fn marked(fence: &str) -> String {
    let language = fence.trim_start().trim_start_matches(['`', '~']).trim();
    match language.split([',', ' ']).next().unwrap_or_default() {
        "" => format!("{fence}text"),
        "rust" | "no_run" | "should_panic" | "compile_fail" => format!("{fence},ignore"),
        _ => fence.to_owned(),
    }
}

/// Ends an indented block before the blank lines behind it.
fn close(lines: &mut Vec<String>) {
    let end = lines
        .iter()
        .rposition(|line| !line.is_empty())
        .map_or(0, |last| last + 1);
    lines.insert(end, "```".into());
    if lines.last().is_some_and(|line| line == "```") {
        lines.push(String::new());
    }
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

fn join(paragraphs: &[&str]) -> String {
    let full: Vec<_> = paragraphs
        .iter()
        .map(|text| text.trim())
        .filter(|text| !text.is_empty())
        .collect();
    full.join("\n\n")
}
