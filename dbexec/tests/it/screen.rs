//! `dbexec run` on terminals: sizes, keys, colors and progress.

use std::fs;

use local_server::spark::testing;

use crate::pty::{Session, Terminal};
use crate::service::{Reaction, Service};
use crate::support::{Sandbox, TOKEN, start_with_spark, until};
use crate::tables;

/// Code that blocks until the test creates the file `go`.
const BLOCKING_CODE: &str =
    "import os, time\nwhile not os.path.exists('go'): time.sleep(.005)\nprint('done')";

fn terminal() -> Terminal {
    Terminal::new().variable("DBEXEC_PROGRESS", "auto")
}

/// Starts code that blocks, from a file with a long name.
fn start_blocking<'s>(terminal: &Terminal, sandbox: &'s Sandbox) -> Session<'s> {
    sandbox.write("a_file_with_a_long_name.py", BLOCKING_CODE);
    terminal.start(sandbox, ["run", "--local", "a_file_with_a_long_name.py"])
}

#[test]
fn tables_fit_terminals_of_all_widths() {
    let columns = [("id", "long"), ("name", "string"), ("text", "string")];
    let text = "z".repeat(150);
    let rows = format!(r#"[[1, "日本語日本語日本語", "{text}"], [20, "e\u0301e\u0301", "שלום"]]"#);
    for width in [10, 20, 40, 80, 250] {
        let terminal = terminal().size(width, 24).variable("NO_COLOR", "1");
        let outcome = tables::run(&terminal, &columns, &rows, &[]);
        assert_eq!(outcome.code, Some(0), "{outcome}");
        let lines: Vec<_> = outcome.stdout.lines().collect();
        let table = &lines[..4];
        let is_fitting = |line: &&str| line.chars().count() <= usize::from(width) + 2;
        assert!(table.iter().all(is_fitting), "{outcome}");
        assert!(
            table[2].starts_with("  1") && table[3].starts_with(" 20"),
            "{outcome}"
        );
        let is_hidden = width < 27;
        let has_note = outcome.stdout.contains(" of 3 columns shown; all: ");
        assert_eq!(has_note, is_hidden, "{width}: {outcome}");
        assert_eq!(outcome.stdout.contains(&text), width == 250, "{outcome}");
        assert!(lines.last().unwrap().starts_with("2 rows, "), "{outcome}");
    }
}

#[test]
fn truncation_hidden_columns_and_rows_are_reported_in_this_order() {
    let results = r#"{"resultType": "table", "truncated": true, "schema": [{"name": "aaaaaaaa",
        "type": "\"string\""}, {"name": "bbbbbbbb", "type": "\"string\""}], "data": [["1", "2"]]}"#;
    let terminal = terminal().size(60, 24).variable("NO_COLOR", "1");
    let narrow = terminal.clone().size(12, 24);
    let outcome = tables::run_with(&narrow, results, &[]);
    let (before, time) = outcome.stdout.rsplit_once("1 row, ").unwrap();
    assert_eq!(
        before,
        " aaaaaaaa\n --------\n 1\nwarning: truncated by the server at 1 rows\n\
         note: 1 of 2 columns shown; all: -x (vertical) or --output csv\n"
    );
    assert!(time.ends_with(" s\n"), "{outcome}");
    let without_progress = terminal.variable("DBEXEC_PROGRESS", "none");
    let outcome = tables::run_with(&without_progress, results, &[]);
    assert!(!outcome.stdout.contains("1 row, "), "{outcome}");
}

#[test]
fn status_line_keeps_the_state_and_the_time_on_narrow_terminals() {
    let sandbox = Sandbox::new();
    let session = start_blocking(&terminal(), &sandbox);
    session.wait_for_screen("whole line", |screen| {
        screen.starts_with("a_file_with_a_long_name.py  Running 0:")
    });
    session.resize(24, 24);
    session.wait_for_screen("cut name", |screen| {
        screen.starts_with("a_file_…  Running 0:")
    });
    session.resize(14, 24);
    session.wait_for_screen("state and time", |screen| screen.starts_with("Running 0:"));
    session.resize(10, 24);
    session.wait_for_screen("time", |screen| screen.starts_with("0:"));
    sandbox.write("go", "");
    let end = session.finish();
    assert_eq!((end.code(), &*end.screen), (Some(0), "done"), "{end}");
}

