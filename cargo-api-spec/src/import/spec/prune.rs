//! Unused types and groups.

use std::collections::{HashMap, HashSet};

use super::draft::{Draft, Endpoint};

/// Removes types that no endpoint uses, and groups without endpoints.
pub(super) fn prune(draft: &mut Draft<'_>) {
    let mut is_used = used_types(draft).into_iter();
    draft.types.retain(|_| is_used.next().unwrap_or_default());
    let endpoints = draft.endpoints.iter();
    let groups: HashSet<&str> = endpoints.map(|it| it.group.as_str()).collect();
    draft
        .groups
        .retain(|(key, _)| groups.contains(key.as_str()));
}

fn used_types(draft: &Draft<'_>) -> Vec<bool> {
    let types = draft.types.iter().enumerate();
    let by_name: HashMap<&str, usize> =
        types.map(|(index, ty)| (ty.name.as_str(), index)).collect();
    let mut is_used = vec![false; draft.types.len()];
    let types = draft.endpoints.iter().flat_map(Endpoint::types);
    let names = types
        .chain(&draft.error_type)
        .filter_map(|ty| ty.declared_name());
    let written = draft
        .endpoints
        .iter()
        .flat_map(Endpoint::words_of_extensions);
    let mut pending: Vec<usize> = names
        .chain(written)
        .filter_map(|name| by_name.get(name))
        .copied()
        .collect();
    while let Some(index) = pending.pop() {
        if std::mem::replace(&mut is_used[index], true) {
            continue;
        }
        let contained = draft.types[index].contained().into_iter();
        let inner = contained.filter_map(|ty| by_name.get(ty.declared_name()?));
        pending.extend(inner.copied());
    }
    is_used
}
