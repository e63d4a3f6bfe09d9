#![doc = include_str!("../README.md")]
//!
//! ## In Rust
//!
//! [`parse`] reads a [`Source`] into a checked [`model::Api`] and a list of [`Diagnostic`]s. It
//! reports every fault of the text in one run, and keeps the endpoints that have none.
//!
//! ```
//! use api_spec::{Source, Style};
//!
//! let source = Source::new(
//!     "files.toml",
//!     r#"
//! [api]
//! name = "Files"
//! doc = "Files in a workspace."
//!
//! [endpoints.files.list]
//! doc = "Lists files."
//! http = "GET /files/list"
//! query = { path = "string" }
//!
//! [endpoints.files.delete]
//! doc = "Deletes a file."
//! http = "PSOT /files/delete"
//! "#,
//! );
//! let parsed = api_spec::parse(&source);
//!
//! let api = parsed.api.unwrap();
//! assert_eq!(api.groups[0].endpoints.len(), 1);
//! assert_eq!(api.groups[0].endpoints[0].request.as_str(), "List");
//!
//! let fault = &parsed.diagnostics[0];
//! assert_eq!(fault.message, "unknown HTTP method `PSOT`");
//! assert_eq!(fault.help[0], "did you mean `POST`?");
//! println!("{}", fault.render(&source, Style::Terminal));
//! ```
//!
//! This crate knows text and TOML. It opens no file, makes no request and writes no Rust.

mod check;
mod codes;
mod diagnostic;
mod files;
pub mod language;
mod lower;
pub mod model;
pub mod names;
mod pages;
mod path;
mod raw;
mod read;
pub mod render;
mod sections;
mod select;
mod source;
mod suggest;
mod syntax;
mod types;
mod waiter;

pub use codes::{Code, Explanation};
pub use diagnostic::{Diagnostic, Label, Level, Suggestion};
pub use render::Style;
pub use source::{Position, Source, Span};

/// What became of a spec.
#[derive(Clone, Debug)]
pub struct Parsed {
    /// What is sound in the spec. `None` only where the text is not TOML.
    pub api: Option<model::Api>,
    /// Everything that is wrong with it, in the order of the text.
    pub diagnostics: Vec<Diagnostic>,
}

impl Parsed {
    /// Whether any of the diagnostics is an error.
    pub fn has_errors(&self) -> bool {
        self.diagnostics.iter().any(Diagnostic::is_error)
    }
}

/// Reads and checks a spec. Never panics, whatever the text.
///
/// # Example
///
/// ```
/// let source = api_spec::Source::new("broken.toml", "[api\n");
/// let parsed = api_spec::parse(&source);
/// assert!(parsed.has_errors());
/// assert_eq!(parsed.diagnostics[0].code.id(), "S001");
/// ```
pub fn parse(source: &Source) -> Parsed {
    let mut diagnostics = Vec::new();
    let document = files::read(source, &mut diagnostics);
    if let Some(document) = document {
        return parse_document(&document, diagnostics);
    }
    diagnostics.sort_by_key(Diagnostic::span);
    Parsed {
        api: None,
        diagnostics,
    }
}

fn parse_document(document: &raw::Document, mut diagnostics: Vec<Diagnostic>) -> Parsed {
    let mut draft = lower::lower(document, &mut diagnostics);
    check::check(&mut draft, &mut diagnostics);
    pages::lower_pages(&mut draft, &mut diagnostics);
    waiter::lower_waiters(&mut draft, &mut diagnostics);
    // Where something is faulty, what it meant to use is not known.
    if diagnostics.is_empty() {
        check::check_unused(&draft, &mut diagnostics);
        check::check_retries(&draft, &mut diagnostics);
    }
    diagnostics.sort_by_key(Diagnostic::span);
    Parsed {
        api: Some(draft.finish()),
        diagnostics,
    }
}
