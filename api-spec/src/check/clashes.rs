//! Clashes: names that two items of a generated module have.

use std::collections::{HashMap, HashSet};

use crate::diagnostics::messages::names as messages;
use crate::diagnostics::messages::names::Clash;
use crate::diagnostics::{Diagnostic, Diagnostics};
use crate::lower::draft::{Draft, Named};
use crate::model::names::RustName;

pub(super) fn check(draft: &mut Draft<'_>, diagnostics: &mut Diagnostics) {
    check_types(draft, diagnostics);
    check_functions(draft, diagnostics);
    check_group_types(draft, diagnostics);
}

/// A name, and the index of the item of the draft that it comes from.
type Owned<'n> = (&'n Named, usize);

/// Checks the names of declared types and of the structs of variants.
fn check_types(draft: &mut Draft<'_>, diagnostics: &mut Diagnostics) {
    let types = draft.types.iter().enumerate();
    let names = types.flat_map(|(index, it)| it.names.iter().map(move |name| (name, index)));
    for (index, diagnostic) in find_clashes(names.collect(), messages::type_clash) {
        draft.types[index].status = Err(diagnostics.report(diagnostic));
    }
}

/// Checks the names of the functions of each group.
fn check_functions(draft: &mut Draft<'_>, diagnostics: &mut Diagnostics) {
    let is_function = |name: &Named, _| name.role.is_function();
    let clashes = find_group_clashes(draft, is_function, messages::function_clash);
    for (index, diagnostic) in clashes {
        draft.endpoints[index].status = Err(diagnostics.report(diagnostic));
    }
}

/// Checks the names of the request and response types of each group.
fn check_group_types(draft: &mut Draft<'_>, diagnostics: &mut Diagnostics) {
    // Types are named after functions. If two functions clash, their types are not reported as well.
    let mut functions: HashSet<(&str, &RustName)> = HashSet::new();
    let mut repeated = HashSet::new();
    for (index, endpoint) in draft.endpoints.iter().enumerate() {
        let function = endpoint.names.first();
        if function.is_some_and(|it| !functions.insert((endpoint.group.as_str(), &it.name))) {
            repeated.insert(index);
        }
    }
    let is_type = |name: &Named, index| !name.role.is_function() && !repeated.contains(&index);
    let clashes = find_group_clashes(draft, is_type, messages::type_clash);
    for (index, diagnostic) in clashes {
        draft.endpoints[index].status = Err(diagnostics.report(diagnostic));
    }
}

fn find_group_clashes(
    draft: &Draft<'_>,
    filter: impl Fn(&Named, usize) -> bool,
    message: fn(&Clash<'_>) -> Diagnostic,
) -> Vec<(usize, Diagnostic)> {
    let mut groups: HashMap<&str, Vec<Owned<'_>>> = HashMap::new();
    for (index, endpoint) in draft.endpoints.iter().enumerate() {
        let names = endpoint.names.iter().filter(|name| filter(name, index));
        let group = groups.entry(endpoint.group.as_str()).or_default();
        group.extend(names.map(|name| (name, index)));
    }
    let groups = groups.into_values();
    groups
        .flat_map(|names| find_clashes(names, message))
        .collect()
}

/// Returns a diagnostic for every name that an earlier item has, with the index of the later item.
fn find_clashes(
    mut names: Vec<Owned<'_>>,
    message: fn(&Clash<'_>) -> Diagnostic,
) -> Vec<(usize, Diagnostic)> {
    names.sort_by_key(|(named, _)| named.span);
    let mut seen: HashMap<&RustName, &Named> = HashMap::new();
    let mut clashes = Vec::new();
    for (named, index) in names {
        let first = *seen.entry(&named.name).or_insert(named);
        if std::ptr::eq(first, named) {
            continue;
        }
        let clash = Clash {
            name: named.name.as_str(),
            second: (named.span, &named.role.label(&named.name)),
            first: (first.span, &first.role.label(&first.name)),
            renamable: named.role.is_renamable() || first.role.is_renamable(),
        };
        clashes.push((index, message(&clash)));
    }
    clashes
}
