//! The tests that the conformance page of the local server names.

use std::fs;
use std::path::Path;

#[test]
fn tests_of_the_conformance_page_exist() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let page = fs::read_to_string(root.join("local-server/CONFORMANCE.md")).unwrap();
    let rows: Vec<_> = page.lines().filter_map(tests_of_row).collect();
    assert!(rows.len() > 20, "the tables have another form: {rows:?}");
    let mut missing = Vec::new();
    for (row, tests) in rows {
        assert!(!tests.is_empty(), "no test: {row}");
        for (file, name) in tests {
            let source = fs::read_to_string(root.join(file)).unwrap_or_default();
            if !source.contains(&format!("#[test]\nfn {name}()"))
                && !source.contains(&format!("#[test]\n    fn {name}()"))
            {
                missing.push(format!("{file}: {name}"));
            }
        }
    }
    assert!(missing.is_empty(), "tests do not exist: {missing:#?}");
}

/// Returns a row of a table, and the files and names of its tests, which are in the last column.
fn tests_of_row(line: &str) -> Option<(&str, Vec<(&str, &str)>)> {
    let row = line.strip_prefix("| ")?.strip_suffix(" |")?;
    let (_, tests) = row.rsplit_once(" | ")?;
    if ["test", "---"].contains(&tests) {
        return None;
    }
    let mut file = "";
    let mut found = Vec::new();
    for text in tests.split('`').skip(1).step_by(2) {
        if text.contains('/') {
            file = text;
        } else {
            found.push((file, text));
        }
    }
    Some((row, found))
}

#[test]
fn tests_of_a_row_belong_to_the_file_before_them() {
    let row = "| a | b | `x/a.rs` `one`, `two`, `y/b.rs` `three` |";
    let tests = [("x/a.rs", "one"), ("x/a.rs", "two"), ("y/b.rs", "three")];
    assert_eq!(tests_of_row(row).unwrap().1, tests);
    assert_eq!(tests_of_row("| behavior | test |"), None);
    assert_eq!(tests_of_row("| --- | --- |"), None);
}
