//! Groups: each is listed once, and has endpoints.

use std::collections::{BTreeSet, HashMap};

use crate::diagnostics::Diagnostics;
use crate::diagnostics::messages::{document as messages, toml as toml_messages};
use crate::read::raw::Spec;
use crate::source::text::Text;

pub(super) fn check(spec: &Spec, diagnostics: &mut Diagnostics) {
    check_listed_once(spec, diagnostics);
    check_used(spec, diagnostics);
}

/// Checks that a group is listed in one file. The parser reports duplicates in the same file.
fn check_listed_once(spec: &Spec, diagnostics: &mut Diagnostics) {
    let mut seen: HashMap<&str, &Text> = HashMap::new();
    for key in spec.entries("groups").map(|group| &group.key) {
        let first = *seen.entry(key.as_str()).or_insert(key);
        if !std::ptr::eq(first, key) {
            diagnostics.report(toml_messages::duplicate_group(key, first.span));
        }
    }
}

fn check_used(spec: &Spec, diagnostics: &mut Diagnostics) {
    let used: BTreeSet<&str> = spec.endpoints().map(|(group, _)| group.as_str()).collect();
    let listed: BTreeSet<&str> = spec.entries("groups").map(|it| it.key.as_str()).collect();
    for group in spec.entries("groups") {
        if used.contains(group.key.as_str()) {
            continue;
        }
        let unlisted = used.iter().copied().filter(|name| !listed.contains(name));
        let similar = diagnostics.nearest(&group.key.value, unlisted);
        diagnostics.report(messages::unused_group(&group.key, similar));
    }
}
