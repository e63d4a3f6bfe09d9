//! Progress on standard error.

use crate::support::{Running, Sandbox};
use crate::terminal::{Session, Terminal};

/// Code that blocks until the test creates the file `go`.
const BLOCKING_CODE: &str =
    "import os, time\nwhile not os.path.exists('go'): time.sleep(.005)\nprint('done')";

const RUN: [&str; 6] = ["run", "--local", "-l", "python", "-c", BLOCKING_CODE];

#[test]
fn state_and_elapsed_time_are_drawn_on_a_terminal_and_erased() {
    let sandbox = Sandbox::new();
    let terminal = Terminal::new().variable("DBEXEC_PROGRESS", "auto");
    let arguments = [&RUN[..], &["--timeout", "2h"]].concat();
    let session = Session::start(terminal.command(&sandbox, arguments));
    session.wait_for("\rthe code  Running 0:0");
    session.wait_for(" of 2h\u{1b}[K");
    sandbox.write("go", "");
    let (code, text) = session.finish();
    assert_eq!(code, Some(0), "{text}");
    assert!(text.ends_with("\r\u{1b}[Kdone\n"), "{text:?}");
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
    let terminal = Terminal::new();
    let mut session = Session::start(terminal.command(
        &sandbox,
        [
            "run",
            "--local",
            "-l",
            "python",
            "-c",
            "print('started', flush=True)\nimport time\ntime.sleep(600)",
        ],
    ));
    session.wait_for("started");
    session.press("\u{3}");
    let (code, text) = session.finish();
    assert_eq!(code, Some(130), "{text}");
    let end = "error: interrupted; the code canceled, context destroyed\n";
    assert!(text.ends_with(end), "{text:?}");
    sandbox.wait_for_processes();
}
