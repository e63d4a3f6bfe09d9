//! Tables and images on terminals.

use crate::pty::Terminal;
use crate::support::{MockResponse, Outcome, Sandbox, TOKEN, mock_server};

/// Responses of a workspace whose commands have certain results.
pub(crate) fn responses(results: &str) -> &'static [MockResponse] {
    let status = format!(r#"{{"status": "Finished", "results": {results}}}"#);
    vec![
        ("/api/1.2/contexts/create", 200, r#"{"id": "1"}"#),
        ("/api/1.2/contexts/status", 200, r#"{"status": "Running"}"#),
        ("/api/1.2/commands/execute", 200, r#"{"id": "2"}"#),
        ("/api/1.2/contexts/destroy", 200, "{}"),
        ("/api/1.2/commands/status", 200, status.leak()),
    ]
    .leak()
}

/// Runs code with a table of these columns and rows as its result.
pub(crate) fn run(
    terminal: &Terminal,
    columns: &[(&str, &str)],
    rows: &str,
    options: &[&str],
) -> Outcome {
    let schema = columns
        .iter()
        .map(|(name, ty)| format!(r#"{{"name": "{name}", "type": "\"{ty}\""}}"#))
        .collect::<Vec<_>>()
        .join(",");
    let results = format!(r#"{{"resultType": "table", "schema": [{schema}], "data": {rows}}}"#);
    run_with(terminal, &results, options)
}

pub(crate) fn run_with(terminal: &Terminal, results: &str, options: &[&str]) -> Outcome {
    let server = mock_server(responses(results));
    let url = server.url();
    let code = ["run", "-l", "sql", "-c", "1", "--cluster", "c"];
    let workspace = ["--host", &url, "--token", TOKEN];
    terminal.run(&Sandbox::new(), [&code[..], &workspace, options].concat())
}

const STRING: &str = "string";

#[test]
fn widest_column_is_cut_on_a_narrow_terminal() {
    let columns = [("id", "long"), ("text", STRING)];
    let rows = format!(r#"[[1, "{}"], [20, "short"]]"#, "x".repeat(100));
    let outcome = run(&Terminal::new().size(20, 24), &columns, &rows, &[]);
    let expected = " id  text\n \
                    --  ---------------\n  \
                    1  xxxxxxxxxxxxxx\u{2026}\n \
                    20  short\n";
    assert_eq!((outcome.code, &*outcome.stdout), (Some(0), expected));

    let outcome = run(&Terminal::new().size(120, 24), &columns, &rows, &[]);
    assert!(outcome.stdout.contains(&"x".repeat(100)), "{outcome}");
    let outcome = run(&Terminal::new().size(20, 24), &columns, &rows, &["-x"]);
    assert!(outcome.stdout.contains(&"x".repeat(100)), "{outcome}");
}

#[test]
fn hidden_columns_are_counted() {
    let names: Vec<_> = (0..14).map(|n| format!("column_{n:02}")).collect();
    let columns: Vec<_> = names.iter().map(|name| (name.as_str(), STRING)).collect();
    let outcome = run(
        &Terminal::new().size(31, 24).variable("NO_COLOR", "1"),
        &columns,
        "[[]]",
        &[],
    );
    let expected = " column_\u{2026}  column_\u{2026}  column_\u{2026}\n \
                    --------  --------  --------\n \
                    null      null      null\n\
                    note: 3 of 14 columns shown; all: -x (vertical) or --output csv\n";
    assert_eq!((outcome.code, &*outcome.stdout), (Some(0), expected));
}

#[test]
fn wide_and_right_to_left_characters_keep_the_columns_aligned() {
    let rows = r#"[["日本語", "a"], ["שלום", "b"], ["e\u0301\u001b[2J", "c"]]"#;
    let columns = [("text", STRING), ("n", STRING)];
    let outcome = run(&Terminal::new(), &columns, rows, &[]);
    let expected = " text        n\n \
                    ----------  -\n \
                    日本語      a\n \
                    \u{2068}שלום\u{2069}        b\n \
                    e\u{301}\\u{1b}[2J  c\n";
    assert_eq!((outcome.code, &*outcome.stdout), (Some(0), expected));
}

#[test]
fn images_are_shown_by_terminals_that_support_it() {
    let image = r#"{"resultType": "image", "fileName": "data:image/png;base64,iVBORw=="}"#;
    let note = "note: saved the image image-1.png\n";
    let outcome = run_with(&Terminal::new().variable("NO_COLOR", "1"), image, &[]);
    assert_eq!((outcome.code, &*outcome.stdout), (Some(0), note));
    let kitty = Terminal::new()
        .variable("TERM", "xterm-kitty")
        .variable("NO_COLOR", "1");
    let outcome = run_with(&kitty, image, &[]);
    let shown = format!("{note}\u{1b}_Gf=100,a=T,m=0;iVBORw==\u{1b}\\\n");
    assert_eq!((outcome.code, &*outcome.stdout), (Some(0), &*shown));
    let iterm = Terminal::new()
        .variable("TERM_PROGRAM", "iTerm.app")
        .variable("NO_COLOR", "1");
    let outcome = run_with(&iterm, image, &[]);
    let shown = format!("{note}\u{1b}]1337;File=inline=1;size=4:iVBORw==\u{7}\n");
    assert_eq!((outcome.code, &*outcome.stdout), (Some(0), &*shown));
}

#[test]
fn option_selects_the_protocol_of_images() {
    let image = r#"{"resultType": "image", "fileName": "data:image/png;base64,iVBORw=="}"#;
    let note = "note: saved the image image-1.png\n";
    let iterm = "\u{1b}]1337;File=inline=1;size=4:iVBORw==\u{7}\n";
    let terminal = Terminal::new().variable("NO_COLOR", "1");
    let kitty = terminal.clone().variable("TERM", "xterm-kitty");
    for (terminal, options, shown) in [
        (&terminal, &["--images", "iterm"][..], iterm),
        // Multiplexers that pass images on.
        (
            &kitty.clone().variable("TMUX", "1"),
            &["--images", "iterm"],
            iterm,
        ),
        (&kitty, &["--images", "none"], ""),
        (
            &terminal.clone().variable("DBEXEC_IMAGES", "iterm"),
            &[],
            iterm,
        ),
    ] {
        let outcome = run_with(terminal, image, options);
        let expected = format!("{note}{shown}");
        assert_eq!(
            (outcome.code, &*outcome.stdout),
            (Some(0), &*expected),
            "{options:?}"
        );
    }
    let sandbox = Sandbox::new();
    let outcome = sandbox.run(["run", "--images", "gif", "-c", "1"]);
    outcome.assert_starts_with(2, "", "error: invalid value 'gif' for '--images <HOW>'");
}
