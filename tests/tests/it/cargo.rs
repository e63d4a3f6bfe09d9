//! Packages outside of the workspace, like those of users.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

/// A package in a temporary directory with a path dependency on the runtime.
pub(crate) struct Project {
    directory: TempDir,
}

/// Output of cargo.
#[derive(Debug)]
pub(crate) struct CargoOutput {
    pub(crate) success: bool,
    /// stderr.
    pub(crate) text: String,
    /// stdout, for example JSON messages.
    pub(crate) messages: String,
}

impl Project {
    /// Creates a package without sources that depends on `api-runtime`.
    pub(crate) fn new(name: &str) -> Self {
        Self::depending_on(name, "api-runtime", "runtime")
    }

    /// Creates a package without sources that depends on a package of the workspace.
    pub(crate) fn depending_on(name: &str, dependency: &str, path: &str) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let workspace = workspace();
        let project = Self { directory };
        project.write(
            "Cargo.toml",
            &format!(
                "[package]\nname = {name:?}\nversion = \"0.0.0\"\nedition = \"2024\"\n\n\
                 [dependencies]\n{dependency} = {{ path = \"{}\", default-features = false }}\n\n\
                 [workspace]\n",
                workspace.join(path).display()
            ),
        );
        // The locked versions are already downloaded, so that cargo works offline.
        fs::copy(workspace.join("Cargo.lock"), project.path("Cargo.lock")).unwrap();
        project
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, text: &str) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// Returns the path of a page that `cargo doc` has written.
    pub(crate) fn doc_page(page: &str) -> PathBuf {
        target().join("doc").join(page)
    }

    /// Runs cargo in the package. All packages share a target directory, so that the runtime is compiled
    /// once.
    pub(crate) fn cargo(&self, arguments: &[&str]) -> CargoOutput {
        self.cargo_with_env(arguments, &[])
    }

    /// Runs cargo with additional environment variables.
    pub(crate) fn cargo_with_env(&self, arguments: &[&str], env: &[(&str, &str)]) -> CargoOutput {
        let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        command
            .args(arguments)
            .arg("--offline")
            .current_dir(self.directory.path());
        // Variables that the outer cargo sets for tests would change the build.
        for (name, _) in std::env::vars_os() {
            let lossy_name = name.to_string_lossy();
            let prefixes = [
                "CARGO_PKG_",
                "CARGO_MANIFEST_",
                "CARGO_ENCODED_",
                "RUSTFLAGS",
                "CLIPPY_",
                "RUSTC_W",
            ];
            if prefixes.iter().any(|prefix| lossy_name.starts_with(prefix)) {
                command.env_remove(&name);
            }
        }
        command
            .env("CARGO_TARGET_DIR", target())
            .env("CARGO_TERM_COLOR", "never")
            .envs(env.iter().copied());
        let output = command.output().unwrap();
        CargoOutput {
            success: output.status.success(),
            text: String::from_utf8_lossy(&output.stderr).into_owned(),
            messages: String::from_utf8_lossy(&output.stdout).into_owned(),
        }
    }
}

fn target() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("projects")
}

/// Returns the directory of the workspace.
fn workspace() -> PathBuf {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    package.parent().unwrap().to_owned()
}
