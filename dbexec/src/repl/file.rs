//! Files that run in a session.

use std::path::Path;
use std::time::Duration;

use generated_client::Failure;

use crate::elapsed::Elapsed;
use crate::error::CliError;
use crate::header::Header;
use crate::language::Language;
use crate::run::ending::located;
use crate::run::part::Part;
use crate::run::parts::{Settings, parts};
use crate::run::prelude::Inputs;
use crate::run::step::Step;
use crate::source::Source;

/// Reads a file. `language` is used if neither the name nor a comment of the file selects one.
pub(super) fn read(path: &Path, language: Language) -> Result<Vec<Part>, CliError> {
    if path == Path::new("-") {
        return Err(CliError::usage("standard input is read by the session"));
    }
    let sources = Source::find_all(None, &[path.to_owned()])?;
    let mut headers = Vec::new();
    for source in &sources {
        headers.push(Header::read(
            &source.origin.to_string(),
            &source.code.start(),
        )?);
    }
    let has_language =
        path.extension().is_some() || headers.iter().any(|header| header.language.is_some());
    let settings = Settings {
        language: (!has_language).then_some(language),
        inputs: Inputs {
            arguments: &[],
            parameters: &[],
        },
        as_command: false,
    };
    parts(sources, &headers, settings)
}

/// Creates the error of a step that has failed, with the line of its file.
pub(super) fn failed(step: &Step, failure: &Failure, elapsed: Duration) -> CliError {
    let located = located(failure, step);
    let name = step.place.name(located.line);
    CliError::code_failed(located.text).line(format_args!(
        "error: {name} failed after {}",
        Elapsed(elapsed)
    ))
}
