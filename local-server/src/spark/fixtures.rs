//! Fixtures of the tests of this module.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::{Distribution, Installation, Java, Source};

/// A temporary folder, and its path without symbolic links.
pub(super) fn folder() -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().canonicalize().unwrap();
    (folder, path)
}

/// Creates empty files in a folder.
pub(super) fn create(folder: &Path, files: &[&str]) {
    for file in files {
        let path = folder.join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, "").unwrap();
    }
}

/// Creates a program of the shell.
///
/// It is written by another process: a program cannot be executed while a process that another thread
/// has just forked holds its file open for writing.
pub(super) fn program(path: &Path, script: &str) {
    const WRITE: &str =
        r#"mkdir -p "${1%/*}"; printf '#!/bin/sh\n%s\n' "$2" > "$1"; chmod +x "$1""#;
    let mut command = Command::new("sh");
    command.args(["-c", WRITE, "sh"]).arg(path).arg(script);
    assert!(command.status().unwrap().success());
}

/// An installation of Spark 4.3.0 in `/spark` with a Java.
pub(super) fn installation(java: &Path, version: u32) -> Installation {
    Installation {
        spark: Distribution {
            home: PathBuf::from("/spark"),
            version: "4.3.0".to_owned(),
            scala: "2.13".to_owned(),
            python_path: ["/spark/python", "/spark/py4j.zip"]
                .map(PathBuf::from)
                .into(),
            source: Source::Cache,
        },
        java: Java {
            program: java.to_owned(),
            version,
            source: Source::Option,
        },
    }
}
