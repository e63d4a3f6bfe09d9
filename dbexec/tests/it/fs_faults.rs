//! `dbexec fs` with lost responses, signals and timeouts, and its progress.

use std::fs;

use rustix::process::Signal;

use crate::fs::{MIB, Workspace, large};
use crate::fs_service::{FsService, Reaction};
use crate::pty::{Session, Terminal};
use crate::support::{DBEXEC, Running, Sandbox, ServeProcess, TOKEN, until};

/// Starts `dbexec fs` for a service.
fn start(sandbox: &Sandbox, service: &FsService, arguments: &[&str]) -> Running {
    let url = service.url();
    let workspace = ["--host", &url, "--token", TOKEN];
    sandbox.start([&["fs"], arguments, &workspace].concat())
}

fn respond(_: &str, _: usize) -> Reaction {
    Reaction::Respond
}

#[test]
fn lost_block_starts_the_upload_over_and_is_reported() {
    let sandbox = Sandbox::new();
    sandbox.write("a", large());
    let service = FsService::start(|endpoint, before| match (endpoint, before) {
        ("add-block", 1) => Reaction::Lose,
        _ => Reaction::Respond,
    });
    start(&sandbox, &service, &["cp", "a", "dbfs:/a"])
        .finish()
        .assert(
            0,
            "",
            "note: the upload to `dbfs:/a` starts over after a failed request\n",
        );
    assert!(service.contents("/a") == Some(large()));
    assert_eq!(service.count("add-block"), 5);

    // Standard input cannot be read again.
    let service = FsService::start(|endpoint, _| match endpoint {
        "add-block" => Reaction::Lose,
        _ => Reaction::Respond,
    });
    let url = service.url();
    let arguments = ["fs", "cp", "-", "dbfs:/a", "--host", &url, "--token", TOKEN];
    let outcome = Running::with_input(sandbox.command(arguments), b"x").finish();
    let message = "error: cannot copy `-` to `dbfs:/a`: dbfs.add_block: ";
    let help = "\nhelp: copy a file instead of a pipe, which can be read once\n";
    assert!(
        outcome.code == Some(3)
            && outcome.stderr.starts_with(message)
            && outcome.stderr.ends_with(help),
        "{outcome}"
    );
    assert_eq!(service.contents("/a"), None);
}

#[test]
fn faults_of_the_server_damage_no_file() {
    let mut successes = 0;
    for seed in ["1", "2", "3", "4"] {
        let sandbox = Sandbox::new();
        sandbox.write("a", large());
        fs::create_dir(sandbox.path("dbfs")).unwrap();
        let options = [
            "--dbfs",
            "dbfs",
            "--fault-seed",
            seed,
            "--fault",
            "reset-after:0.1",
            "--fault",
            "503-before:0.1",
        ];
        let serve = ServeProcess::with(&sandbox, &options);
        let workspace = Workspace { sandbox, serve };
        let sandbox = &workspace.sandbox;
        let outcome = workspace.run(&["cp", "a", "dbfs:/b"]);
        let stored = fs::read(sandbox.path("dbfs/b")).ok();
        if outcome.code == Some(0) {
            assert!(stored == Some(large()), "{outcome}");
            successes += 1;
            workspace.quiet(&["cp", "dbfs:/b", "c"]);
            assert!(fs::read(sandbox.path("c")).unwrap() == large());
        } else {
            let is_named = outcome.stderr.contains("may remain at");
            assert!(stored.is_none() || is_named, "{outcome}");
        }
    }
    assert!(successes > 0);
}

#[test]
fn interrupted_upload_is_removed() {
    let sandbox = Sandbox::new();
    sandbox.write("a", large());
    let service = FsService::start(|endpoint, before| match (endpoint, before) {
        ("add-block", 1) => Reaction::Hold,
        _ => Reaction::Respond,
    });
    let running = start(&sandbox, &service, &["cp", "a", "dbfs:/a"]);
    service.wait_for("add-block", 2);
    running.signal(Signal::INT);
    let outcome = running.finish();
    outcome.assert_starts_with(
        130,
        "",
        "cleaning up; Ctrl-C again leaves at once\ninterrupted: ",
    );
    assert!(!outcome.stderr.contains("may remain"), "{outcome}");
    let note = "\nnote: `a` was not copied to `dbfs:/a`\n";
    assert!(outcome.stderr.ends_with(note), "{outcome}");
    assert_eq!((service.count("close"), service.count("delete")), (1, 1));
    assert_eq!(service.contents("/a"), None);
}

