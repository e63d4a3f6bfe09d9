//! Spec files.

use std::fs;
use std::io::{self, Read as _};
use std::path::Path;

use api_spec::model::Api;
use api_spec::{Diagnostic, Level, Source, Style};

use crate::console::{self, count};
use crate::error::CliError;

/// A spec without errors.
pub(crate) struct Spec {
    pub(crate) source: Source,
    pub(crate) api: Api,
    pub(crate) warnings: Vec<Diagnostic>,
}

/// Reads and parses a spec. Reports its errors on standard error if it has any.
pub(crate) fn load(path: &Path) -> Result<Spec, CliError> {
    let source = read(path)?;
    let parsed = api_spec::parse(&source);
    let diagnostics = parsed.diagnostics.into_iter();
    let (errors, warnings): (Vec<_>, Vec<_>) = diagnostics.partition(Diagnostic::is_error);
    match parsed.api {
        Some(api) if errors.is_empty() => Ok(Spec {
            source,
            api,
            warnings,
        }),
        _ => {
            for error in &errors {
                console::note(format!("{}\n", error.render(&source, Style::Terminal)));
            }
            let message = format!("{} has {}", source.name(), count(errors.len(), "error"));
            Err(CliError::failed(message))
        }
    }
}

/// Reads a spec and the files that it includes. An included file that cannot be read is an error
/// of the spec, with a position.
pub(crate) fn read(path: &Path) -> Result<Source, CliError> {
    let mut source = read_file(path)?;
    let folder = path.parent().unwrap_or(Path::new(""));
    for included in source.included_paths() {
        let file = read_file(&folder.join(&included));
        source.include(included, file.map_err(|error| error.message().to_owned()));
    }
    Ok(source)
}

/// Reads a document of another format. Returns its name in messages, and its text.
pub(crate) fn read_document(path: &Path) -> Result<(String, String), CliError> {
    let name = name(path);
    let text = String::from_utf8(read_bytes(path)?).map_err(|error| {
        let help = match error.as_bytes() {
            [0x1f, 0x8b, ..] => "the file is compressed with gzip: unpack it with `gunzip`",
            [0xfe, 0xff, ..] | [0xff, 0xfe, ..] => "the file is UTF-16; save it as UTF-8",
            _ => "save the document as UTF-8 text",
        };
        CliError::usage(format!("cannot read {name}: not valid UTF-8")).help(help)
    })?;
    Ok((name, text))
}

/// Returns the name of a level in messages.
pub(crate) const fn level_name(level: Level) -> &'static str {
    match level {
        Level::Error => "error",
        Level::Warning => "warning",
    }
}

/// Reads a file, or the target of a symbolic link that Git has checked out as a text file.
fn read_file(path: &Path) -> Result<Source, CliError> {
    let name = name(path);
    let source = Source::from_bytes(&name, read_bytes(path)?);
    match Source::link_target(source.text()) {
        Some(target) => {
            let linked = read_bytes(&path.with_file_name(target))?;
            Ok(Source::from_bytes(name, linked))
        }
        None => Ok(source),
    }
}

fn is_stdin(path: &Path) -> bool {
    path == Path::new("-")
}

/// Returns the name of a file in messages.
fn name(path: &Path) -> String {
    if is_stdin(path) {
        "<stdin>".to_owned()
    } else {
        path.display().to_string()
    }
}

fn read_bytes(path: &Path) -> Result<Vec<u8>, CliError> {
    let bytes = if is_stdin(path) {
        let mut bytes = Vec::new();
        io::stdin().lock().read_to_end(&mut bytes).map(|_| bytes)
    } else {
        fs::read(path)
    };
    bytes.map_err(|error| {
        let name = name(path);
        let diagnostic = CliError::usage(format!("cannot read {name}: {error}"));
        if name.starts_with("https://") || name.starts_with("http://") {
            return diagnostic.help(format!(
                "a URL is not a file: download it first, e.g. with `curl -fLO '{name}'`"
            ));
        }
        diagnostic
    })
}
