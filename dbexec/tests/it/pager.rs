//! Tables with many rows, which a pager displays.

use rustix::process::Signal;
use test_server::Server;

use crate::pty::{Session, Terminal};
use crate::support::{Sandbox, TOKEN, mock_server};
use crate::tables::responses;

/// Prints its input with a mark, and waits for a line from the terminal as `less` waits for `q`. Ctrl-C does
/// not end it.
const PAGER: &str = r#"trap "" INT; sed "s/^/| /"; echo "(end)"; read key </dev/tty"#;

/// Starts a workspace whose commands have a table with this number of rows as their result.
fn workspace(rows: usize) -> Server {
    let rows: Vec<_> = (1..=rows).map(|row| format!("[{row}]")).collect();
    let results = format!(
        r#"{{"resultType": "table", "schema": [{{"name": "id", "type": "\"long\""}}], "data": [{}]}}"#,
        rows.join(",")
    );
    mock_server(responses(&results))
}

fn start<'s>(
    terminal: &Terminal,
    sandbox: &'s Sandbox,
    server: &Server,
    options: &[&str],
) -> Session<'s> {
    let url = server.url();
    let code = ["run", "-l", "sql", "-c", "1", "--cluster", "c"];
    let workspace = ["--host", &url, "--token", TOKEN];
    terminal.start(sandbox, [&code[..], &workspace, options].concat())
}

fn terminal(pager: &'static str) -> Terminal {
    Terminal::new().variable("PAGER", pager)
}

#[test]
fn pager_displays_tables_with_more_than_50_rows() {
    let (sandbox, server) = (Sandbox::new(), workspace(51));
    let mut session = start(&terminal(PAGER), &sandbox, &server, &[]);
    session.wait_for("(end)");
    session.press("\r");
    let end = session.finish();
    assert_eq!(end.code(), Some(0), "{end}");
    assert!(end.received.starts_with("|  id\n|  --\n|   1\n"), "{end}");
    assert!(end.received.contains("\n|  51\n(end)\n"), "{end}");

    for (rows, options, indent) in [(50, &[][..], " "), (51, &["-o", "csv"], "")] {
        let server = workspace(rows);
        let end = start(&terminal(PAGER), &sandbox, &server, options).finish();
        assert!(!end.received.contains("| "), "{end}");
        assert!(end.text.ends_with(&format!("\n{indent}{rows}")), "{end}");
    }
    let server = workspace(26);
    let mut session = start(&terminal(PAGER), &sandbox, &server, &["-x"]);
    session.wait_for("(end)");
    session.press("\r");
    assert_eq!(session.finish().code(), Some(0));
}

#[test]
fn pager_that_is_quit_early_is_no_error() {
    let (sandbox, server) = (Sandbox::new(), workspace(100_000));
    let end = start(&terminal("head -n 3"), &sandbox, &server, &[]).finish();
    assert_eq!(
        (end.code(), &*end.received),
        (Some(0), "     id\n ------\n      1\n"),
        "{end}"
    );
}

#[test]
fn table_is_printed_without_a_pager() {
    let (sandbox, server) = (Sandbox::new(), workspace(51));
    let table = "  1\n  2\n";
    for terminal in [
        terminal(""),
        terminal("cat"),
        terminal(PAGER).variable("TERM", "dumb"),
        Terminal::new().variable("PATH", "/nonexistent"),
    ] {
        let end = start(&terminal, &sandbox, &server, &[]).finish();
        assert!(end.received.contains(table), "{end}");
        assert!(end.received.ends_with("51\n"), "{end}");
    }
    let end = start(&terminal("/nonexistent/pager"), &sandbox, &server, &[]).finish();
    assert_eq!(end.code(), Some(0), "{end}");
    assert!(
        end.text
            .contains("warning: cannot start the pager `/nonexistent/pager`\n")
    );
    assert!(end.received.ends_with("\n 51\n"), "{end}");
}

#[test]
fn keys_belong_to_the_pager_and_signals_end_both() {
    let (sandbox, server) = (Sandbox::new(), workspace(51));
    let mut session = start(&terminal(PAGER), &sandbox, &server, &[]);
    session.wait_for("(end)");
    session.press("\u{3}");
    session.wait_for("^C");
    session.press("\r");
    let end = session.finish();
    assert_eq!(end.code(), Some(0), "{end}");

    let session = start(&terminal(PAGER), &sandbox, &server, &[]);
    session.wait_for("(end)");
    session.signal(Signal::TERM);
    let end = session.finish();
    assert_eq!(end.signal(), Some(15), "{end}");
    sandbox.wait_for_processes();
}

#[test]
fn session_continues_after_the_pager() {
    let (sandbox, server) = (Sandbox::new(), workspace(51));
    let url = server.url();
    let repl = [
        "repl",
        "-l",
        "sql",
        "--cluster",
        "c",
        "--host",
        &url,
        "--token",
        TOKEN,
    ];
    let mut session = terminal(PAGER).size(80, 100).start(&sandbox, repl);
    session.wait_for("c sql>");
    for _ in 0..2 {
        session.press("SELECT 1;\r");
        session.wait_for_screen("pager", |screen| screen.ends_with("(end)"));
        // Ctrl-C concerns the pager, and the session continues.
        session.press("\u{3}");
        session.wait_for_screen("key", |screen| screen.ends_with("^C"));
        session.press("\r");
        session.wait_for_screen("prompt", |screen| screen.ends_with("c sql>"));
    }
    session.press("\u{4}");
    let end = session.finish();
    assert_eq!(end.code(), Some(0), "{end}");
    assert_eq!(end.received.matches("\n|  51\n").count(), 2, "{end}");
    assert_eq!(end.text.matches("51 rows, ").count(), 2, "{end}");
}
