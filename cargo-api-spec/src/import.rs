//! `import`: OpenAPI 3 or Swagger 2 documents as specs.
//!
//! ```text
//! text ─▶ document ─▶ operations ─▶ spec ─▶ TOML
//!             │           │          │
//!             │   types ◀─┘          └─ cycles, directions, prune, write, validate
//!             │     │
//!             └──▶ schema
//! ```
//!
//! The document records which of its values have been read. Parts that the language cannot express
//! are dropped or approximated, with a note; a value that no code has read is reported as well, so
//! that nothing is lost silently. The resulting spec has no errors: items that the language rejects
//! are dropped as well.

#[cfg(test)]
mod coverage;
mod document;
mod extensions;
#[cfg(test)]
mod mutations;
mod operations;
mod report;
#[cfg(all(test, target_os = "linux"))]
mod scaling;
mod schema;
mod spec;
mod types;

use std::path::Path;

use crate::cli::ImportArgs;
use crate::error::CliError;
use crate::{console, files};

use document::{Document, Files};
use report::{Places, Report, Summary};

const SUPPORTED: &str = "OpenAPI 3.0, OpenAPI 3.1 and Swagger 2.0 in JSON or YAML are supported";

pub(crate) fn import(args: &ImportArgs) -> Result<(), CliError> {
    let (name, text) = crate::spec::read_document(&args.file)?;
    let error = |reason: String| CliError::failed(format!("cannot import {name}: {reason}"));
    let root = document::parse(&text);
    if let Some(format) = document::recognize(&text, root.as_ref().ok()) {
        return Err(error(format!("it is {format}")).help(SUPPORTED));
    }
    let root = root.map_err(error)?;
    drop(text);
    let folder = (args.file != Path::new("-"))
        .then(|| args.file.parent())
        .flatten();
    let document = Document::new(Files::load(root, &name, folder));
    let document = document.map_err(|reason| error(reason).help(SUPPORTED))?;
    let file_name = Path::new(&name).file_name();
    let file_name = file_name.map_or(name.clone(), |it| it.to_string_lossy().into_owned());
    let places = if args.all_places {
        Places::All
    } else {
        Places::First
    };
    let (text, summary) = convert(&document, file_name, places).map_err(error)?;
    match &args.out {
        None => console::print(&text)?,
        Some(out) => files::write_new(out, &text, args.force)?,
    }
    console::note(summary);
    Ok(())
}

/// Returns the spec of a document, and what it does not express.
fn convert(
    document: &Document,
    file_name: String,
    places: Places,
) -> Result<(String, Summary), String> {
    let mut report = Report::default();
    let mut draft = operations::draft(document, &mut report);
    draft.document = file_name;
    let text = spec::write_valid(&mut draft, &mut report)?;
    Ok((text, Summary::new(report, document, places)))
}
