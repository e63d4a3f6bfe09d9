//! Output in the README.

use std::fs;
use std::path::Path;

use crate::support::{CLOCK, Sandbox};

#[track_caller]
fn assert_in_readme(text: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
    let readme = fs::read_to_string(path).unwrap();
    assert!(readme.contains(text), "not in the README:\n{text}");
}

#[test]
fn readme_shows_the_output_of_check() {
    let sandbox = Sandbox::with(&[("clock.toml", &CLOCK.replace("GET", "GTE"))]);
    let done = sandbox.run(["check", "clock.toml"]);
    assert_in_readme(&format!(
        "$ cargo api-spec check clock.toml\n{}{}",
        done.stdout, done.stderr
    ));
}

#[test]
fn readme_shows_the_output_of_diff() {
    let new = CLOCK
        .replace("string?", "string")
        .replace("{ second", "{ hour = \"Full hours.\", second")
        .replace("Returns the time in", "Returns the current time in");
    let sandbox = Sandbox::with(&[("old.toml", CLOCK), ("new.toml", &new)]);
    let done = sandbox.run(["diff", "old.toml", "new.toml", "--fail-on", "major"]);
    assert_in_readme(&format!("{}{}", done.stdout, done.stderr));
}

#[test]
fn readme_shows_the_report_of_import() {
    let documents = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/documents");
    let petstore = fs::read(documents.join("petstore.yaml")).unwrap();
    let sandbox = Sandbox::new();
    sandbox.write("petstore.yaml", petstore);
    let done = sandbox.run(["import", "petstore.yaml", "--out", "petstore.toml"]);
    // The README shows some of the lines.
    let mut shown = done.stderr.lines().take(3).collect::<Vec<_>>();
    shown.extend(done.stderr.lines().filter(|it| it.contains("`GET /pets`")));
    assert_in_readme(&shown.join("\n"));
}

#[test]
fn readme_shows_the_error_for_outdated_code() {
    let snapshot = include_str!("../snapshots/checked_in.snap");
    let (_, changed_spec) = snapshot.split_once("## changed spec\n\n").unwrap();
    let lines = changed_spec.lines().take_while(|it| !it.contains("-->"));
    let lines: Vec<_> = lines
        .map(|it| it.trim_start_matches("! ").trim_end())
        .collect();
    assert_in_readme(lines.join("\n").trim_end_matches("\n!"));
}
