//! Progress on standard error.

use crate::pty::Terminal;
use crate::support::{Running, Sandbox};

/// Code that blocks until the test creates the file `go`.
const BLOCKING_CODE: &str =
    "import os, time\nwhile not os.path.exists('go'): time.sleep(.005)\nprint('done')";

const RUN: [&str; 6] = ["run", "--local", "-l", "python", "-c", BLOCKING_CODE];

#[test]
fn state_and_elapsed_time_are_drawn_on_a_terminal_and_erased() {
    let sandbox = Sandbox::new();
    let terminal = Terminal::new().variable("DBEXEC_PROGRESS", "auto");
    let arguments = [&RUN[..], &["--timeout", "2h"]].concat();
    let session = terminal.start(&sandbox, arguments);
    session.wait_for_screen("progress", |screen| {
        screen.starts_with("the code  Running 0:0") && screen.ends_with(" of 2h")
    });
    sandbox.write("go", "");
    let end = session.finish();
    assert_eq!((end.code(), &*end.text), (Some(0), "done"), "{end}");
}

#[test]
fn dumb_terminals_receive_lines() {
    let sandbox = Sandbox::new();
    let terminal = Terminal::new()
        .variable("DBEXEC_PROGRESS", "auto")
        .variable("TERM", "dumb");
    let session = terminal.start(&sandbox, RUN);
    session.wait_for("the code  Running");
    sandbox.write("go", "");
    let end = session.finish();
    assert_eq!(end.code(), Some(0), "{end}");
    assert!(!end.text.contains('\u{1b}'), "{end}");
}

#[test]
fn names_of_files_are_displayed_in_one_line() {
    let sandbox = Sandbox::new();
    sandbox.write("a\nb.py", BLOCKING_CODE);
    let mut command = sandbox.command(["run", "--local", "a\nb.py"]);
    command.env("DBEXEC_PROGRESS", "auto");
    let mut running = Running::start(command);
    while running.stderr_line() != "a b.py  Running\n" {}
    sandbox.write("go", "");
    running.finish().assert(0, "done\n", "");
}

#[test]
fn state_is_a_line_without_a_terminal() {
    let sandbox = Sandbox::new();
    let mut command = sandbox.command(RUN);
    command.env("DBEXEC_PROGRESS", "auto");
    let mut running = Running::start(command);
    // The first lines may be about the context.
    while running.stderr_line() != "the code  Running\n" {}
    sandbox.write("go", "");
    running.finish().assert(0, "done\n", "");
}

#[test]
fn no_progress_is_printed_if_it_is_disabled() {
    let sandbox = Sandbox::new();
    sandbox.write("go", "");
    let slow = "import time\ntime.sleep(1.5)";
    sandbox
        .run([
            "run",
            "--local",
            "-l",
            "python",
            "-c",
            slow,
            "--progress",
            "none",
        ])
        .assert(0, "", "");
}

#[test]
fn ctrl_c_cancels_the_code() {
    let sandbox = Sandbox::new();
    let mut session = Terminal::new().start(
        &sandbox,
        [
            "run",
            "--local",
            "-l",
            "python",
            "-c",
            "print('started', flush=True)\nimport time\ntime.sleep(600)",
        ],
    );
    session.wait_for("started");
    session.press("\u{3}");
    let end = session.finish();
    assert_eq!(end.signal(), Some(2), "{end}");
    let last = "interrupted: command cancelled, context destroyed";
    assert!(end.text.ends_with(last), "{end}");
    sandbox.wait_for_processes();
}
