//! Memory of large results: `ulimit` limits the data of the process.

use test_server::Server;

use crate::support::{CLUSTER, Outcome, Running, Sandbox, TOKEN};

/// Size of the results in bytes.
const SIZE: usize = 6_000_000;

/// Limit in KiB: three times the size of the results, and 40 MB for the process itself.
const LIMIT: &str = "58000";

/// Returns a response with a table.
fn response(rows: &str) -> String {
    let schema = r#"[{"name": "a", "type": "\"string\""}]"#;
    format!(
        r#"{{"status": "Finished", "results": {{"resultType": "table", "data": {rows}, "schema": {schema}}}}}"#
    )
}

/// Runs `dbexec` with a server whose commands have these rows as their results.
fn dbexec(arguments: &[&str], rows: &str) -> Outcome {
    let body = response(rows);
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
    let limited = r#"ulimit -d "$0" && exec "$@""#;
    let shell = ["-c", limited, LIMIT, env!("CARGO_BIN_EXE_dbexec")];
    let workspace = ["--host", &url, "--token", TOKEN];
    let arguments = [&shell, arguments, &workspace].concat();
    Running::start(Sandbox::new().program("sh", arguments)).finish()
}

fn run(format: &str, rows: &str) -> Outcome {
    let code = ["run", "-l", "sql", "-c", "1", "--cluster", CLUSTER];
    dbexec(&[&code[..], &["--output", format]].concat(), rows)
}

/// Returns the number of items in a list of [`SIZE`].
fn count(item: &str) -> usize {
    SIZE / (item.len() + 1)
}

/// Returns a list of [`SIZE`] that repeats `item`.
fn list(item: &str) -> String {
    format!("[{}]", vec![item; count(item)].join(","))
}

#[test]
fn long_row_is_printed_with_little_memory() {
    let last = count("null") - 1;
    let outcome = run("csv", &format!("[{}]", list("null")));
    let (header, row) = outcome.stdout.split_once('\n').unwrap();
    assert!(header.starts_with("a,_c1,_c2,") && header.ends_with(&format!(",_c{last}")));
    assert_eq!(row, format!("{}\n", ",".repeat(last)));
    outcome.assert(0, &outcome.stdout, "");
}

#[test]
fn many_rows_are_printed_with_little_memory() {
    let (rows, count) = (list("[null]"), count("[null]"));
    let text = format!(" a\n ----\n{}", " null\n".repeat(count));
    run("text", &rows).assert(0, &text, "");
    let objects = vec![r#"{"a":null}"#; count].join(",\n");
    run("json", &rows).assert(0, &format!("[\n{objects}\n]\n"), "");
}

#[test]
fn large_response_of_a_call_is_printed_with_little_memory() {
    let call = [
        "call",
        "commands.status",
        "clusterId=c",
        "contextId=1",
        "commandId=2",
    ];
    let rows = list("[null]").replace(',', ", ");
    dbexec(&call, &rows).assert(0, &format!("{}\n", response(&rows)), "");
}
