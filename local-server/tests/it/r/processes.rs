//! Processes and files of R contexts.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use local_server::{Options, Server};
use serde_json::json;

use super::{start, start_with};
use crate::harness::{CLUSTER, Harness, id, is_alive, post};

#[test]
fn destroy_kills_all_processes_and_removes_temporary_files() {
    let harness = start();
    let ids = harness.text("cat(Sys.getpid(), ''); system('sleep 1000 & echo $!')");
    let ids: Vec<i32> = ids
        .split_whitespace()
        .map(|id| id.parse().unwrap())
        .collect();
    let folder = harness.text("file.create(tempfile()) -> x; cat(tempdir())");
    let folder = PathBuf::from(folder);
    assert!(folder.exists());
    assert!(
        ids.len() == 2 && ids.iter().all(|&id| is_alive(id)),
        "{ids:?}"
    );
    assert_eq!(harness.destroy().status, 200);
    assert!(!ids.iter().any(|&id| is_alive(id)), "{ids:?}");
    assert!(!folder.exists() && !folder.parent().unwrap().exists());
}

#[test]
fn environment_is_that_of_the_server() {
    let harness = start();
    let inherited = std::env::var("TMPDIR").unwrap_or_default();
    assert_eq!(harness.text("cat(Sys.getenv('TMPDIR'))"), inherited);
    let hidden = harness.text("cat(grep('LOCAL_SERVER', names(Sys.getenv()), value = TRUE))");
    assert_eq!(hidden, "");
}

/// Writes a script that is used in place of R.
fn script(folder: &Path, commands: &str) -> PathBuf {
    let path = folder.join("R");
    fs::write(&path, format!("#!/bin/sh\n{commands}\n")).unwrap();
    fs::set_permissions(&path, Permissions::from_mode(0o755)).unwrap();
    path
}

#[test]
fn texts_are_utf8_in_every_locale() {
    let folder = tempfile::tempdir().unwrap();
    let program = script(folder.path(), "LC_ALL=C exec R \"$@\"");
    let harness = start_with(Options::new().r(program));
    assert_eq!(harness.text("x <- 'é日本😀'; x"), "[1] \"é日本😀\"");
    assert_eq!(harness.text("nchar(x)"), "[1] 4");
    assert_eq!(harness.failure("stop(x)").0, "Error: é日本😀");
    assert_eq!(harness.text("system('echo $LC_ALL')"), "C");
}

#[test]
fn program_that_does_not_start_is_reported_with_its_output() {
    let folder = tempfile::tempdir().unwrap();
    let program = script(folder.path(), "echo broken; exit 3");
    let server = Server::start(Options::new().r(program)).unwrap();
    let body = json!({"clusterId": CLUSTER, "language": "r"});
    let context = id(&post(&server, "/api/1.2/contexts/create", &body));
    let harness = Harness { server, context };
    harness.await_context("Error");
    let error = harness.execute_in("r", "1").error();
    assert!(error.contains("exit code 3."), "{error}");
    assert!(error.ends_with("Last output:\nbroken"), "{error}");
}

#[test]
fn exit_of_the_process_is_reported() {
    let harness = start();
    let (summary, cause) = harness.failure("cat('last words\\n'); tools::pskill(Sys.getpid(), 9)");
    assert_eq!(summary, "Fatal error: The R kernel is unresponsive.");
    assert!(
        cause.contains("exit code 137 (signal 9, SIGKILL)"),
        "{cause}"
    );
    assert!(cause.ends_with("Last output:\nlast words"), "{cause}");
    harness.await_context("Error");
}

#[test]
fn forked_process_does_not_send_results() {
    let harness = start();
    let command = "library(parallel)\nx <- mclapply(1:3, function(i) i^2)\nsum(unlist(x))";
    assert_eq!(harness.text(command), "[1] 14");
    let command = "if (inherits(parallel:::mcfork(), 'masterProcess')) cat('child\\n')";
    harness.text(command);
    assert_eq!(harness.text("'second'"), "[1] \"second\"");
    assert_eq!(harness.text("'third'"), "[1] \"third\"");
}

#[test]
fn missing_r_is_reported_before_a_context_is_created() {
    let server = Server::start(Options::new().r("/nowhere/R")).unwrap();
    let body = json!({"clusterId": CLUSTER, "language": "r"});
    let response = post(&server, "/api/1.2/contexts/create", &body);
    assert_eq!(response.status, 400);
    let error = response.error();
    assert!(
        error.contains("cannot run r: there is no R at `/nowhere/R`; install"),
        "{error}"
    );
    assert_eq!(server.contexts(), 0);
}

#[test]
fn commands_in_other_languages_are_rejected() {
    let harness = start();
    for language in ["python", "sql", "scala"] {
        let body = json!({
            "clusterId": CLUSTER, "contextId": harness.context, "language": language,
            "command": "1",
        });
        let response = harness.post("/api/1.2/commands/execute", &body);
        assert_eq!(response.status, 400);
        let error = response.error();
        assert!(
            error.contains(&format!("create a context of the language {language}")),
            "{error}"
        );
    }
}
