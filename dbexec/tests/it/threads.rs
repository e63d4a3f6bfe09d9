//! A system that provides no threads.

use crate::journal::write_entry;
use crate::pty::Terminal;
use crate::support::{Running, Sandbox};

/// Size of the stacks of threads, which no system provides.
const STACK: (&str, &str) = ("RUST_MIN_STACK", "1125899906842624");

const NOWHERE: &str = "http://127.0.0.1:9";

#[test]
fn missing_threads_are_errors() {
    let sandbox = Sandbox::new();
    sandbox.write("a.txt", "a");
    for number in 0..3 {
        write_entry(&sandbox, NOWHERE, &format!("context-{number}"), true);
    }
    let workspace = ["--host", NOWHERE, "--token", "t"];
    for command in [
        &["run", "--cluster", "c", "-l", "python", "-c", "1"][..],
        &["repl", "--cluster", "c"],
        &["call", "clusters.list"],
        &["cluster", "list"],
        &["fs", "cp", "-", "dbfs:/a"],
        &["fs", "cp", "a.txt", "dbfs:/a"],
        &["ps"],
        &["clean"],
        &["doctor"],
    ] {
        let mut command = sandbox.command([command, &workspace].concat());
        command.env(STACK.0, STACK.1);
        let outcome = Running::with_input(command, b"1").finish();
        // 101 is the exit code of a panic.
        assert!(matches!(outcome.code, Some(0 | 2 | 3)), "{outcome}");
        assert!(!outcome.stderr.contains("panicked"), "{outcome}");
    }
    let mut command = sandbox.command(["serve", "--port", "0"]);
    command.env(STACK.0, STACK.1);
    let outcome = Running::start(command).finish();
    outcome.assert_starts_with(3, "", "error: ");
}

#[test]
fn missing_thread_of_a_hidden_prompt_is_an_error() {
    let sandbox = Sandbox::new();
    let terminal = Terminal::new().variable(STACK.0, STACK.1);
    let outcome = terminal.run(&sandbox, ["config", "init", "--host", NOWHERE]);
    assert_eq!(outcome.code, Some(2), "{outcome}");
    assert!(
        outcome.stdout.contains("cannot read from the terminal: "),
        "{outcome}"
    );
}
