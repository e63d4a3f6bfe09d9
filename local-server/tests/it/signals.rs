//! Signals that the server ignores, for example in the background job of a script.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use local_server::Options;
use tempfile::TempDir;

use crate::harness::{Harness, error_of, id, poll};

/// Interpreter that inherits ignored signals.
const PYTHON: &str = "#!/bin/sh\ntrap '' HUP INT QUIT USR1 CHLD TERM\nexec python3 \"$@\"\n";

fn start(language: &str) -> (TempDir, Harness) {
    let folder = tempfile::tempdir().unwrap();
    let program = folder.path().join("python");
    fs::write(&program, PYTHON).unwrap();
    fs::set_permissions(&program, Permissions::from_mode(0o755)).unwrap();
    let harness = Harness::of(language, Options::new().python(program));
    (folder, harness)
}

/// Cancels a command that has created a file.
#[track_caller]
fn assert_is_interrupted(harness: &Harness, language: &str, file: &Path, command: &str) {
    let id = id(&harness.execute_in(language, command));
    poll(|| file.exists().then_some(()));
    harness.cancel(&id);
    let (summary, _) = error_of(&harness.results(&id));
    assert_eq!(summary, "Command Cancelled");
    assert_eq!(harness.context_status().json()["status"], "Running");
}

#[test]
fn python_commands_have_default_signals() {
    let (folder, harness) = start("python");
    let file = folder.path().join("running");
    let command = format!("open({file:?}, 'w').close()\nwhile True: pass");
    assert_is_interrupted(&harness, "python", &file, &command);
    harness.text("import os, signal, subprocess");
    assert_eq!(
        harness.text("[s.name for s in signal.Signals if signal.getsignal(s) == signal.SIG_IGN]"),
        "['SIGPIPE', 'SIGXFSZ']"
    );
    assert_eq!(harness.text("subprocess.run(['false']).returncode"), "1");
    assert_eq!(harness.text("os.system('kill -TERM $$')"), "15");
}

#[test]
fn r_commands_have_default_signals() {
    local_server::interpreters::testing::require_r();
    let (folder, harness) = start("r");
    let file = folder.path().join("running");
    let command = format!("invisible(file.create('{}'))\nrepeat {{}}", file.display());
    assert_is_interrupted(&harness, "r", &file, &command);
    let status = harness.results(&id(&harness.execute_in("r", "cat(system('exit 3'))")));
    assert_eq!(status["data"], "3");
}
