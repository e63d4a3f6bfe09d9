//! Third phase: checks that compare the items of a spec with each other. Each check reports its errors
//! and marks the items with them.

mod boxes;
mod clashes;
mod components;
mod directions;
mod groups;
mod setters;
mod sizes;
mod union_keys;
mod unused;

use crate::diagnostics::Diagnostics;
use crate::lower::draft::Draft;

/// Runs all checks for errors.
pub(crate) fn check(draft: &mut Draft<'_>, diagnostics: &mut Diagnostics) {
    groups::check(draft.spec, diagnostics);
    directions::assign(draft);
    union_keys::check(draft, diagnostics);
    clashes::check(draft, diagnostics);
    setters::check(draft, diagnostics);
    boxes::assign(draft);
    sizes::check(draft, diagnostics);
}

/// Adds the warnings for a spec without errors.
pub(crate) fn warn(draft: &Draft<'_>, diagnostics: &mut Diagnostics) {
    unused::warn_unused_types(draft, diagnostics);
    unused::warn_missing_retry(draft, diagnostics);
}
