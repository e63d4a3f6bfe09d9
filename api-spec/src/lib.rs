#![doc = include_str!("../README.md")]
//!
//! ## In Rust
//!
//! [`parse`] reads a [`Source`] into a checked [`model::Api`] and a list of [`Diagnostic`]s. It reports
//! all errors in one run, and keeps the endpoints without errors.
//!
//! ```
//! use api_spec::{Source, Style};
//!
//! let source = Source::new(
//!     "files.toml",
//!     r#"
//! [api]
//! name = "Files"
//! doc = "Manages the files of a workspace."
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
//! let error = &parsed.diagnostics[0];
//! assert_eq!(error.message, "unknown HTTP method `PSOT`");
//! assert_eq!(error.help[0], "did you mean `POST`?");
//! println!("{}", error.render(&source, Style::Terminal));
//! ```
//!
//! This crate processes text only: it opens no files, sends no requests and generates no Rust.
//!
//! ## Adding a key to the language
//!
//! 1. Add a row to a table in `src/language/keys/`. The reader, the suggestions for unknown keys, the
//!    JSON Schema and [the reference of keys](language) follow from it: `API_SPEC_BLESS=1 cargo test
//!    -p api-spec -p cargo-api-spec` updates `KEYS.md` and `schema.json`.
//! 2. Add a field to [`model`], and set it in `src/lower`, e.g. with
//!    `table.string("key")`. A new error is a row in `src/diagnostics/codes.rs`, and an explanation and
//!    a constructor in `src/diagnostics/messages`.
//! 3. Use the field in the code generator, and add a case to `tests/valid`.

mod check;
mod diagnostics;
mod grammar;
pub mod language;
mod lower;
pub mod model;
mod read;
pub mod shipped;
mod source;

pub use diagnostics::{Code, Diagnostic, Explanation, Label, Level, Style, Suggestion, render};
pub use grammar::header::{is_json_media_type, is_media_type};
pub use model::names;
pub use source::{Position, Source, Span};

use diagnostics::Diagnostics;
use read::raw::Spec;

/// Result of [`parse`].
#[derive(Clone, Debug)]
pub struct Parsed {
    /// The items of the spec without errors, or `None` if the file is not a text in TOML. After a syntax
    /// error, they are those of the tables without one.
    pub api: Option<model::Api>,
    /// The names of the items with errors.
    pub stubs: Vec<model::Stub>,
    /// All errors and warnings, in the order of the file.
    pub diagnostics: Vec<Diagnostic>,
}

impl Parsed {
    /// Returns whether any of the diagnostics is an error.
    pub fn has_errors(&self) -> bool {
        self.diagnostics.iter().any(Diagnostic::is_error)
    }
}

/// Reads and checks a spec. Never panics.
///
/// # Examples
///
/// ```
/// let source = api_spec::Source::new("broken.toml", "[api\n");
/// let parsed = api_spec::parse(&source);
/// assert!(parsed.has_errors());
/// assert_eq!(parsed.diagnostics[0].code.id(), "S001");
/// ```
pub fn parse(source: &Source) -> Parsed {
    let mut diagnostics = Diagnostics::default();
    let spec = read::read(source, &mut diagnostics);
    let lowered = spec.map(|spec| lower_and_check(&spec, &mut diagnostics));
    let (api, stubs) = lowered.ok().unzip();
    Parsed {
        api,
        stubs: stubs.unwrap_or_default(),
        diagnostics: diagnostics.into_sorted(source),
    }
}

fn lower_and_check(spec: &Spec, diagnostics: &mut Diagnostics) -> (model::Api, Vec<model::Stub>) {
    let mut draft = lower::lower(spec, diagnostics);
    check::check(&mut draft, diagnostics);
    // Pages and waiters refer to items that the checks may have rejected.
    lower::add_pages(&mut draft, diagnostics);
    lower::add_waiters(&mut draft, diagnostics);
    // An item with an error may be the only one that uses a type.
    if diagnostics.is_empty() {
        check::warn(&draft, diagnostics);
    }
    draft.finish()
}
