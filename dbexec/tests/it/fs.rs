//! `dbexec fs`: files of DBFS.

use std::fs;

use rustix::process::Signal;

use crate::fs_service::{FsService, Reaction};
use crate::pty::Terminal;
use crate::support::{DBEXEC, Outcome, Running, Sandbox, ServeProcess, TOKEN, until};

const MIB: usize = 1 << 20;

/// A local server, and `dbexec fs` for it.
struct Workspace {
    sandbox: Sandbox,
    serve: ServeProcess,
}

impl Workspace {
    fn start() -> Self {
        let sandbox = Sandbox::new();
        let serve = ServeProcess::start(&sandbox);
        Self { sandbox, serve }
    }

    fn arguments<'a>(&'a self, arguments: &[&'a str]) -> Vec<&'a str> {
        let workspace = ["--host", &self.serve.url, "--token", "secret"];
        [&["fs"], arguments, &workspace].concat()
    }

    fn run(&self, arguments: &[&str]) -> Outcome {
        self.sandbox.run(self.arguments(arguments))
    }

    /// Runs a command that prints nothing.
    #[track_caller]
    fn quiet(&self, arguments: &[&str]) {
        self.run(arguments).assert(0, "", "");
    }
}

/// Starts `dbexec fs` for a service.
fn start(sandbox: &Sandbox, service: &FsService, arguments: &[&str]) -> Running {
    let url = service.url();
    let workspace = ["--host", &url, "--token", TOKEN];
    sandbox.start([&["fs"], arguments, &workspace].concat())
}

fn respond(_: &str, _: usize) -> Reaction {
    Reaction::Respond
}

/// Contents of two blocks and a byte.
fn large() -> Vec<u8> {
    (0..=2 * MIB)
        .map(|index| u8::try_from(index / 1000 % 256).unwrap())
        .collect()
}

#[test]
fn file_is_uploaded_listed_printed_downloaded_and_deleted() {
    let workspace = Workspace::start();
    let sandbox = &workspace.sandbox;
    sandbox.write("big.csv", large());
    workspace.quiet(&["cp", "big.csv", "dbfs:/in/big.csv"]);
    workspace.quiet(&["mkdir", "dbfs:/in/a/b"]);
    workspace
        .run(&["ls", "dbfs:/in"])
        .assert(0, "a/\nbig.csv\n", "");
    let long = workspace.run(&["ls", "-l", "dbfs:/in"]);
    let long = crate::support::without_times(&long.stdout);
    assert_eq!(long, "      -  TIME  a/\n2097153  TIME  big.csv\n");
    let json = workspace.run(&["ls", "--output", "json", "dbfs:/in/big.csv"]);
    let json: serde_json::Value = serde_json::from_str(&json.stdout).unwrap();
    assert_eq!(json[0]["path"], "/in/big.csv");
    assert_eq!(json[0]["size"], 2_097_153);
    assert_eq!(json[0]["is_folder"], false);

    fs::create_dir(sandbox.path("folder")).unwrap();
    workspace.quiet(&["cp", "dbfs:/in/big.csv", "folder"]);
    assert!(sandbox.path("folder/big.csv").is_file());
    workspace.quiet(&["cp", "dbfs:/in/big.csv", "copy.csv"]);
    assert!(fs::read(sandbox.path("copy.csv")).unwrap() == large());
    workspace.quiet(&["cp", "dbfs:/in/big.csv", "dbfs:/out/"]);
    sandbox.write("small", "one\n");
    workspace.quiet(&["cp", "small", "dbfs:/out"]);
    workspace
        .run(&["cat", "dbfs:/out/small", "dbfs:/out/small"])
        .assert(0, "one\none\n", "");

    workspace.quiet(&["rm", "dbfs:/out/big.csv", "dbfs:/out/small"]);
    workspace.quiet(&["rm", "-r", "dbfs:/in"]);
    workspace.run(&["ls"]).assert(0, "out/\n", "");
}

#[test]
fn existing_files_are_not_replaced_without_overwrite() {
    let workspace = Workspace::start();
    workspace.sandbox.write("a", "old");
    workspace.quiet(&["cp", "a", "dbfs:/a"]);
    workspace.sandbox.write("a", "new");
    workspace.run(&["cp", "a", "dbfs:/a"]).assert(
        3,
        "",
        "error: `dbfs:/a` exists\nhelp: use `--overwrite` to replace it\n",
    );
    workspace.run(&["cp", "dbfs:/a", "a"]).assert(
        2,
        "",
        "error: `a` exists\nhelp: use `--overwrite` to replace it\n",
    );
    workspace.quiet(&["cp", "--overwrite", "a", "dbfs:/a"]);
    workspace.run(&["cat", "dbfs:/a"]).assert(0, "new", "");
    // The path is below a file.
    workspace
        .run(&["cp", "--overwrite", "a", "dbfs:/a/b"])
        .assert_starts_with(3, "", "error: cannot copy `a` to `dbfs:/a/b`: dbfs.");
    workspace.sandbox.write("a", "other");
    workspace.quiet(&["cp", "--overwrite", "dbfs:/a", "a"]);
    assert_eq!(fs::read(workspace.sandbox.path("a")).unwrap(), b"new");
}

#[test]
fn folders_are_copied_in_all_directions() {
    let workspace = Workspace::start();
    let sandbox = &workspace.sandbox;
    fs::create_dir_all(sandbox.path("reports/a/empty")).unwrap();
    sandbox.write("reports/one", "1");
    sandbox.write("reports/a/two", "2");
    workspace.run(&["cp", "reports", "dbfs:/r"]).assert(
        2,
        "",
        "error: `reports` is a folder\nhelp: use `-r` to copy it with its contents\n",
    );
    workspace.quiet(&["cp", "-r", "reports", "dbfs:/r"]);
    // As `cp`: a copy in the existing folder.
    workspace.quiet(&["cp", "-r", "dbfs:/r", "dbfs:/s"]);
    workspace.quiet(&["cp", "-r", "dbfs:/r", "dbfs:/s"]);
    workspace.quiet(&["cp", "-r", "dbfs:/s", "back"]);
    for (path, contents) in [("one", "1"), ("a/two", "2"), ("r/one", "1")] {
        let path = sandbox.path("back").join(path);
        assert_eq!(fs::read_to_string(path).unwrap(), contents);
    }
    assert!(sandbox.path("back/r/a/empty").is_dir());
    workspace.run(&["cp", "-r", "dbfs:/r", "dbfs:/r/a"]).assert(
        2,
        "",
        "error: `dbfs:/r` cannot be copied into itself\n",
    );
    workspace
        .run(&["rm", "dbfs:/r"])
        .assert_starts_with(3, "", "error: `dbfs:/r` is a folder\n");
    workspace
        .run(&["rm", "-r", "dbfs:/"])
        .assert(2, "", "error: `dbfs:/` cannot be deleted\n");
}

#[test]
fn several_files_are_copied_until_the_first_error() {
    let workspace = Workspace::start();
    let sandbox = &workspace.sandbox;
    for name in ["a", "b", "c"] {
        sandbox.write(name, name);
    }
    workspace.quiet(&["cp", "b", "dbfs:/x/b"]);
    workspace.run(&["cp", "a", "b", "c", "dbfs:/x"]).assert(
        3,
        "",
        "error: `dbfs:/x/b` exists\n\
         help: use `--overwrite` to replace it\n\
         note: 1 of 3 files were copied\n",
    );
    workspace.quiet(&["cp", "--overwrite", "a", "b", "c", "dbfs:/x"]);
    workspace.run(&["ls", "dbfs:/x"]).assert(0, "a\nb\nc\n", "");
    workspace.run(&["cp", "a", "b", "dbfs:/x/c"]).assert(
        2,
        "",
        "error: `dbfs:/x/c` is not a folder\n",
    );
}

#[test]
fn standard_streams_are_copied() {
    let workspace = Workspace::start();
    let sandbox = &workspace.sandbox;
    let command = sandbox.command(workspace.arguments(&["cp", "-", "dbfs:/piped"]));
    Running::with_input(command, &large())
        .finish()
        .assert(0, "", "");
    let mut command = sandbox.command(workspace.arguments(&["cp", "-", "dbfs:/redirected"]));
    let file = sandbox.write("large", large());
    command.stdin(fs::File::open(file).unwrap());
    Running::start(command).finish().assert(0, "", "");
    for path in ["dbfs:/piped", "dbfs:/redirected"] {
        workspace.quiet(&["cp", path, "file"]);
        assert!(fs::read(sandbox.path("file")).unwrap() == large());
        fs::remove_file(sandbox.path("file")).unwrap();
    }
    sandbox.write("text", "é\n");
    workspace.quiet(&["cp", "text", "dbfs:/text"]);
    workspace
        .run(&["cp", "dbfs:/text", "-"])
        .assert(0, "é\n", "");
}

#[test]
fn wrong_paths_are_reported_before_anything_is_sent() {
    let sandbox = Sandbox::new();
    for (arguments, message) in [
        (
            &["cp", "a", "b"][..],
            "error: neither `a` nor `b` is on DBFS\n",
        ),
        (&["cp", "-", "-"], "error: neither `-` nor `-` is on DBFS\n"),
        (
            &["cp", "a", "dbfs:b"],
            "error: `dbfs:b`: expected a path of DBFS, for example `dbfs:/b`\n",
        ),
        (
            &["cp", "-", "a", "dbfs:/b"],
            "error: standard input (`-`) cannot be copied together with other sources\n",
        ),
    ] {
        let outcome = sandbox.run([&["fs"], arguments].concat());
        outcome.assert_starts_with(2, "", message);
    }
    let outcome = sandbox.run(["fs", "ls", "/in"]);
    let expected = "expected a path of DBFS, for example `dbfs:/in`";
    assert!(
        outcome.code == Some(2) && outcome.stderr.contains(expected),
        "{outcome}"
    );
}

#[test]
fn missing_files_are_errors() {
    let workspace = Workspace::start();
    for command in ["ls", "cat", "rm"] {
        workspace.run(&[command, "dbfs:/nowhere"]).assert(
            3,
            "",
            "error: `dbfs:/nowhere` does not exist\n",
        );
    }
    workspace.run(&["cp", "dbfs:/nowhere", "."]).assert(
        2,
        "",
        "error: `dbfs:/nowhere` does not exist\n",
    );
    workspace
        .run(&["cat", "dbfs:/"])
        .assert(2, "", "error: `/` is a folder\n");
    workspace
        .run(&["cp", "nowhere", "dbfs:/"])
        .assert(2, "", "error: `nowhere` does not exist\n");
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
        "interrupted: cleaning up; press Ctrl-C again to exit immediately\nerror: interrupted; ",
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
    assert!(
        running
            .stderr_line()
            .starts_with("interrupted: cleaning up")
    );
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

#[test]
fn progress_is_drawn_on_a_terminal_and_erased() {
    let sandbox = Sandbox::new();
    sandbox.write("big.csv", vec![b'x'; 2 * MIB]);
    let service = FsService::start(|endpoint, before| match (endpoint, before) {
        ("add-block", 1) => Reaction::Hold,
        _ => Reaction::Respond,
    });
    let url = service.url();
    let arguments = [
        "fs",
        "cp",
        "big.csv",
        "dbfs:/in/big.csv",
        "--progress",
        "auto",
        "--host",
        &url,
        "--token",
        TOKEN,
    ];
    let session = Terminal::new().start(&sandbox, arguments);
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