#[test]
fn taskbar_is_cleared_at_each_end() {
    const RUNNING: &str = "\u{1b}]9;4;3;\u{1b}\\";
    const CLEARED: &str = "\u{1b}]9;4;0;\u{1b}\\";
    let ghostty = terminal().variable("TERM_PROGRAM", "ghostty");
    for key in ["", "\u{3}", "\u{1c}"] {
        let sandbox = Sandbox::new();
        let mut session = start_blocking(&ghostty, &sandbox);
        session.wait_for_received(RUNNING);
        if key.is_empty() {
            sandbox.write("go", "");
        } else {
            session.press(key);
        }
        let end = session.finish();
        let after = end.received.rsplit_once(RUNNING).unwrap().1;
        assert!(after.contains(CLEARED), "{end}");
    }
    let sandbox = Sandbox::new();
    sandbox.write("go", "");
    let end = start_blocking(&terminal(), &sandbox).finish();
    assert!(!end.received.contains("\u{1b}]9;4"), "{end}");
}

#[test]
fn ctrl_backslash_ends_the_run_at_once_and_writes_the_report() {
    let service = Service::start(&[(
        "commands/status",
        Reaction::Body(r#"{"status": "Running", "results": null}"#.to_owned()),
    )]);
    let (sandbox, url) = (Sandbox::new(), service.url());
    let code = [
        "run",
        "-l",
        "python",
        "-c",
        "1",
        "--cluster",
        "c",
        "--report",
        "r.json",
    ];
    let workspace = ["--host", &url, "--token", TOKEN];
    let mut session = terminal().start(&sandbox, [&code[..], &workspace].concat());
    session.wait_for("the code  Running 0:");
    session.press("\u{1c}");
    let end = session.finish();
    assert_eq!(end.signal(), Some(3), "{end}");
    assert!(
        end.text.ends_with("help: dbexec destroy c/context-1"),
        "{end}"
    );
    assert!(!end.screen.contains("Running 0:"), "{end}");
    let report = fs::read_to_string(sandbox.path("r.json")).unwrap();
    let report: serde_json::Value = serde_json::from_str(&report).unwrap();
    assert_eq!(
        (&report["exit"], &report["destroyed"]),
        (&131.into(), &false.into())
    );
    assert_eq!(report["commands"][0]["delivery"], "processed");
}

#[test]
fn ctrl_c_counts_the_time_of_the_clean_up_and_leaves_the_second_time() {
    let running = r#"{"status": "Running", "results": null}"#.to_owned();
    let service = Service::start(&[
        ("commands/status", Reaction::Body(running)),
        ("commands/cancel", Reaction::Silent),
        ("contexts/destroy", Reaction::Silent),
    ]);
    let (sandbox, url) = (Sandbox::new(), service.url());
    let code = ["run", "-l", "python", "-c", "1", "--cluster", "c"];
    let options = ["--cleanup-timeout", "1h", "--host", &url, "--token", TOKEN];
    let mut session = terminal().start(&sandbox, [&code[..], &options].concat());
    session.wait_for("the code  Running 0:");
    session.press("\u{3}");
    session.wait_for("cancelling; Ctrl-C again leaves at once");
    session.wait_for_screen("time of the clean-up", |screen| {
        let line = screen.lines().last().unwrap_or_default();
        line.starts_with("waiting for confirmation 0:") && line.ends_with(" of 1:00:00")
    });
    session.press("\u{3}");
    let end = session.finish();
    assert_eq!(end.signal(), Some(2), "{end}");
    assert!(
        end.text
            .contains("the command `command-of-context-1` may be running"),
        "{end}"
    );
    assert!(
        end.text.ends_with("help: dbexec destroy c/context-1"),
        "{end}"
    );
}

#[test]
fn stopped_run_continues_in_the_foreground() {
    let sandbox = Sandbox::new();
    sandbox.write("job.py", BLOCKING_CODE);
    let script = "set -m; $DBEXEC run --local job.py; echo stopped; fg; echo \"exit code $?\"";
    let mut session = terminal().start_program(&sandbox, "sh", ["-c", script]);
    session.wait_for("job.py  Running 0:");
    session.press("\u{1a}");
    session.wait_for("stopped\n");
    sandbox.write("go", "");
    let end = session.finish();
    assert!(end.text.ends_with("done\nexit code 0"), "{end}");
}

#[test]
fn labels_are_colored_on_terminals_only() {
    const RED: &str = "\u{1b}[1m\u{1b}[91merror:\u{1b}[0m unknown format of the report r.txt";
    let sandbox = Sandbox::new();
    let run = [
        "run", "--local", "-l", "sql", "-c", "1", "--report", "r.txt",
    ];
    let with = |options: &[&'static str]| [&run[..], options].concat();
    let shown =
        |terminal: Terminal, options: &[&'static str]| terminal.run(&sandbox, with(options)).stdout;
    assert!(shown(terminal(), &[]).starts_with(RED));
    assert!(shown(terminal().variable("NO_COLOR", "1"), &["--color", "always"]).starts_with(RED));
    for plain in [
        shown(terminal(), &["--color=never"]),
        shown(terminal().variable("NO_COLOR", "1"), &[]),
        shown(terminal().variable("CLICOLOR", "0"), &[]),
        shown(terminal().variable("TERM", "dumb"), &[]),
        sandbox.run(with(&[])).stderr,
    ] {
        assert!(plain.starts_with("error: unknown format"), "{plain:?}");
    }
    let piped = sandbox.run(with(&["--color=always"]));
    assert!(piped.stderr.starts_with(RED), "{piped}");
    // Errors of the command line, too.
    let usage = terminal().run(&sandbox, ["run", "--color", "never", "--nothing"]);
    assert!(
        usage
            .stdout
            .starts_with("error: unexpected argument '--nothing'"),
        "{usage}"
    );
}

#[test]
fn files_at_the_same_time_have_one_status_line() {
    let sandbox = Sandbox::new();
    sandbox.write("eu.py", BLOCKING_CODE);
    sandbox.write("us.py", "x = {}\nx['region']");
    let run = ["run", "--local", "--parallel", "2", "eu.py", "us.py"];
    let session = terminal().variable("NO_COLOR", "1").start(&sandbox, run);
    session.wait_for_screen("both files", |screen| {
        let line = screen.lines().last().unwrap_or_default();
        line.starts_with("eu.py  Running 0:") && line.ends_with("   us.py  failed")
    });
    sandbox.write("go", "");
    let end = session.finish();
    let last = "error: 1 of 2 failed; contexts destroyed";
    assert!(
        end.text.contains("us.py:2 KeyError: 'region'\n") && end.text.ends_with(last),
        "{end}"
    );
}

#[test]
fn images_never_replace_a_file() {
    let image = r#"{"resultType": "image", "fileName": "data:image/png;base64,iVBORw=="}"#;
    let server = crate::support::mock_server(tables::responses(image));
    let (sandbox, url) = (Sandbox::new(), server.url());
    sandbox.write("image-1.png", "mine");
    let code = ["run", "-l", "sql", "-c", "1", "--cluster", "c"];
    let workspace = ["--host", &url, "--token", TOKEN];
    let run = [&code[..], &workspace].concat();
    for name in ["image-1-2.png", "image-1-3.png"] {
        let note = format!("note: saved the image {name}\n");
        sandbox.run(&run).assert(0, "", &note);
        assert_eq!(fs::read(sandbox.path(name)).unwrap(), b"\x89PNG");
    }
    assert_eq!(fs::read(sandbox.path("image-1.png")).unwrap(), b"mine");
    let selected = [&run[..], &["--save-images", "."]].concat();
    sandbox
        .run(selected)
        .assert(0, "", "note: saved the image ./image-1.png\n");
    assert_eq!(fs::read(sandbox.path("image-1.png")).unwrap(), b"\x89PNG");
}

#[test]
fn wait_displays_state_and_time() {
    let running = r#"{"status": "Running", "results": null}"#.to_owned();
    let service = Service::start(&[("commands/status", Reaction::Body(running))]);
    let (sandbox, url) = (Sandbox::new(), service.url());
    let wait = [
        "wait",
        "c/context-1/command-1",
        "--host",
        &url,
        "--token",
        TOKEN,
    ];
    let mut session = terminal().start(&sandbox, wait);
    session.wait_for("command-1  Running 0:");
    session.press("\u{3}");
    let end = session.finish();
    assert_eq!(end.signal(), Some(2), "{end}");
    assert!(
        end.text
            .contains("interrupted: the command is not cancelled\n"),
        "{end}"
    );
    assert_eq!(service.count("commands/cancel"), 0);
    until("no request is open", || {
        service.count("contexts/destroy") == 0
    });
}

#[test]
fn tables_and_values_of_spark_are_shown() {
    let server = start_with_spark(testing::installation());
    let _permit = testing::jvm_start_permit();
    let (sandbox, url) = (Sandbox::new(), server.url());
    sandbox.write(
        "a.sql",
        "SELECT id, repeat('日本', 40) AS text FROM range(60)",
    );
    sandbox.write("b.scala", "val x = 6 * 7");
    let terminal = terminal().size(40, 24).with_jvm();
    let terminal = terminal.variable("PAGER", "sed 's/^/> /'");
    let workspace = ["--host", &url, "--token", TOKEN, "--cluster", "c"];
    let end = terminal
        .start(
            &sandbox,
            [&["run", "a.sql", "b.scala"][..], &workspace].concat(),
        )
        .finish();
    assert_eq!(end.code(), Some(0), "{end}");
    let row = format!("\n>  59  {}…\n", "日本".repeat(8) + "日");
    assert!(end.received.contains(&row), "{end}");
    assert!(end.text.contains("a.sql (1/2) "), "{end}");
    assert!(end.text.contains("x: Int = 42\nb.scala (2/2) "), "{end}");
}
