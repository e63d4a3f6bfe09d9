//! Source files that import each other, directly or through others.

mod graph;
mod source;

use std::fs;
use std::path::Path;

use self::source::Package;

/// Folders of the packages without such files.
const PACKAGES: [&str; 10] = [
    "api-spec",
    "cargo-api-spec",
    "dbexec",
    "dynamic",
    "generated-client",
    "local-server",
    "macros",
    "macros/codegen",
    "runtime",
    "test-server",
];

#[test]
fn no_two_files_of_a_package_import_each_other() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    for package in PACKAGES {
        let imports = Package::read(&root.join(package)).imports();
        let cycles: Vec<_> = graph::cycles(&imports).into_iter().flatten().collect();
        assert!(
            cycles.is_empty(),
            "files of `{package}` import each other:\n{}",
            cycles.join("\n")
        );
    }
}

#[test]
fn imports_through_reexports_nested_paths_and_functions_are_found() {
    let folder = tempfile::tempdir().unwrap();
    for (file, text) in [
        (
            "lib.rs",
            "mod shape; mod sides; pub use shape::{Shape, Square};",
        ),
        (
            "shape.rs",
            "pub use self::square::Square; mod square; pub enum Shape { Other }",
        ),
        (
            "shape/square.rs",
            "pub struct Square; impl Square { fn sides() -> u8 { crate::sides::count::<Self>() } }",
        ),
        (
            "sides.rs",
            "mod table; #[cfg(test)] mod tests { use crate::Shape; }
             pub(super) fn count<T>() -> u8 { use table::{COUNT, of as find}; find(COUNT) }",
        ),
        (
            "sides/table.rs",
            "use crate::{shape::Square as Known, sides}; use std::fmt; use quote::quote;
             pub(crate) const COUNT: u8 = 4; pub fn of(_: u8) { quote! { super::count() } }",
        ),
    ] {
        let path = folder.path().join("src").join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    let imports = Package::read(folder.path()).imports();
    let pairs: Vec<_> = imports
        .iter()
        .flat_map(|(file, imported)| imported.keys().map(move |to| format!("{file} {to}")))
        .collect();
    assert_eq!(
        pairs,
        [
            "lib.rs shape.rs",
            "lib.rs shape/square.rs",
            "shape.rs shape/square.rs",
            "shape/square.rs sides.rs",
            "sides.rs sides/table.rs",
            "sides/table.rs shape/square.rs",
            "sides/table.rs sides.rs",
        ]
    );
    let cycles = graph::cycles(&imports);
    assert_eq!(
        cycles,
        [[
            "shape/square.rs imports sides.rs: crate::sides::count",
            "sides.rs imports sides/table.rs: table::COUNT",
            "sides/table.rs imports shape/square.rs: crate::shape::Square",
        ]]
    );
}
