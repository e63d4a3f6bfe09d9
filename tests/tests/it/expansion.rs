//! Snapshots of generated code, one per feature of the spec language.
//!
//! A case is a file `expansion/<case>.toml`; its code is in `expansion/snapshots/<case>.snap`. The
//! snapshot of the shipped spec is in the tests of `cargo-api-spec`.

use std::fs;
use std::path::{Path, PathBuf};

use api_codegen::Options;
use api_spec::{Source, Style};

/// Returns the generated file of a spec without errors.
fn expand(path: &Path) -> String {
    let name = path.file_name().unwrap().to_string_lossy().into_owned();
    let source = Source::new(name, fs::read_to_string(path).unwrap());
    let parsed = api_spec::parse(&source);
    let diagnostics: Vec<_> = parsed
        .diagnostics
        .iter()
        .map(|diagnostic| diagnostic.render(&source, Style::Plain))
        .collect();
    assert!(diagnostics.is_empty(), "{}", diagnostics.join("\n"));
    let code = api_codegen::generate_file(&parsed.api.unwrap(), &Options::new(&source)).to_string();
    tests::pretty::print(&code)
        .unwrap_or_else(|error| panic!("{}: {error}\n{code}", path.display()))
}

/// Compares with `expansion/snapshots/<name>.snap`.
fn assert_snapshot(name: &str, code: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("expansion/snapshots");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, code));
}

fn manifest() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_owned()
}

#[test]
fn every_feature_has_a_snapshot() {
    let folder = manifest().join("tests/it/expansion");
    let mut cases: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_file())
        .collect();
    cases.sort();
    assert!(!cases.is_empty());
    for case in &cases {
        assert_eq!(case.extension().unwrap(), "toml", "{}", case.display());
        let name = case.file_stem().unwrap().to_string_lossy();
        assert_snapshot(&name, &expand(case));
    }
    // A snapshot whose case was deleted would never be compared.
    let snapshots = fs::read_dir(manifest().join("tests/it/expansion/snapshots")).unwrap();
    for snapshot in snapshots.map(|entry| entry.unwrap().path()) {
        let name = snapshot.file_stem().unwrap().to_owned();
        let has_case = cases.iter().any(|case| case.file_stem() == Some(&name));
        let is_snapshot = snapshot.extension().is_some_and(|it| it == "snap");
        assert!(
            has_case || !is_snapshot,
            "no case for {}",
            snapshot.display()
        );
    }
}

#[test]
fn code_is_reproducible() {
    let path = manifest().join("../api-spec/databricks-1.2.toml");
    assert_eq!(expand(&path), expand(&path));
}
