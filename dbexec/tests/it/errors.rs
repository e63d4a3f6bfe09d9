//! Errors and rare responses, from a mock server.

use crate::support::{MockResponse, Outcome, Sandbox, TOKEN, mock_server};

const CREATED: MockResponse = ("/api/1.2/contexts/create", 200, r#"{"id": "1"}"#);
const READY: MockResponse = ("/api/1.2/contexts/status", 200, r#"{"status": "Running"}"#);
const EXECUTED: MockResponse = ("/api/1.2/commands/execute", 200, r#"{"id": "2"}"#);
const DESTROYED: MockResponse = ("/api/1.2/contexts/destroy", 200, r#"{"id": "1"}"#);

fn run(responses: &'static [MockResponse]) -> Outcome {
    let server = mock_server(responses);
    let url = server.url();
    let workspace = ["--host", &url, "--token", TOKEN, "--cluster-id", "c"];
    Sandbox::new().run([&["run", "-l", "python", "-c", "1"][..], &workspace].concat())
}

#[test]
fn failure_to_destroy_the_context_is_a_warning() {
    let done = run(&[
        CREATED,
        READY,
        EXECUTED,
        (
            "/api/1.2/commands/status",
            200,
            r#"{"status": "Finished", "results": {"resultType": "text", "data": "good"}}"#,
        ),
        ("/api/1.2/contexts/destroy", 403, r#"{"error": "not now"}"#),
    ]);
    done.assert(
        0,
        "good\n",
        "warning: cannot destroy the execution context 1, which may still use resources of the \
         cluster: contexts.destroy: the server refused with 403 Forbidden: not now (sent with a bearer \
         token from the arguments)\n",
    );
}

#[test]
fn command_cancelled_by_another_client_is_an_error() {
    let done = run(&[
        CREATED,
        READY,
        EXECUTED,
        (
            "/api/1.2/commands/status",
            200,
            r#"{"status": "Cancelled", "results": null}"#,
        ),
        DESTROYED,
    ]);
    done.assert(1, "", "error: the command was cancelled\n");
}

#[test]
fn table_is_printed_with_aligned_columns() {
    let done = run(&[
        CREATED,
        READY,
        EXECUTED,
        (
            "/api/1.2/commands/status",
            200,
            r#"{"status": "Finished", "results": {
                "resultType": "table",
                "schema": [{"name": "n", "type": "\"int\""}, {"name": "word", "type": "\"string\""}],
                "data": [[1, "one"], [22, "two"]]
            }}"#,
        ),
        DESTROYED,
    ]);
    done.assert(0, " n  word\n 1  one\n22  two\n", "");
}

#[test]
fn request_that_may_have_been_processed_is_reported() {
    let done = run(&[
        CREATED,
        READY,
        ("/api/1.2/commands/execute", 502, "{\"error\": \"late\"}"),
        DESTROYED,
    ]);
    done.assert(
        3,
        "",
        "error: commands.execute: the server refused with 502 Bad Gateway: late\n\
         note: the server may have processed the request\n\
         help: check its effect before you run the command again\n",
    );
}

#[test]
fn login_page_is_reported() {
    let done = run(&[(
        "/api/1.2/contexts/create",
        200,
        "<html><title>Sign in</title></html>",
    )]);
    done.assert_starts_with(
        3,
        "",
        "error: contexts.create: the server answered with a web page",
    );
    assert!(done.stderr.contains("Sign in"), "{done}");
}
