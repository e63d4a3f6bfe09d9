//! Packages of a user, outside of the workspace.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

/// A package in a folder of its own that depends on the runtime by its path.
pub(crate) struct Project {
    folder: TempDir,
}

/// How cargo ended.
#[derive(Debug)]
pub(crate) struct Ended {
    pub(crate) success: bool,
    /// What it told, for people.
    pub(crate) text: String,
    /// What it told, for programs: a line of JSON each.
    pub(crate) messages: String,
}

impl Project {
    /// Creates a package without sources that depends on `api-runtime`.
    pub(crate) fn new(name: &str) -> Self {
        Self::depending_on(name, "api-runtime", "runtime")
    }

    /// Creates a package without sources that depends on a package of the workspace.
    pub(crate) fn depending_on(name: &str, dependency: &str, path: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let workspace = workspace();
        let project = Self { folder };
        project.write(
            "Cargo.toml",
            &format!(
                "[package]\nname = {name:?}\nversion = \"0.0.0\"\nedition = \"2024\"\n\n\
                 [dependencies]\n{dependency} = {{ path = \"{}\", default-features = false }}\n\n\
                 [workspace]\n",
                workspace.join(path).display()
            ),
        );
        // The versions that are on this machine already: nothing is fetched.
        fs::copy(workspace.join("Cargo.lock"), project.path("Cargo.lock")).unwrap();
        project
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, text: &str) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// Runs cargo there. All projects share one target folder, so that the runtime is built once.
    pub(crate) fn cargo(&self, arguments: &[&str]) -> Ended {
        self.cargo_with_env(arguments, &[])
    }

    /// Runs cargo with additional environment variables.
    pub(crate) fn cargo_with_env(&self, arguments: &[&str], env: &[(&str, &str)]) -> Ended {
        let target = Path::new(env!("CARGO_TARGET_TMPDIR")).join("projects");
        let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        command
            .args(arguments)
            .arg("--offline")
            .current_dir(self.folder.path());
        // As a user's cargo: without what this one tells its tests.
        for (name, _) in std::env::vars_os() {
            let name_ = name.to_string_lossy();
            let ours = [
                "CARGO_PKG_",
                "CARGO_MANIFEST_",
                "CARGO_ENCODED_",
                "RUSTFLAGS",
                "CLIPPY_",
                "RUSTC_W",
            ];
            if ours.iter().any(|prefix| name_.starts_with(prefix)) {
                command.env_remove(&name);
            }
        }
        command
            .env("CARGO_TARGET_DIR", target)
            .env("CARGO_TERM_COLOR", "never")
            .envs(env.iter().copied());
        let output = command.output().unwrap();
        Ended {
            success: output.status.success(),
            text: String::from_utf8_lossy(&output.stderr).into_owned(),
            messages: String::from_utf8_lossy(&output.stdout).into_owned(),
        }
    }
}

/// The folder of the workspace.
fn workspace() -> PathBuf {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    package.parent().unwrap().to_owned()
}
