//! Unions without a tag: every variant has a required field that no other variant has.

use crate::diagnostics::messages::types as messages;
use crate::diagnostics::{Diagnostics, Reported};
use crate::lower::draft::{Draft, Item};
use crate::model::{Direction, Field, Union};
use crate::read::raw::Entry;
use crate::source::Span;

pub(super) fn check(draft: &mut Draft<'_>, diagnostics: &mut Diagnostics) {
    for declared in &mut draft.types {
        let Item::Union(union) = &declared.item else {
            continue;
        };
        if union.tag.is_some() {
            continue;
        }
        let table = declared.entry.table();
        let variants = table.map_or(&[][..], |table| table.map("variants"));
        // In a union with an error, the unique field may be the one with the error.
        let unique = match declared.status {
            Ok(()) => check_unique_keys(union, variants, diagnostics),
            Err(reported) => Err(reported),
        };
        // The key `tag` may be the one with the error.
        let complete = table.map_or(Ok(()), |table| table.complete(&["tag"]));
        let aliases = complete.and_then(|()| check_aliases(union, variants, diagnostics));
        declared.status = unique.and(aliases);
    }
}

fn check_unique_keys(
    union: &Union,
    entries: &[Entry],
    diagnostics: &mut Diagnostics,
) -> Result<(), Reported> {
    let mut status = Ok(());
    let mut first = None;
    let unique_keys = union.unique_keys();
    let has_no_keys = unique_keys.iter().all(Vec::is_empty);
    let variants = entries.iter().zip(&union.variants);
    for ((entry, variant), unique) in variants.zip(unique_keys) {
        if !unique.is_empty() {
            continue;
        }
        // Without any unique field, the missing `tag` is the only mistake.
        if let Some((index, reported)) = first.filter(|_| has_no_keys) {
            diagnostics.extend(index, entry.key.span, "nor this one");
            status = Err(reported);
            continue;
        }
        let near_miss = find_near_miss(union, &variant.body.fields);
        let diagnostic = messages::ambiguous_variant(&entry.key, near_miss);
        let (index, reported) = diagnostics.report_group(diagnostic);
        first = Some((index, reported));
        status = Err(reported);
    }
    status
}

/// Returns the first field of a variant, and the reason why it does not distinguish the variant.
fn find_near_miss(union: &Union, fields: &[Field]) -> Option<(Span, &'static str)> {
    let field = fields.first()?;
    if !field.exists_in(Direction::Response) {
        return Some((field.span, "not in responses"));
    }
    if !field.is_required_in(Direction::Response) {
        return Some((field.span, "not required"));
    }
    let has_field = |fields: &[Field]| fields.iter().any(|it| it.wire == field.wire);
    let others = union.variants.iter().map(|it| &it.body.fields);
    let mut others = others.filter(|it| !std::ptr::eq(it.as_slice(), fields));
    others
        .any(|it| has_field(it))
        .then_some((field.span, "also a field of another variant"))
}

fn check_aliases(
    union: &Union,
    entries: &[Entry],
    diagnostics: &mut Diagnostics,
) -> Result<(), Reported> {
    let mut status = Ok(());
    for table in entries.iter().filter_map(Entry::table) {
        if let Some([alias, ..]) = table.string_list("also") {
            let diagnostic = messages::alias_without_tag(union.name.as_str(), alias.span);
            status = Err(diagnostics.report(diagnostic));
        }
    }
    status
}
