//! A description in several files, read as one.

use std::collections::HashSet;

use toml::de::DeTable;

use crate::codes::Code;
use crate::diagnostic::{Diagnostic, shown};
use crate::raw::{Document, Text};
use crate::source::{Included, Source};
use crate::{read, syntax};

/// Reads a file and those it includes. Where the syntax of one is broken, or one is not there,
/// nothing can be said about the rest.
pub(crate) fn read(source: &Source, diagnostics: &mut Vec<Diagnostic>) -> Option<Document> {
    let main = parse(source, 0, diagnostics);
    let mut tables = Vec::new();
    for (file, start) in files(source) {
        tables.extend(parse(file, start, diagnostics).map(|table| (file, start, table)));
    }
    if !diagnostics.is_empty() {
        return None;
    }
    let mut document = read::read(source, 0, &main?, diagnostics);
    check_includes(source, &document.include, diagnostics);
    if diagnostics.iter().any(|it| it.code == Code::Include) {
        return None;
    }
    for (file, start, table) in tables {
        document.extend(read::read(file, start, &table, diagnostics));
    }
    Some(document)
}

/// The files that were handed in, each with the number of its first byte.
fn files(source: &Source) -> impl Iterator<Item = (&Source, usize)> {
    let included = source.included().iter();
    included.filter_map(|it| Some((it.file.as_ref().ok()?, it.start)))
}

fn parse<'s>(
    file: &'s Source,
    start: usize,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<DeTable<'s>> {
    let faults = match syntax::parse(file) {
        Ok(table) => return Some(table),
        Err(faults) => faults,
    };
    diagnostics.extend(faults.into_iter().map(|fault| fault.on(start)));
    None
}

/// What is asked for is there, and asked for once.
fn check_includes(source: &Source, include: &[Text], diagnostics: &mut Vec<Diagnostic>) {
    let mut seen = HashSet::new();
    for path in include {
        let named = |it: &&Included| it.path == path.value;
        let found = source.included().iter().find(named).map(|it| &it.file);
        let (label, help) = match found {
            _ if !seen.insert(path.as_str()) => ("named again", "name it once".to_owned()),
            Some(Ok(_)) => continue,
            Some(Err(why)) => ("not there", why.clone()),
            None => (
                "not there",
                "only a description in a file includes others".to_owned(),
            ),
        };
        let message = format!("`{}` cannot be included", shown(&path.value));
        diagnostics.push(Diagnostic::new(Code::Include, message, path.inside(), label).help(help));
    }
}
