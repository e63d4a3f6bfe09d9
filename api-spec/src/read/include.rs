//! Reading of a spec that consists of several files.

use std::collections::HashSet;

use toml::de::DeTable;

use super::raw::Spec;
use super::reader;
use super::texts::Texts;
use super::toml_errors::{self, Toml};
use crate::diagnostics::messages::document as messages;
use crate::diagnostics::{Diagnostics, Reported};
use crate::source::text::Text;
use crate::source::{Included, Source};

/// Reads a file and the files it includes.
///
/// If parts of them are missing, references to names in these parts are not checked.
///
/// # Errors
///
/// Returns an error if the main file is not a text in TOML.
pub(crate) fn read(source: &Source, diagnostics: &mut Diagnostics) -> Result<Spec, Reported> {
    let mut texts = Texts::default();
    let main = toml_errors::parse(source, 0, diagnostics);
    let main = main.map(|toml| {
        with_table(toml, |table| {
            reader::read_main(source, table, &mut texts, diagnostics)
        })
    });
    // The TOML of one file at a time: it needs much more memory than what is read from it.
    let mut included = Vec::new();
    for (file, start) in included_files(source) {
        match toml_errors::parse(file, start, diagnostics) {
            Ok(toml) => included.push(with_table(toml, |table| {
                reader::read_included(file, start, table, &mut texts, diagnostics)
            })),
            Err(reported) => diagnostics.set_lost_names(reported),
        }
    }
    let main = main?;
    let paths = main.string_list("include").unwrap_or_default();
    if let Err(reported) = check_includes(source, paths, diagnostics) {
        diagnostics.set_lost_names(reported);
    }
    Ok(Spec { main, included })
}

fn with_table<R>(toml: Toml<'_>, function: impl FnOnce(&DeTable<'_>) -> R) -> R {
    match toml {
        Toml::Valid(table) => function(&table),
        Toml::Repaired(text) => function(DeTable::parse_recoverable(&text).0.get_ref()),
    }
}

/// Returns the included files, each once and with the offset of its first byte.
fn included_files(source: &Source) -> impl Iterator<Item = (&Source, usize)> {
    let mut seen = HashSet::new();
    let included = source.included().iter();
    let included = included.filter(move |it| seen.insert(&it.path));
    included.filter_map(|it| Some((it.file.as_ref().ok()?, it.start)))
}

/// Checks that all included files are available, and that none is included twice.
fn check_includes(
    source: &Source,
    paths: &[Text],
    diagnostics: &mut Diagnostics,
) -> Result<(), Reported> {
    let mut seen = HashSet::new();
    let mut status = Ok(());
    for path in paths {
        let has_path = |it: &&Included| it.path == path.as_str();
        let file = source.included().iter().find(has_path).map(|it| &it.file);
        let diagnostic = match file {
            _ if !seen.insert(path.as_str()) => messages::included_twice(path),
            Some(Ok(_)) => continue,
            Some(Err(reason)) => messages::include_failed(path, reason),
            None => messages::include_without_file(path),
        };
        status = Err(diagnostics.report(diagnostic));
    }
    status
}
