//! Cancellation of R commands.

use std::time::Duration;

use local_server::Options;

use super::{R, start, start_with};
use crate::harness::{error_of, poll};

/// Submits a command, and cancels it when it is running.
fn cancel(harness: &R, command: &str) -> serde_json::Value {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("running");
    let id = harness.submit(&format!(
        "invisible(file.create('{}'))\n{command}",
        file.display()
    ));
    poll(|| file.exists().then_some(()));
    assert_eq!(harness.cancel(&id).status, 200);
    harness.results(&id)
}

#[test]
fn running_command_is_interrupted() {
    let harness = start();
    harness.text("x <- 1");
    for command in [
        "repeat {}",
        "Sys.sleep(1000)",
        "system('sleep 1000')",
        "while (TRUE) x <- sort(runif(1e5))",
        "for (i in 1:2) tryCatch(Sys.sleep(1000), interrupt = function(i) NULL); Sys.sleep(1000)",
    ] {
        let (summary, cause) = error_of(&cancel(&harness, command));
        assert_eq!(summary, "Command Cancelled", "{command}");
        assert!(cause.contains("CommandCancelledException"), "{cause}");
        assert_eq!(harness.text("Sys.sleep(0); 1"), "[1] 1", "{command}");
    }
    harness.text("x");
}

#[test]
fn code_that_handles_the_interrupt_succeeds() {
    let harness = start();
    let command = "tryCatch(Sys.sleep(1000), interrupt = function(i) cat('tidied up\\n'))";
    assert_eq!(cancel(&harness, command)["data"], "tidied up");
    let command = "tryCatch(Sys.sleep(1000), interrupt = function(i) stop('other'))";
    let (summary, cause) = error_of(&cancel(&harness, command));
    assert_eq!(summary, "Command Cancelled");
    assert!(cause.contains(" : other\n"), "{cause}");
}

#[test]
fn code_that_does_not_end_is_killed() {
    let harness = start_with(Options::new().cancel_grace(Duration::from_millis(100)));
    let (summary, cause) = error_of(&cancel(&harness, "suspendInterrupts(repeat {})"));
    assert_eq!(summary, "Command Cancelled");
    assert!(cause.contains("did not end within 0.1 seconds"), "{cause}");
    harness.await_context("Error");
}
