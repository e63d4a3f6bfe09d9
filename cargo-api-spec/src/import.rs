//! `import`: a description of an OpenAPI 3 or Swagger 2 document.
//!
//! ```text
//! text ──▶ yaml ──▶ document ──▶ operations ──▶ draft ──▶ settle ──▶ write
//!                                    │                      │
//!                     bodies, parameters, schemas      cycles, unused
//! ```
//!
//! What the language has no words for is dropped, or told more loosely, and the report says so.
//! What is written has passed the checks of the language: an item that does not is dropped.

mod bodies;
mod bounds;
mod document;
mod draft;
mod names;
mod operations;
mod parameters;
mod report;
mod schemas;
mod settle;
mod write;
mod yaml;

use std::path::Path;

use crate::cli::ImportArgs;
use crate::exit::Failure;
use crate::json::Json;
use crate::{console, files, spec};

use document::Document;
use report::Report;

pub(crate) fn import(args: &ImportArgs) -> Result<(), Failure> {
    let source = spec::read(&args.file)?;
    let name = source.name();
    let refused = |words: String| Failure::no(format!("{name} cannot be imported: {words}"));
    let document = read(source.text())
        .and_then(Document::new)
        .map_err(refused)?;
    let mut report = Report::default();
    let mut draft = operations::draft(&document, &mut report);
    draft.origin = Path::new(name)
        .file_name()
        .map_or(name.into(), |it| it.to_string_lossy().into_owned());
    let text = settle::settle(&mut draft, &mut report).map_err(refused)?;
    match &args.out {
        None => console::print(&text)?,
        Some(out) => files::write_new(out, &text, args.force)?,
    }
    console::say(report.told().trim_end());
    Ok(())
}

/// JSON is read as such: its faults are told better, and it is read faster.
fn read(text: &str) -> Result<Json, String> {
    let text = text.trim_start_matches('\u{feff}');
    if text.trim_start().starts_with('{') {
        // A mapping of YAML may begin with a brace as well.
        let json = serde_json::from_str(text).map_err(|error| error.to_string());
        return json.or_else(|error| yaml::parse(text).map_err(|_| error));
    }
    yaml::parse(text)
}
