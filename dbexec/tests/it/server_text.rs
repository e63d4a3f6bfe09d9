//! Text from servers on standard error and standard output, in pipes and on a terminal.

use crate::pty::Terminal;
use crate::support::{Outcome, Sandbox, TOKEN, mock_server};

/// Escape sequences, C0, C1, DEL, a bidirectional control, a line that looks like an error, and the
/// token: unchanged, percent-encoded, in Base64, and split. As content of a JSON string.
const HOSTILE: &str = r"\u001b[2J\u009b1m\u0007\u007fodd\u202e\r\nerror: forged dapi-0123 \u001b[0mdapi\u0000-0123 %64api%2D0123 eGRhcGktMDEyMw==";

/// Forms of the token that must not be printed.
const SECRETS: [&str; 4] = [TOKEN, "dapi", "%64api", "RhcGktMDEy"];

type Response = (&'static str, u16, String);

fn response(path: &'static str, status: u16, body: impl Into<String>) -> Response {
    (path, status, body.into())
}

fn context(id: &str) -> Vec<Response> {
    vec![
        response(
            "/api/1.2/contexts/create",
            200,
            format!(r#"{{"id": "{id}"}}"#),
        ),
        response("/api/1.2/contexts/status", 200, r#"{"status": "Running"}"#),
        response("/api/1.2/contexts/destroy", 200, "{}"),
        response("/api/1.2/commands/execute", 200, r#"{"id": "2"}"#),
        response("/api/1.2/commands/cancel", 200, "{}"),
    ]
}

/// Responses of a server, of which the first ones differ from those of a working one.
fn with(first: impl IntoIterator<Item = Response>) -> Vec<Response> {
    first.into_iter().chain(context("1")).collect()
}

/// Responses with these results of the command.
fn with_results(results: &str) -> Vec<Response> {
    let status = format!(r#"{{"status": "Finished", "results": {results}}}"#);
    with([response("/api/1.2/commands/status", 200, status)])
}

/// Arguments that run code on a server with these responses, with additional arguments.
fn arguments(responses: Vec<Response>, command: &[&str]) -> Vec<String> {
    let responses = responses
        .into_iter()
        .map(|(path, status, body)| (path, status, &*body.leak()));
    // The server runs until the end of the test process.
    let server = Box::leak(Box::new(mock_server(responses.collect::<Vec<_>>().leak())));
    let url = server.url();
    let workspace = ["--host", &url, "--token", TOKEN];
    let all = command.iter().chain(&workspace);
    all.map(|&argument| argument.to_owned()).collect()
}

fn run(responses: Vec<Response>, options: &[&str]) -> Outcome {
    let command = ["run", "-l", "python", "-c", "1", "--cluster", "c"];
    Sandbox::new().run(arguments(responses, &[&command, options].concat()))
}

fn is_unsafe(c: char) -> bool {
    (c.is_control() && c != '\n' && c != '\t') || ('\u{202a}'..='\u{202e}').contains(&c)
}

#[track_caller]
fn assert_is_clean(name: &str, text: &str) {
    assert_eq!(
        text.chars().find(|&c| is_unsafe(c)),
        None,
        "{name}: {text:?}"
    );
    for secret in SECRETS {
        assert!(!text.contains(secret), "{name}: {text}");
    }
}

/// A wait that must not depend on the speed of the machine: any number of polls is sufficient.
const SHORT: [&str; 2] = ["--timeout", "0.6s"];

#[test]
fn diagnostics_have_no_control_character_no_secret_and_no_forged_line() {
    let hostile = |json: &str| json.replace("HOSTILE", HOSTILE);
    let status = |path, word: &str| response(path, 200, hostile(word));
    let context_status = "/api/1.2/contexts/status";
    let command_status = "/api/1.2/commands/status";
    let error = hostile(r#"{"error": "HOSTILE", "error_code": "HOSTILE"}"#);
    let cases = [
        (
            "message and code",
            with([response("/api/1.2/contexts/create", 400, error.clone())]),
            &[][..],
        ),
        (
            "text that is not JSON",
            with([response(
                "/api/1.2/contexts/create",
                500,
                serde_json::from_str::<String>(&format!("\"{HOSTILE}\"")).unwrap(),
            )]),
            &[],
        ),
        (
            "title of a web page",
            with([response(
                "/api/1.2/contexts/create",
                200,
                serde_json::from_str::<String>(&format!("\"<title>{HOSTILE}</title>\"")).unwrap(),
            )]),
            &[],
        ),
        (
            "id of a context that cannot be destroyed",
            [
                vec![response("/api/1.2/contexts/destroy", 403, error)],
                context(HOSTILE),
            ]
            .concat()
            .into_iter()
            .chain([status(
                command_status,
                r#"{"status": "Finished", "results": null}"#,
            )])
            .collect(),
            &[],
        ),
        (
            "status of a context",
            with([status(context_status, r#"{"status": "HOSTILE"}"#)]),
            &SHORT,
        ),
        (
            "status of a command",
            with([status(command_status, r#"{"status": "HOSTILE"}"#)]),
            &SHORT,
        ),
        (
            "key of an invalid value",
            with([status(
                command_status,
                r#"{"status": "Finished", "results": {"resultType": "text", "HOSTILE": 1, "truncated": {"HOSTILE": []}}}"#,
            )]),
            &[],
        ),
        (
            "message of a lost context",
            with_results(&hostile(
                r#"{"resultType": "error", "summary": "ReplStartFailureException: HOSTILE", "cause": "HOSTILE"}"#,
            )),
            &[],
        ),
        (
            "name of an image",
            with_results(&hostile(
                r#"{"resultType": "images", "fileNames": ["/HOSTILE", "data:HOSTILE;base64,YQ==", "HOSTILE"]}"#,
            )),
            &[],
        ),
    ];
    for (name, responses, options) in cases {
        let outcome = run(responses, options);
        assert!(!outcome.stderr.is_empty(), "{name}: {outcome}");
        assert_is_clean(name, &outcome.stderr);
        let forged = outcome.stderr.lines().skip(1);
        let forged = forged.filter(|line| line.starts_with("error:"));
        assert_eq!(forged.count(), 0, "{name}: {outcome}");
    }
}

#[test]
fn traceback_and_partial_output_keep_their_lines_only() {
    let failed = r#"{"resultType": "error", "summary": "HOSTILE", "cause": "Traceback:\n\tline 1\nHOSTILE\n&#27;[2J"}"#
        .replace("HOSTILE", HOSTILE);
    let printing =
        r#"{"status": "Running", "results": {"resultType": "text", "data": "a\n\tHOSTILE"}}"#
            .replace("HOSTILE", HOSTILE);
    let outcome = run(with_results(&failed), &[]);
    assert_eq!(outcome.code, Some(1), "{outcome}");
    assert_is_clean("traceback", &outcome.stderr);
    assert!(
        outcome
            .stderr
            .starts_with("Traceback:\n\tline 1\nodd\nerror: forged *** ***"),
        "{outcome}"
    );
    // With the format JSON, text that was printed before an error is written to standard error.
    let responses = with([response("/api/1.2/commands/status", 200, printing)]);
    let outcome = run(responses, &["--output", "json", "--timeout", "0.6s"]);
    assert_is_clean("partial output", &outcome.stderr);
    assert_eq!(outcome.stdout, "");
}

#[test]
fn long_text_is_cut() {
    let long = "long ".repeat(2 << 20);
    for (name, responses, options) in [
        (
            "message",
            with([response(
                "/api/1.2/contexts/create",
                400,
                format!(r#"{{"error": "{long}"}}"#),
            )]),
            &[][..],
        ),
        (
            "status",
            with([response(
                "/api/1.2/contexts/status",
                200,
                format!(r#"{{"status": "{long}"}}"#),
            )]),
            &SHORT,
        ),
        ("id", context(&long), &[]),
    ] {
        let outcome = run(responses, options);
        assert!(
            outcome.stderr.len() < 5000,
            "{name}: {}",
            outcome.stderr.len()
        );
        assert!(!outcome.stderr.is_empty(), "{name}");
    }
}

/// Text of a program, with everything that a terminal must not receive, as a JSON string.
const OUTPUT: &str = r#""a\tb\r\n\u001b[31m\u009b2J\u007f\u0000\u202eé dapi-0123""#;

#[test]
fn output_of_the_code_is_exact_in_a_pipe() {
    let exact = serde_json::from_str::<String>(OUTPUT).unwrap();
    let text = format!(r#"{{"resultType": "text", "data": {OUTPUT}}}"#);
    run(with_results(&text), &[]).assert(0, &format!("{exact}\n"), "");
    let outcome = run(with_results(&text), &["--output", "json"]);
    let json: String = serde_json::from_str(&outcome.stdout).unwrap();
    assert_eq!(json, exact);

    let table = format!(
        r#"{{"resultType": "table", "schema": [{{"name": "a", "type": "\"string\""}}], "data": [[{OUTPUT}]]}}"#
    );
    let outcome = run(with_results(&table), &["--output", "csv"]);
    assert_eq!(outcome.stdout, format!("a\n\"{exact}\"\n"));
}

#[test]
fn output_of_the_code_is_escaped_on_a_terminal() {
    let text = format!(r#"{{"resultType": "text", "data": {OUTPUT}}}"#);
    let table = format!(
        r#"{{"resultType": "table", "schema": [{{"name": {OUTPUT}, "type": "\"string\""}}], "data": [[{OUTPUT}]]}}"#
    );
    let escaped = "a\tb\n\\u{1b}[31m\\u{9b}2J\\u{7f}\\u{0}\\u{202e}é dapi-0123\n";
    let command = ["run", "-l", "python", "-c", "1", "--cluster", "c"];
    let outcome = Terminal::new().run(&Sandbox::new(), arguments(with_results(&text), &command));
    assert_eq!((outcome.code, &*outcome.stdout), (Some(0), escaped));
    for format in ["text", "table", "csv", "json", "ndjson", "markdown"] {
        for results in [&text, &table] {
            let command = [&command[..], &["--output", format]].concat();
            let outcome =
                Terminal::new().run(&Sandbox::new(), arguments(with_results(results), &command));
            assert_eq!(outcome.code, Some(0), "{outcome}");
            let hidden = outcome.stdout.chars().find(|&c| is_unsafe(c));
            assert_eq!(hidden, None, "{format}: {:?}", outcome.stdout);
        }
    }
}

#[test]
fn response_of_a_call_is_exact_in_a_pipe_and_escaped_on_a_terminal() {
    let body = format!(r#"{{"id": {OUTPUT}, "status": {OUTPUT}}}"#);
    let responses = || vec![response("/api/1.2/contexts/status", 200, body.clone())];
    let command = ["call", "contexts.status", "clusterId=c", "contextId=1"];
    let expected: serde_json::Value = serde_json::from_str(&body).unwrap();

    let piped = Sandbox::new().run(arguments(responses(), &command));
    let read: serde_json::Value = serde_json::from_str(&piped.stdout).unwrap();
    assert_eq!(read, expected);
    assert!(piped.stdout.contains("\u{9b}2J\u{7f}"), "{piped}");

    for options in [&[][..], &["--pretty"]] {
        let command = [&command[..], options].concat();
        let shown = Terminal::new().run(&Sandbox::new(), arguments(responses(), &command));
        let hidden = shown.stdout.chars().find(|&c| is_unsafe(c));
        assert_eq!(hidden, None, "{:?}", shown.stdout);
        assert!(
            shown.stdout.contains(r"\u001b[31m\u009b2J\u007f"),
            "{shown}"
        );
        let read: serde_json::Value = serde_json::from_str(&shown.stdout).unwrap();
        assert_eq!(read, expected);
    }
}

#[test]
fn text_cut_inside_a_surrogate_pair_is_kept() {
    let text = r#"{"resultType": "text", "data": "rows: 5 \ud83d"}"#;
    run(with_results(text), &[]).assert(0, "rows: 5 \u{fffd}\n", "");
    let json = "\"rows: 5 \u{fffd}\"\n";
    run(with_results(text), &["--output", "json"]).assert(0, json, "");

    let table = r#"{"resultType": "table", "schema": [{"name": "\ud83d", "type": "\"string\""}], "data": [["a\ude00"], [["\ud83d"]]]}"#;
    let csv = "\u{fffd}\na\u{fffd}\n\"[\"\"\u{fffd}\"\"]\"\n";
    run(with_results(table), &["--output", "csv"]).assert(0, csv, "");
    run(with_results(table), &[]).assert(0, " \u{fffd}\n -----\n a\u{fffd}\n [\"\u{fffd}\"]\n", "");
    let unknown = r#"{"resultType": "new", "\ud83d": "\ud83d"}"#;
    let outcome = run(with_results(unknown), &["--output", "json"]);
    let value: serde_json::Value = serde_json::from_str(&outcome.stdout).unwrap();
    assert_eq!(value["\u{fffd}"], "\u{fffd}");

    let error = r#"{"resultType": "error", "summary": "\ud83d", "cause": "Error: \ud83d"}"#;
    run(with_results(error), &[]).assert(
        1,
        "",
        "Error: \u{fffd}\nerror: the code failed after TIME; context destroyed\n\
         note: output since TIME may be lost\n",
    );
    let refused = response(
        "/api/1.2/contexts/create",
        400,
        r#"{"error": "bad \ud83d"}"#,
    );
    run(with([refused]), &[]).assert(
        3,
        "",
        "error: contexts.create: the server responded with 400 Bad Request: bad \u{fffd}\n",
    );
    let call = ["call", "contexts.status", "clusterId=c", "contextId=1"];
    let status = response("/api/1.2/contexts/status", 200, r#"{"id": "\ud83d"}"#);
    let outcome = Sandbox::new().run(arguments(vec![status], &call));
    outcome.assert(0, "{\"id\": \"\u{fffd}\"}\n", "");
}