#[test]
fn second_signal_names_what_may_remain() {
    let sandbox = Sandbox::new();
    sandbox.write("a", large());
    let service = FsService::start(|endpoint, _| match endpoint {
        "add-block" | "close" => Reaction::Hold,
        _ => Reaction::Respond,
    });
    let mut running = start(&sandbox, &service, &["cp", "a", "dbfs:/a"]);
    service.wait_for("add-block", 1);
    running.signal(Signal::TERM);
    assert!(running.stderr_line().starts_with("cleaning up;"));
    service.wait_for("close", 1);
    running.signal(Signal::TERM);
    running.finish().assert(
        143,
        "",
        "warning: a part of the file may remain at `dbfs:/a`\n",
    );
}

#[test]
fn interrupt_ends_a_read_of_standard_input() {
    let sandbox = Sandbox::new();
    let service = FsService::start(respond);
    let url = service.url();
    let arguments = ["fs", "cp", "-", "dbfs:/a", "--host", &url, "--token", TOKEN];
    let mut command = sandbox.command(arguments);
    // The writer of the pipe is open and writes nothing.
    let (reader, _writer) = std::io::pipe().unwrap();
    command.stdin(reader);
    let running = Running::start(command);
    service.wait_for("create", 1);
    running.signal(Signal::INT);
    let outcome = running.finish();
    assert_eq!(outcome.code, Some(130), "{outcome}");
    assert_eq!(service.contents("/a"), None);
}

#[test]
fn interrupted_download_leaves_no_file() {
    let sandbox = Sandbox::new();
    let service = FsService::start(|endpoint, before| match (endpoint, before) {
        ("read", 1) => Reaction::Hold,
        _ => Reaction::Respond,
    });
    service.write("/a", &large());
    let running = start(&sandbox, &service, &["cp", "dbfs:/a", "a"]);
    service.wait_for("read", 2);
    let files = || fs::read_dir(sandbox.path("")).unwrap().count();
    assert_eq!(files(), 1);
    running.signal(Signal::INT);
    let outcome = running.finish();
    assert_eq!(outcome.code, Some(130), "{outcome}");
    assert_eq!(files(), 0);
}

#[test]
fn closed_standard_output_ends_the_process_quietly() {
    let sandbox = Sandbox::new();
    let service = FsService::start(respond);
    service.write("/a", &large());
    let script =
        r#""$0" fs cat dbfs:/a --host "$1" --token t | head -c 1; echo "${PIPESTATUS[0]}""#;
    let arguments = ["-c", script, DBEXEC, &service.url()];
    let mut command = sandbox.program("bash", arguments);
    command.env("DBEXEC_PROGRESS", "auto");
    Running::start(command).finish().assert(0, "\u{0}141\n", "");
}

#[test]
fn timeout_names_its_option() {
    let sandbox = Sandbox::new();
    sandbox.write("a", large());
    let service = FsService::start(|endpoint, before| match (endpoint, before) {
        ("add-block", 0) => Reaction::Hold,
        _ => Reaction::Respond,
    });
    let arguments = ["cp", "a", "dbfs:/a", "--timeout", "3"];
    let outcome = start(&sandbox, &service, &arguments).finish();
    outcome.assert_starts_with(4, "", "error: timed out after 3 s (--timeout)\nnote: ");
    assert_eq!(service.contents("/a"), None);
}

#[test]
fn memory_does_not_depend_on_the_size_of_the_file() {
    let sandbox = Sandbox::new();
    let file = fs::File::create(sandbox.path("a")).unwrap();
    file.set_len(100 * MIB as u64).unwrap();
    // The peak is read before the process ends.
    let service = FsService::start(|endpoint, _| match endpoint {
        "close" => Reaction::Hold,
        _ => Reaction::Respond,
    });
    let upload = start(&sandbox, &service, &["cp", "a", "dbfs:/a"]);
    service.wait_for("close", 1);
    let peak = upload.peak_memory();
    assert!(peak < 50 * MIB as u64, "{peak}");
}

