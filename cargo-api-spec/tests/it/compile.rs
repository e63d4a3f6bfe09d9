//! Packages that depend on the runtime of the workspace, compiled by cargo.

use std::path::Path;
use std::process::Command;

use crate::support::{Done, Sandbox};

/// Returns the folder of the workspace.
fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}

impl Sandbox {
    /// Creates a package with this library. Warnings are errors.
    ///
    /// Each test needs a different package name, as all share one target folder.
    pub(crate) fn package(name: &str, lib: &str) -> Self {
        let sandbox = Self::new();
        let runtime = root().join("runtime").display().to_string();
        let manifest = format!(
            "[package]\nname = \"{name}\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n\
             [dependencies]\napi-runtime = {{ path = {runtime:?}, default-features = false }}\n\n\
             [workspace]\n"
        );
        sandbox.write("Cargo.toml", manifest);
        let lock = std::fs::read_to_string(root().join("Cargo.lock"));
        sandbox.write("Cargo.lock", lock.unwrap_or_default());
        sandbox.lib(lib)
    }

    /// Replaces the library of the package.
    pub(crate) fn lib(self, lib: &str) -> Self {
        let lib = format!("#![deny(warnings, missing_docs, clippy::all)]\n//! A user.\n\n{lib}");
        self.write("src/lib.rs", lib);
        self
    }

    /// Runs cargo in the package. All packages share one target folder.
    pub(crate) fn cargo(&self, command: &str) -> Done {
        let mut cargo = Command::new(env!("CARGO"));
        cargo
            .args(command.split(' '))
            .args(["--quiet", "--offline", "--color", "never"])
            .env(
                "CARGO_TARGET_DIR",
                concat!(env!("CARGO_TARGET_TMPDIR"), "/packages"),
            )
            .env_remove("RUSTFLAGS");
        self.finish("", cargo)
    }

    #[track_caller]
    pub(crate) fn compiles(&self) {
        let done = self.cargo("check");
        assert!(done.code == Some(0), "{done}");
    }
}

#[test]
fn change_of_included_file_rebuilds_the_crate() {
    let sandbox = Sandbox::package(
        "included",
        r#"
/// A client.
pub mod clock {
    api_runtime::api!("specs/clock.toml");
}
"#,
    );
    let main = format!("include = [\"zones.toml\"]\n{}", crate::support::CLOCK);
    let zones = "[endpoints.zones.list]\ndoc = \"Lists zones.\"\nhttp = \"GET /zones\"\n";
    sandbox.write("specs/clock.toml", main);
    sandbox.write("specs/zones.toml", zones);
    sandbox.compiles();
    sandbox.write("specs/zones.toml", zones.replace("GET", "GTE"));
    let done = sandbox.cargo("check");
    assert!(done.stderr.contains("zones.toml:3:9"), "{done}");
    sandbox.write("specs/zones.toml", zones);
    sandbox.compiles();
}
