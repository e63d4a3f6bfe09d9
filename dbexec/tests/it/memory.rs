//! Memory of large results: `ulimit` limits the data of the process.

use test_server::Server;

use crate::support::{Outcome, Running, Sandbox, TOKEN};

/// Limit for a response of 6 MB in KiB: three times its size, and 40 MB for the process itself.
const LIMIT: &str = "58000";

/// Runs a command whose results are a table with rows of `size` bytes.
fn run(format: &str, rows: impl Fn(&mut String), size: usize) -> Outcome {
    let mut body = String::with_capacity(size + 1000);
    body.push_str(r#"{"status": "Finished", "results": {"resultType": "table", "data": "#);
    rows(&mut body);
    body.push_str(r#", "schema": [{"name": "a", "type": "\"string\""}]}}"#);
    let server = Server::start(move |mut connection| {
        let request = connection.read_request()?;
        let body = match request.target() {
            "/api/1.2/contexts/create" => r#"{"id": "1"}"#,
            "/api/1.2/commands/execute" => r#"{"id": "2"}"#,
            "/api/1.2/contexts/destroy" => "{}",
            target if target.starts_with("/api/1.2/contexts/status") => r#"{"status": "Running"}"#,
            _ => &body,
        };
        let headers = ["content-type: application/json", "connection: close"];
        connection.respond(200, &headers, body)
    });
    let url = server.url();
    let script = r#"ulimit -d "$0" && exec "$@""#;
    let dbexec = env!("CARGO_BIN_EXE_dbexec");
    let arguments = [
        "-c",
        script,
        LIMIT,
        dbexec,
        "run",
        "-l",
        "sql",
        "-c",
        "1",
        "--host",
        &url,
        "--token",
        TOKEN,
        "--cluster-id",
        "c",
        "--format",
        format,
    ];
    Running::start(Sandbox::new().program("sh", arguments)).finish()
}

/// Appends a list of about 6 MB that repeats `item`.
fn repeat(body: &mut String, item: &str) -> usize {
    let count = 6_000_000 / (item.len() + 1);
    body.push('[');
    for index in 0..count {
        if index > 0 {
            body.push(',');
        }
        body.push_str(item);
    }
    body.push(']');
    count
}

#[test]
fn long_row_is_printed_with_little_memory() {
    let rows = |body: &mut String| {
        body.push('[');
        repeat(body, "null");
        body.push(']');
    };
    let outcome = run("csv", rows, 6_000_000);
    let (header, row) = outcome.stdout.split_once('\n').unwrap();
    assert!(header.starts_with("a,_c1,_c2,") && header.ends_with(",_c1199999"));
    assert_eq!(row, format!("{}\n", ",".repeat(1_199_999)));
    outcome.assert(0, &outcome.stdout, "");
}

#[test]
fn many_rows_are_printed_with_little_memory() {
    let rows = |body: &mut String| {
        repeat(body, "[null]");
    };
    let count = 6_000_000 / "[null],".len();
    let outcome = run("text", rows, 6_000_000);
    outcome.assert(0, &format!("a\n{}", "null\n".repeat(count)), "");
    let outcome = run("json", rows, 6_000_000);
    let objects = vec![r#"{"a":null}"#; count].join(",\n");
    outcome.assert(0, &format!("[\n{objects}\n]\n"), "");
}
