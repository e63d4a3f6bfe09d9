//! Threads that are started by functions that panic if the operating system provides none.

use std::fs;
use std::path::{Path, PathBuf};

/// Packages whose code runs in programs of users.
const PACKAGES: [&str; 8] = [
    "api-spec",
    "cargo-api-spec",
    "dbexec",
    "dynamic",
    "generated-client",
    "local-server",
    "macros",
    "runtime",
];

/// Calls that panic. `thread::Builder` returns an error.
const CALLS: [&str; 3] = ["thread::spawn(", "scope.spawn(", "spawn_blocking("];

#[test]
fn start_of_a_thread_never_panics() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut files = Vec::new();
    for package in PACKAGES {
        add_files(&root.join(package).join("src"), &mut files);
    }
    assert!(files.len() > 500, "{} files", files.len());
    let calls: Vec<_> = files
        .iter()
        .flat_map(|path| calls(&fs::read_to_string(path).unwrap(), path))
        .collect();
    assert!(calls.is_empty(), "{}", calls.join("\n"));
}

#[test]
fn calls_outside_of_tests_and_comments_are_found() {
    let text = "/// thread::spawn(|| {});\nfn f() {\n    thread::spawn(|| {});\n}\n\n#[cfg(test)]\nmod tests {\n    \
                thread::spawn(|| {});\n}\n";
    assert_eq!(calls(text, Path::new("a.rs")), ["a.rs:3"]);
}

/// Adds the files of a folder that contain more than tests.
fn add_files(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let is_for_tests = path.file_stem().is_some_and(|name| name == "tests");
        if path.is_dir() && !is_for_tests {
            add_files(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") && !is_for_tests {
            files.push(path);
        }
    }
}

fn calls(text: &str, path: &Path) -> Vec<String> {
    let code = text.split("#[cfg(test)]\nmod ").next().unwrap_or_default();
    let is_call = |line: &str| {
        !line.trim_start().starts_with("//") && CALLS.iter().any(|call| line.contains(call))
    };
    (1..)
        .zip(code.lines())
        .filter(|(_, line)| is_call(line))
        .map(|(number, _)| format!("{}:{number}", path.display()))
        .collect()
}
