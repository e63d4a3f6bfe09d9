//! Items of two lists, paired by name.

use std::collections::{HashMap, HashSet};

pub(super) enum Pair<'a, T> {
    Old(&'a T),
    New(&'a T),
    Both(&'a T, &'a T),
}

/// Pairs the items of two lists: the old ones in their order, then those that are only new.
pub(super) fn pairs<'a, T>(
    old: impl IntoIterator<Item = &'a T>,
    new: impl IntoIterator<Item = &'a T>,
    name: impl Fn(&'a T) -> &'a str,
) -> Vec<Pair<'a, T>> {
    let old: Vec<&T> = old.into_iter().collect();
    let new: Vec<&T> = new.into_iter().collect();
    let new_by_name: HashMap<&str, &T> = new.iter().map(|item| (name(item), *item)).collect();
    let old_names: HashSet<&str> = old.iter().map(|item| name(item)).collect();
    let existing = old.iter().map(|&old| match new_by_name.get(name(old)) {
        Some(new) => Pair::Both(old, new),
        None => Pair::Old(old),
    });
    let added = new.iter().filter(|item| !old_names.contains(name(item)));
    existing.chain(added.map(|&item| Pair::New(item))).collect()
}
