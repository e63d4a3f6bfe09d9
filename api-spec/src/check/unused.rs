//! Warnings: unused types, and endpoints without a retry class.

use crate::diagnostics::Diagnostics;
use crate::diagnostics::messages::{document as messages, retry as retry_messages};
use crate::lower::draft::Draft;

/// Warns of types that no endpoint uses, directly or through other types.
pub(super) fn warn_unused_types(draft: &Draft<'_>, diagnostics: &mut Diagnostics) {
    let mut used = vec![false; draft.types.len()];
    let endpoints = draft.endpoints.iter();
    let mut pending: Vec<usize> = endpoints.flat_map(|it| it.uses.iter().copied()).collect();
    while let Some(index) = pending.pop() {
        if !std::mem::replace(&mut used[index], true) {
            pending.extend(&draft.types[index].uses);
        }
    }
    for (declared, _) in draft.types.iter().zip(used).filter(|(_, used)| !used) {
        diagnostics.warn(messages::unused_type(&declared.entry.key));
    }
}

/// Warns of endpoints without `retry` whose method HTTP defines no retry class for.
pub(super) fn warn_missing_retry(draft: &Draft<'_>, diagnostics: &mut Diagnostics) {
    for endpoint in &draft.endpoints {
        let Some(table) = endpoint.entry.table() else {
            continue;
        };
        let method = &endpoint.model.method;
        if method.needs_retry_class() && table.entry("retry").is_none() {
            let (group, key) = (endpoint.group.as_str(), &endpoint.entry.key);
            diagnostics.warn(retry_messages::no_retry_class(group, key, method.as_str()));
        }
    }
}
