//! The official SDK for Python, in a virtual environment.

use std::fs::{self, File};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use local_server::Server;
use rustix::fs::{FlockOperation, flock};
use serde_json::Value;

/// The newest version whose dependencies every index has.
const PACKAGE: &str = "databricks-sdk==0.156.0";

/// Runs a Python program that reads a plan as JSON from its input, and writes JSON to its output. It trusts
/// the certificate of the server.
///
/// # Panics
///
/// If the program fails, or writes to its standard error, for example a warning.
#[must_use]
pub fn run(program: &str, plan: &Value, server: &Server) -> Value {
    let home = tempfile::tempdir().expect("create a folder");
    let mut command = Command::new(python());
    command.args(["-B", program]).env_clear();
    command.env("HOME", home.path());
    if let Some(certificate) = server.ca_certificate() {
        let file = home.path().join("ca.pem");
        fs::write(&file, certificate).expect("write the certificate");
        command.env("REQUESTS_CA_BUNDLE", file);
    }
    command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = command.spawn().expect("start Python");
    let mut input = child.stdin.take().expect("a pipe");
    let written = input.write_all(plan.to_string().as_bytes());
    drop(input);
    let output = child.wait_with_output().expect("wait for Python");
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{written:?}\n{stderr}");
    assert_eq!(stderr, "", "the SDK warns");
    serde_json::from_slice(&output.stdout).expect("JSON")
}

/// Returns the Python interpreter of the environment, and creates the environment once per machine.
///
/// # Panics
///
/// If the environment cannot be created, for example without network access.
fn python() -> PathBuf {
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
    call(Command::new("python3").args(["-m", "venv"]).arg(venv));
    let options = [
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
    ];
    call(Command::new(python).args(options).arg(PACKAGE));
}

fn call(command: &mut Command) {
    let output = command.output().expect("start Python");
    assert!(
        output.status.success(),
        "cannot install {PACKAGE} with {command:?}:\n{}\nhelp: run the tests once with network access",
        String::from_utf8_lossy(&output.stderr)
    );
}
