//! `import`: OpenAPI 3 or Swagger 2 documents as specs.
//!
//! ```text
//! text ─▶ yaml ─▶ document ─▶ operations ───▶ draft ─▶ validate ─▶ TOML
//!                                 │                       │
//!           parameters, request_body, responses     cycles, prune, write
//!                                 │
//!                              schemas
//! ```
//!
//! Parts of the document that the language cannot express are dropped or approximated, and the
//! report lists them. The resulting spec has no errors: items that the language rejects are
//! dropped as well.

mod bounds;
mod cycles;
mod docs;
mod document;
mod draft;
mod extensions;
mod importer;
mod media_type;
mod names;
mod operations;
mod parameters;
mod prune;
mod report;
mod request_body;
mod responses;
#[cfg(all(test, target_os = "linux"))]
mod scaling;
mod schemas;
mod validate;
mod write;
mod yaml;

use std::path::Path;

use crate::cli::ImportArgs;
use crate::error::CliError;
use crate::json::Json;
use crate::{console, files, spec};

use document::Document;
use report::Report;

pub(crate) fn import(args: &ImportArgs) -> Result<(), CliError> {
    let source = spec::read_document(&args.file)?;
    let name = source.name();
    let error = |reason: String| CliError::failed(format!("cannot import {name}: {reason}"));
    let document = parse(source.text())
        .and_then(Document::new)
        .map_err(error)?;
    let mut report = Report::default();
    let mut draft = operations::draft(&document, &mut report);
    draft.document = Path::new(name)
        .file_name()
        .map_or(name.into(), |it| it.to_string_lossy().into_owned());
    let text = validate::write_valid(&mut draft, &mut report).map_err(error)?;
    match &args.out {
        None => console::print(&text)?,
        Some(out) => files::write_new(out, &text, args.force)?,
    }
    console::note(report);
    Ok(())
}

/// Parses JSON or YAML.
fn parse(text: &str) -> Result<Json, String> {
    let text = text.trim_start_matches('\u{feff}');
    // YAML includes JSON, but the JSON parser is faster and its errors are more precise.
    if text.trim_start().starts_with('{') {
        let json = serde_json::from_str(text).map_err(|error| error.to_string());
        // A flow mapping of YAML begins with a brace as well.
        return json.or_else(|error| yaml::parse(text).map_err(|_| error));
    }
    yaml::parse(text)
}
