//! The rows of the conformance page of the local server, and the tests that they name.

use std::fs;
use std::path::Path;

/// Columns of behaviors and of differences. The last one contains the tests.
const BEHAVIORS: &[&str] = &["behavior", "evidence", "grade", "test"];
const DIFFERENCES: &[&str] = &["Databricks", "this server", "reason", "test"];

/// Grades that the page explains.
const GRADES: [&str; 4] = ["D", "L", "C", "I"];

struct Row<'a> {
    columns: &'static [&'static str],
    cells: Vec<&'a str>,
}

/// Returns the rows of all tables.
fn rows(page: &str) -> Vec<Row<'_>> {
    let mut columns: &[&str] = &[];
    let mut rows = Vec::new();
    for line in page.lines() {
        let cells = line
            .strip_prefix("| ")
            .and_then(|row| row.strip_suffix(" |"));
        let Some(cells) = cells else {
            columns = &[]; // the table has ended
            continue;
        };
        let cells: Vec<_> = cells.split(" | ").collect();
        if columns.is_empty() {
            let known = [BEHAVIORS, DIFFERENCES]
                .into_iter()
                .find(|known| **known == cells);
            columns = known.unwrap_or_else(|| panic!("unknown columns: {line}"));
        } else if cells.iter().any(|cell| *cell != "---") {
            rows.push(Row { columns, cells });
        }
    }
    rows
}

/// Returns what is missing in a row.
fn defects(row: &Row, root: &Path) -> Vec<String> {
    if row.cells.len() != row.columns.len() {
        return vec![format!(
            "{} cells instead of {}",
            row.cells.len(),
            row.columns.len()
        )];
    }
    let mut defects = Vec::new();
    for (column, cell) in row.columns.iter().zip(&row.cells) {
        if cell.trim().is_empty() {
            defects.push(format!("no {column}"));
        } else if *column == "grade" && !GRADES.contains(cell) {
            defects.push(format!("unknown grade `{cell}`"));
        }
    }
    let tests = tests(row.cells[row.cells.len() - 1]);
    if tests.is_empty() {
        defects.push("no test".to_owned());
    }
    let missing = tests
        .into_iter()
        .filter(|(file, name)| !exists(root, file, name));
    defects.extend(missing.map(|(file, name)| format!("no test {file}: {name}")));
    defects
}

/// Returns the files and names of the tests in a cell.
fn tests(cell: &str) -> Vec<(&str, &str)> {
    let mut file = "";
    let mut found = Vec::new();
    for text in cell.split('`').skip(1).step_by(2) {
        if text.contains('/') {
            file = text;
        } else {
            found.push((file, text));
        }
    }
    found
}

fn exists(root: &Path, file: &str, name: &str) -> bool {
    let source = fs::read_to_string(root.join(file)).unwrap_or_default();
    ["", "    "]
        .iter()
        .any(|indent| source.contains(&format!("#[test]\n{indent}fn {name}()")))
}

fn root() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

#[test]
fn each_behavior_has_a_grade_and_each_difference_a_reason_and_both_have_tests() {
    let page = fs::read_to_string(root().join("local-server/CONFORMANCE.md")).unwrap();
    let rows = rows(&page);
    for columns in [BEHAVIORS, DIFFERENCES] {
        let count = rows.iter().filter(|row| row.columns == columns).count();
        assert!(count > 10, "{count} rows with the columns {columns:?}");
    }
    let root = root();
    let defects: Vec<_> = rows
        .iter()
        .flat_map(|row| {
            let defects = defects(row, &root).into_iter();
            defects.map(|defect| format!("{}: {defect}", row.cells[0]))
        })
        .collect();
    assert!(defects.is_empty(), "{defects:#?}");
}

#[test]
fn defects_of_rows_are_found() {
    let here = "`tests/tests/it/conformance.rs` `defects_of_rows_are_found`";
    let behavior = |row: &str| {
        let page =
            format!("| behavior | evidence | grade | test |\n| --- | --- | --- | --- |\n{row}");
        rows(&page)
            .iter()
            .flat_map(|row| defects(row, &root()))
            .collect::<Vec<_>>()
    };
    assert!(behavior(&format!("| a | b | D | {here} |")).is_empty());
    assert_eq!(
        behavior(&format!("| a | b | X | {here} |")),
        ["unknown grade `X`"]
    );
    assert_eq!(
        behavior(&format!("| a | b | {here} |")),
        ["3 cells instead of 4"]
    );
    assert_eq!(behavior("| a | b | L | none |"), ["no test"]);
    assert_eq!(
        behavior("| a | b | L | `x/y.rs` `z` |"),
        ["no test x/y.rs: z"]
    );
    let page = format!("| Databricks | this server | reason | test |\n| a | b |  | {here} |");
    assert_eq!(defects(&rows(&page)[0], &root()), ["no reason"]);
}

#[test]
fn tests_of_a_cell_belong_to_the_file_before_them() {
    let tests_of_cell = [("x/a.rs", "one"), ("x/a.rs", "two"), ("y/b.rs", "three")];
    assert_eq!(
        tests("`x/a.rs` `one`, `two`, `y/b.rs` `three`"),
        tests_of_cell
    );
}
