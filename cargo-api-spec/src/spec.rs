//! Descriptions from files.

use std::fs;
use std::io::{self, Read as _};
use std::path::Path;

use api_spec::model::Api;
use api_spec::{Diagnostic, Source, Style};

use crate::console;
use crate::exit::Failure;

/// A description without faults.
pub(crate) struct Spec {
    pub(crate) source: Source,
    pub(crate) api: Api,
}

/// Reads a description, and refuses it where it has faults.
pub(crate) fn load(path: &Path) -> Result<Spec, Failure> {
    let source = read(path)?;
    let parsed = api_spec::parse(&source);
    let faults = parsed.diagnostics.iter().filter(|it| it.is_error()).count();
    match parsed.api {
        Some(api) if faults == 0 => Ok(Spec { source, api }),
        _ => {
            draw(&source, &parsed.diagnostics);
            let words = format!("{} has {}", source.name(), count(faults, "fault"));
            Err(Failure::no(words))
        }
    }
}

fn draw(source: &Source, diagnostics: &[Diagnostic]) {
    for diagnostic in diagnostics.iter().filter(|it| it.is_error()) {
        console::say(format!("{}\n", diagnostic.render(source, Style::Terminal)));
    }
}

/// Reads a description and the files it includes.
pub(crate) fn read(path: &Path) -> Result<Source, Failure> {
    let mut source = read_one(path)?;
    let folder = path.parent().unwrap_or(Path::new(""));
    for wanted in source.included_paths() {
        let file = read_one(&folder.join(&wanted));
        source.include(wanted, file.map_err(|failure| failure.words().to_owned()));
    }
    Ok(source)
}

/// Reads a file, or standard input for `-`.
fn read_one(path: &Path) -> Result<Source, Failure> {
    let name = name(path);
    let bytes = if path == Path::new("-") {
        let mut bytes = Vec::new();
        io::stdin().lock().read_to_end(&mut bytes).map(|_| bytes)
    } else {
        fs::read(path)
    };
    let bytes = bytes.map_err(|error| Failure::usage(format!("{name} cannot be read: {error}")))?;
    let text = String::from_utf8(bytes)
        .map_err(|_| Failure::usage(format!("{name} is not a text in UTF-8")))?;
    Ok(Source::new(name, text))
}

fn name(path: &Path) -> String {
    if path == Path::new("-") {
        "<stdin>".to_owned()
    } else {
        path.display().to_string()
    }
}

/// A number and its noun, as in `2 faults`.
pub(crate) fn count(number: usize, noun: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {noun}{plural}")
}