/// Starts an upload of 2 MiB on a terminal. The second block is held back.
fn start_on<'s>(
    terminal: &Terminal,
    sandbox: &'s Sandbox,
    service: &FsService,
    options: &[&str],
) -> Session<'s> {
    sandbox.write("big.csv", vec![b'x'; 2 * MIB]);
    let url = service.url();
    let workspace = ["--host", &url, "--token", TOKEN];
    let arguments = ["fs", "cp", "big.csv", "dbfs:/in/big.csv"];
    terminal.start(sandbox, [&arguments[..], options, &workspace].concat())
}

fn service_that_holds_the_second_block() -> FsService {
    FsService::start(|endpoint, before| match (endpoint, before) {
        ("add-block", 1) => Reaction::Hold,
        _ => Reaction::Respond,
    })
}

#[test]
fn progress_is_drawn_on_a_terminal_and_erased() {
    let (sandbox, service) = (Sandbox::new(), service_that_holds_the_second_block());
    let session = start_on(
        &Terminal::new(),
        &sandbox,
        &service,
        &["--progress", "auto"],
    );
    session.wait_for_screen("progress", |screen| {
        screen.starts_with("big.csv [#####-----] 1.0/2.0 MiB  ") && screen.contains("/s")
    });
    service.release();
    let end = session.finish();
    assert_eq!((end.code(), &*end.screen), (Some(0), ""), "{end}");
    until("the file is complete", || {
        service.contents("/in/big.csv").is_some()
    });
}

#[test]
fn progress_is_redrawn_in_the_width_of_the_terminal() {
    let (sandbox, service) = (Sandbox::new(), service_that_holds_the_second_block());
    let terminal = Terminal::new().size(30, 24).variable("NO_COLOR", "1");
    let session = start_on(&terminal, &sandbox, &service, &["--progress", "auto"]);
    // One column is free, so that the terminal does not wrap the line.
    session.wait_for_screen("line without a bar", |screen| {
        screen == "big.csv 1.0/2.0 MiB"
    });
    session.resize(80, 24);
    session.wait_for_screen("whole line", |screen| {
        screen.starts_with("big.csv [#####-----] 1.0/2.0 MiB  ") && screen.contains("eta ")
    });
    session.resize(12, 24);
    session.wait_for_screen("amount", |screen| screen == "1.0/2.0 MiB");
    session.resize(10, 24);
    session.wait_for_screen("percentage", |screen| screen == "50%");
    service.release();
    let end = session.finish();
    assert_eq!((end.code(), &*end.text), (Some(0), ""), "{end}");
    let other = end.received.replace("\u{1b}[K", "");
    assert!(!other.contains(['\u{1b}', '\n']), "{end}");
}

#[test]
fn taskbar_displays_the_transferred_part() {
    let (sandbox, service) = (Sandbox::new(), service_that_holds_the_second_block());
    let terminal = Terminal::new().variable("TERM_PROGRAM", "ghostty");
    let session = start_on(&terminal, &sandbox, &service, &["--progress", "auto"]);
    session.wait_for_received("\u{1b}]9;4;1;50\u{1b}\\");
    service.release();
    let end = session.finish();
    assert!(end.received.ends_with("\u{1b}]9;4;0;\u{1b}\\"), "{end}");
}

#[test]
fn interrupted_upload_leaves_no_progress_on_the_terminal() {
    let (sandbox, service) = (Sandbox::new(), service_that_holds_the_second_block());
    let mut session = start_on(
        &Terminal::new(),
        &sandbox,
        &service,
        &["--progress", "auto"],
    );
    session.wait_for("big.csv [#####-----] 1.0/2.0 MiB  ");
    session.press("\u{3}");
    let end = session.finish();
    assert_eq!(end.signal(), Some(2), "{end}");
    assert!(!end.screen.contains("[####"), "{end}");
    assert!(end.text.contains("interrupted: "), "{end}");
    assert_eq!(service.contents("/in/big.csv"), None);
}

#[test]
fn progress_is_a_line_without_a_terminal() {
    let sandbox = Sandbox::new();
    sandbox.write("big.csv", vec![b'x'; 2 * MIB]);
    let service = FsService::start(|endpoint, before| match (endpoint, before) {
        ("add-block", 1) => Reaction::Hold,
        _ => Reaction::Respond,
    });
    let arguments = ["cp", "big.csv", "dbfs:/in/big.csv", "--progress", "auto"];
    let mut running = start(&sandbox, &service, &arguments);
    assert_eq!(running.stderr_line(), "big.csv  Uploading\n");
    service.release();
    running.finish().assert(0, "", "");
}
