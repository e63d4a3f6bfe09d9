//! Validation of the draft by the checks of the language.

use std::collections::HashMap;

use api_spec::Source;

use super::cycles::break_cycles;
use super::directions;
use super::draft::{Draft, Endpoint};
use super::prune::prune;
use super::write::{self, DraftItem};
use crate::import::report::Report;

/// Writes the draft as a spec without errors. Items that the language rejects are dropped, and so
/// are the items that use them.
///
/// # Errors
///
/// If an error remains that no item of the draft causes.
pub(in crate::import) fn write_valid(
    draft: &mut Draft<'_>,
    report: &mut Report,
) -> Result<String, String> {
    break_cycles(draft, report);
    directions::apply(draft, report);
    loop {
        prune(draft);
        let (source, starts) = write::write(draft).into_source("import");
        let errors = errors_by_item(&source, &starts);
        if errors.is_empty() {
            return Ok(source.texts().collect());
        }
        let size = size(draft);
        drop_items(draft, &errors, report);
        // Guarantees that the loop terminates.
        if self::size(draft) >= size {
            let (_, error) = errors.into_values().next().unwrap_or_default();
            return Err(format!("the resulting spec is invalid: {error}"));
        }
    }
}

/// The key at the start of the line with an error, and its message.
type ItemError = (String, String);

/// Returns the first error of each item. `starts` are the offsets at which the items begin.
fn errors_by_item(source: &Source, starts: &[(usize, DraftItem)]) -> HashMap<DraftItem, ItemError> {
    let first_file = source.texts().next().unwrap_or_default();
    let parsed = api_spec::parse(source);
    let mut errors = HashMap::new();
    for error in parsed.diagnostics.iter().filter(|it| it.is_error()) {
        let at = error.span().start;
        let behind = starts.partition_point(|(start, _)| *start <= at);
        let item = starts[..behind].last();
        let item = item.map_or(DraftItem::Api, |(_, item)| item.clone());
        let key = key_at(first_file, at).to_owned();
        errors
            .entry(item)
            .or_insert_with(|| (key, error.message.clone()));
    }
    errors
}

/// Returns the key of the line at an offset.
fn key_at(text: &str, offset: usize) -> &str {
    let line = text.get(..offset).map(|before| before.rfind('\n'));
    let start = line.flatten().map_or(0, |newline| newline + 1);
    let line = text.get(start..).unwrap_or_default();
    let end = line.find([' ', '\n']).unwrap_or(line.len());
    &line[..end]
}

/// Returns a number that decreases with each item that is dropped.
fn size(draft: &Draft<'_>) -> usize {
    let extended = draft.endpoints.iter().filter(|it| has_extensions(it));
    extended.count()
        + draft.endpoints.len()
        + draft.types.len()
        + draft.groups.len()
        + draft.base_path.len()
        + draft.url.iter().count()
        + draft.auth.iter().count()
        + draft.errors.iter().count()
        + draft.extensions.len()
}

fn has_extensions(endpoint: &Endpoint<'_>) -> bool {
    !endpoint.extensions.is_empty()
}

fn drop_items(draft: &mut Draft<'_>, errors: &HashMap<DraftItem, ItemError>, report: &mut Report) {
    let mut index = 0..;
    draft.endpoints.retain_mut(|endpoint| {
        let index = index.next().unwrap_or_default();
        let Some((_, error)) = errors.get(&DraftItem::Endpoint(index)) else {
            return true;
        };
        if !has_extensions(endpoint) {
            report.drop_operation(endpoint.place, &endpoint.operation, error.as_str());
            return false;
        }
        // The extensions are dropped first, as the rest of the endpoint may be valid.
        endpoint.extensions.clear();
        let note = format!("extensions `x-api-spec-…` ignored: {error}");
        report.approximate(endpoint.place, "", note);
        true
    });
    let mut index = 0..;
    draft.types.retain(|ty| {
        let index = index.next().unwrap_or_default();
        let error = errors.get(&DraftItem::Type(index));
        if let Some((_, error)) = error {
            report.approximate(ty.place, &ty.name, format!("type omitted: {error}"));
        }
        error.is_none()
    });
    if let Some((key, error)) = errors.get(&DraftItem::Api) {
        draft.drop_base(report, key, error);
    }
}
