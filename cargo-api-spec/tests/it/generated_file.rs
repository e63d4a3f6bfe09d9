//! Generated files: their layout, and the compiler's and clippy's verdict on them.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::support::{Sandbox, snapshot};

const WORKSPACE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");

/// The strictest lints under which generated code compiles, beside those of every test package.
const LINTS: &str = "
#![forbid(unsafe_code, unused, unreachable_pub, unused_qualifications)]
#![deny(clippy::pedantic)]
";

/// The spec that the workspace ships.
fn databricks() -> PathBuf {
    Path::new(WORKSPACE).join("api-spec/databricks-1.2.toml")
}

/// The specs of the workspace's tests, one per feature of the language.
fn features() -> Vec<PathBuf> {
    let folder = Path::new(WORKSPACE).join("tests/tests/it/expansion");
    let entries = fs::read_dir(folder).unwrap();
    let paths = entries.map(|entry| entry.unwrap().path());
    let mut specs: Vec<_> = paths
        .filter(|path| path.extension().is_some_and(|it| it == "toml"))
        .collect();
    specs.sort();
    assert!(!specs.is_empty());
    specs
}

fn stem(path: &Path) -> String {
    path.file_stem()
        .unwrap()
        .to_string_lossy()
        .replace(['-', '.'], "_")
}

/// Expands a spec to `src/<stem>.rs`, and returns the text of the file.
fn expand(sandbox: &Sandbox, spec: &Path) -> String {
    fs::create_dir_all(sandbox.path("src")).unwrap();
    let out = format!("src/{}.rs", stem(spec));
    let spec = spec.to_str().unwrap();
    sandbox
        .run(["expand", spec, "--out", &out])
        .assert(0, "", &format!("wrote {out}\n"));
    sandbox.read(out)
}

#[test]
fn shipped_file_starts_with_endpoints_and_has_at_most_1150_lines() {
    let code = expand(&Sandbox::new(), &databricks());
    let count = code.lines().count();
    assert!(count <= 1150, "{count} lines");
    let position = |start| {
        code.lines()
            .position(|line| line.trim().starts_with(start))
            .unwrap()
    };
    assert!(position("pub fn create(") < 150);
    assert!(position("pub fn cancel(") < position("pub struct ClusterId("));
    let stamp = code
        .lines()
        .find(|line| line.starts_with("// stamp"))
        .unwrap();
    snapshot(
        "expand_databricks",
        &code.replace(stamp, "// stamp: [STAMP]"),
    );
}

#[test]
fn rustfmt_changes_no_generated_file() {
    let sandbox = Sandbox::new();
    for spec in features().iter().chain([&databricks()]) {
        expand(&sandbox, spec);
        let output = Command::new("rustfmt")
            .args(["--check", "--edition", "2024"])
            .arg(sandbox.path(format!("src/{}.rs", stem(spec))))
            .output()
            .unwrap();
        let changes = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success(), "{}: {changes}", spec.display());
    }
}

/// The macro, `checked_in`, and a module of the file are three ways to the same code.
#[test]
fn strict_lints_accept_every_form_of_the_shipped_client() {
    let lib = format!(
        r#"{LINTS}
/// A client.
pub mod from_macro {{
    api_runtime::api!("databricks_1_2.toml");
}}

/// A client.
pub mod checked_in {{
    api_runtime::api!("databricks_1_2.toml", checked_in = "src/databricks_1_2.rs");
}}

/// A client.
pub mod databricks_1_2;
"#
    );
    let sandbox = Sandbox::package("forms", &lib);
    sandbox.write(
        "databricks_1_2.toml",
        fs::read_to_string(databricks()).unwrap(),
    );
    expand(&sandbox, &sandbox.path("databricks_1_2.toml"));
    let done = sandbox.cargo("clippy");
    assert!(done.code == Some(0), "{done}");
}

#[test]
fn strict_lints_accept_every_feature_in_a_file() {
    let specs = features();
    let modules = specs
        .iter()
        .map(|spec| format!("/// A client.\npub mod {};\n", stem(spec)));
    let lib = format!("{LINTS}{}", modules.collect::<String>());
    let sandbox = Sandbox::package("features", &lib);
    for spec in &specs {
        expand(&sandbox, spec);
    }
    let done = sandbox.cargo("clippy");
    assert!(done.code == Some(0), "{done}");
}

/// A private module may use a part of the client, or nothing of it. Warnings are errors here.
#[test]
fn unused_client_has_no_warnings() {
    let lib = r#"
#![deny(clippy::pedantic)]
#![warn(dead_code, unused, unused_qualifications, unreachable_pub)]

mod unused {
    api_runtime::api!("databricks_1_2.toml", checked_in = "src/databricks_1_2.rs");
}
"#;
    let sandbox = Sandbox::package("unused", lib);
    sandbox.write(
        "databricks_1_2.toml",
        fs::read_to_string(databricks()).unwrap(),
    );
    expand(&sandbox, &sandbox.path("databricks_1_2.toml"));
    let done = sandbox.cargo("clippy");
    assert!(done.code == Some(0), "{done}");
}

/// Users' tests ignore the examples, so they are compiled here.
#[test]
fn examples_compile() {
    let mut lib = String::from("#![allow(unused, missing_docs, clippy::all)]\n");
    let sandbox = Sandbox::new();
    let specs = features().into_iter().chain([databricks()]);
    let mut count = 0;
    for spec in specs {
        let (module, code) = (stem(&spec), expand(&sandbox, &spec));
        let _ = writeln!(lib, "pub mod {module};");
        for example in examples(&code) {
            count += 1;
            let _ = writeln!(
                lib,
                "fn example_{count}(client: api_runtime::Client) -> Result<(), Box<dyn std::error::Error>> {{\n\
                 use {module}::*;\nuse ::api_runtime::Wait;\n{example}Ok(())\n}}"
            );
        }
    }
    assert!(count > 40, "{count}");
    let package = Sandbox::package("examples", "");
    package.write("src/lib.rs", lib);
    for entry in fs::read_dir(sandbox.path("src")).unwrap() {
        let path = entry.unwrap().path();
        package.write(
            Path::new("src").join(path.file_name().unwrap()),
            fs::read(path).unwrap(),
        );
    }
    let manifest = package.read("Cargo.toml");
    let manifest = manifest.replace("[dependencies]", "[dependencies]\nserde_json = \"1\"");
    package.write("Cargo.toml", manifest);
    package.compiles();
}

/// The code blocks of a file that are marked `ignore`.
fn examples(code: &str) -> Vec<String> {
    let mut examples = Vec::new();
    let mut lines = code.lines().map(str::trim_start);
    while let Some(line) = lines.next() {
        if line == "/// ```ignore" {
            let block = lines.by_ref().take_while(|line| *line != "/// ```");
            let block = block.map(|line| line.trim_start_matches("///").to_owned() + "\n");
            examples.push(block.collect());
        }
    }
    examples
}
