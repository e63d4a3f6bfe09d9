//! What stands on both sides, and what on one alone.

use std::collections::{HashMap, HashSet};

pub(super) enum Pair<'a, T> {
    Old(&'a T),
    New(&'a T),
    Both(&'a T, &'a T),
}

/// The items of two lists by their names: the old ones in their order, then those that are new.
pub(super) fn pairs<'a, T>(
    old: impl IntoIterator<Item = &'a T>,
    new: impl IntoIterator<Item = &'a T>,
    name: impl Fn(&'a T) -> &'a str,
) -> Vec<Pair<'a, T>> {
    let old: Vec<&T> = old.into_iter().collect();
    let new: Vec<&T> = new.into_iter().collect();
    let found: HashMap<&str, &T> = new.iter().map(|item| (name(item), *item)).collect();
    let known: HashSet<&str> = old.iter().map(|item| name(item)).collect();
    let there = old.iter().map(|&old| match found.get(name(old)) {
        Some(new) => Pair::Both(old, new),
        None => Pair::Old(old),
    });
    let added = new.iter().filter(|item| !known.contains(name(item)));
    there.chain(added.map(|&item| Pair::New(item))).collect()
}
