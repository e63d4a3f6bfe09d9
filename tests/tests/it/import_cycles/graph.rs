//! Cycles in the graph of imports.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// Files that each file imports, with a path that it uses.
pub(super) type Imports = BTreeMap<String, BTreeMap<String, String>>;

/// Returns a shortest cycle for each group of files that import each other, with one line for each
/// import.
pub(super) fn cycles(imports: &Imports) -> Vec<Vec<String>> {
    let mut reported = BTreeSet::new();
    let mut cycles = Vec::new();
    for file in imports.keys() {
        let Some(cycle) = shortest_cycle(imports, file) else {
            continue;
        };
        if cycle.iter().any(|file| reported.contains(file)) {
            continue;
        }
        let next = cycle.iter().cycle().skip(1);
        let lines = cycle.iter().zip(next).map(|(importer, imported)| {
            let path = &imports[*importer][*imported];
            format!("{importer} imports {imported}: {path}")
        });
        cycles.push(lines.collect());
        reported.extend(cycle);
    }
    cycles
}

/// Returns the files of a shortest cycle through `start`.
fn shortest_cycle<'a>(imports: &'a Imports, start: &'a String) -> Option<Vec<&'a String>> {
    let mut importer_of = BTreeMap::new();
    let mut queue = VecDeque::from([start]);
    while let Some(file) = queue.pop_front() {
        for imported in imports.get(file)?.keys() {
            if imported == start {
                let mut cycle = vec![file];
                while let Some(importer) = importer_of.get(cycle[cycle.len() - 1]) {
                    cycle.push(*importer);
                }
                cycle.reverse();
                return Some(cycle);
            }
            if !importer_of.contains_key(imported) {
                importer_of.insert(imported, file);
                queue.push_back(imported);
            }
        }
    }
    None
}

#[test]
fn each_group_is_reported_once_with_a_shortest_cycle() {
    let edges = [
        ("a", "b"),
        ("b", "c"),
        ("c", "d"),
        ("d", "a"),
        ("c", "b"),
        ("e", "a"),
        ("f", "g"),
        ("g", "f"),
    ];
    let mut imports = Imports::new();
    for (importer, imported) in edges {
        let paths = imports.entry(importer.to_owned()).or_default();
        paths.insert(imported.to_owned(), format!("crate::{imported}"));
    }
    let found = cycles(&imports);
    assert_eq!(
        found,
        [
            vec![
                "a imports b: crate::b",
                "b imports c: crate::c",
                "c imports d: crate::d",
                "d imports a: crate::a",
            ],
            vec!["f imports g: crate::g", "g imports f: crate::f"],
        ]
    );
}
