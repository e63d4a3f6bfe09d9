//! Reading of a spec that consists of several files.

use std::collections::HashSet;

use super::raw::Spec;
use super::{reader, toml_errors};
use crate::diagnostics::messages::document as messages;
use crate::diagnostics::{Diagnostics, Reported, collect_all};
use crate::source::text::Text;
use crate::source::{Included, Source};

/// Reads a file and the files it includes.
///
/// Returns an error if one of them is missing or is not valid TOML: references to its contents could
/// not be checked.
pub(crate) fn read(source: &Source, diagnostics: &mut Diagnostics) -> Result<Spec, Reported> {
    let main = toml_errors::parse(source, 0, diagnostics);
    let main = main.map(|table| reader::read_main(source, &table, diagnostics));
    // The TOML of one file at a time: it needs much more memory than what is read from it.
    let included: Result<Vec<_>, Reported> =
        collect_all(included_files(source).map(|(file, start)| {
            let table = toml_errors::parse(file, start, diagnostics)?;
            Ok(reader::read_included(file, start, &table, diagnostics))
        }));
    let main = main?;
    let paths = main.string_list("include").unwrap_or_default();
    check_includes(source, paths, diagnostics)?;
    Ok(Spec {
        included: included?,
        main,
    })
}

/// Returns the included files, each with the offset of its first byte.
fn included_files(source: &Source) -> impl Iterator<Item = (&Source, usize)> {
    let included = source.included().iter();
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
        let has_path = |it: &&Included| it.path == path.value;
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
