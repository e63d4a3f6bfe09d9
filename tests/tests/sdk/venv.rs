//! A Python environment with the official SDK.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;

use rustix::fs::{FlockOperation, flock};

/// The newest version whose dependencies every index has.
const PACKAGE: &str = "databricks-sdk==0.156.0";

/// Returns the Python interpreter of the environment, and creates the environment once per machine.
///
/// # Panics
///
/// If the environment cannot be created, for example without network access.
pub(crate) fn python() -> PathBuf {
    let cache = std::env::var_os("XDG_CACHE_HOME").map(PathBuf::from);
    let home = || Some(PathBuf::from(std::env::var_os("HOME")?).join(".cache"));
    let cache = cache.or_else(home).unwrap_or_else(std::env::temp_dir);
    let folder = cache.join("rest-client").join(PACKAGE.replace("==", "-"));
    fs::create_dir_all(&folder).expect("create the cache folder");
    let lock = File::create(folder.join("lock")).expect("create the lock file");
    flock(&lock, FlockOperation::LockExclusive).expect("lock the cache folder");

    let venv = folder.join("venv");
    let python = venv.join("bin/python");
    // Written last, so that an interrupted installation is repeated.
    let complete = folder.join("complete");
    if !complete.exists() {
        let _ = fs::remove_dir_all(&venv);
        install(&venv, &python);
        fs::write(&complete, PACKAGE).expect("mark the environment as complete");
    }
    python
}

fn install(venv: &Path, python: &Path) {
    run(Command::new("python3").args(["-m", "venv"]).arg(venv));
    let options = [
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
    ];
    run(Command::new(python).args(options).arg(PACKAGE));
}

fn run(command: &mut Command) {
    let output = command.output().expect("start Python");
    assert!(
        output.status.success(),
        "cannot install {PACKAGE} with {command:?}:\n{}\nhelp: run the tests once with network access",
        String::from_utf8_lossy(&output.stderr)
    );
}
