//! Errors and rare responses, from a mock server.

use test_server::Server;

use crate::support::{CLUSTER, MockResponse, Outcome, Sandbox, TOKEN, mock_server};

const CREATED: MockResponse = ("/api/1.2/contexts/create", 200, r#"{"id": "1"}"#);
const READY: MockResponse = ("/api/1.2/contexts/status", 200, r#"{"status": "Running"}"#);
const EXECUTED: MockResponse = ("/api/1.2/commands/execute", 200, r#"{"id": "2"}"#);
const DESTROYED: MockResponse = ("/api/1.2/contexts/destroy", 200, r#"{"id": "1"}"#);

fn run(responses: &'static [MockResponse]) -> Outcome {
    run_on(&mock_server(responses))
}

fn run_on(server: &Server) -> Outcome {
    let url = server.url();
    let workspace = ["--host", &url, "--token", TOKEN, "--cluster", CLUSTER];
    Sandbox::new().run([&["run", "-l", "python", "-c", "1"][..], &workspace].concat())
}

/// Returns the paths and queries of all requests, in their order.
fn targets(server: &Server) -> Vec<String> {
    let requests = server.requests();
    let targets = requests.iter().map(|request| request.target().to_owned());
    targets.collect()
}

#[test]
fn failure_to_destroy_the_context_is_a_warning() {
    let outcome = run(&[
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
    outcome.assert(
        0,
        "good\n",
        "warning: cannot destroy the execution context: contexts.destroy: the server responded with \
         403 Forbidden: not now (sent with a bearer token from the arguments)\n\
         warning: the execution context `1` may remain on the cluster `0123-456789-c`, requested at TIME\n\
         help: dbexec destroy 0123-456789-c/1\n",
    );
}

#[test]
fn command_cancelled_by_another_client_is_an_error() {
    let outcome = run(&[
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
    outcome.assert(1, "", "error: the command was cancelled\n");
}

#[test]
fn table_is_printed_with_aligned_columns() {
    let outcome = run(&[
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
    outcome.assert(0, "  n  word\n --  ----\n  1  one\n 22  two\n", "");
}

#[test]
fn code_that_may_have_run_is_reported() {
    let outcome = run(&[
        CREATED,
        READY,
        ("/api/1.2/commands/execute", 502, "{\"error\": \"late\"}"),
        DESTROYED,
    ]);
    outcome.assert(
        3,
        "",
        "error: commands.execute: the server responded with 502 Bad Gateway: late; \
         the request may have been processed\n\
         note: the code may have run\n\
         help: check its effects before you run it again\n",
    );
}

#[test]
fn code_is_sent_once_if_a_gateway_loses_the_response() {
    const LOST: &str = "upstream connect error or disconnect/reset before headers. reset reason: \
                        connection termination";
    const EXECUTED: MockResponse = ("/api/1.2/commands/execute", 503, LOST);
    let server = mock_server(&[CREATED, READY, EXECUTED, DESTROYED]);
    run_on(&server).assert(
        3,
        "",
        &format!(
            "error: commands.execute: the server responded with 503 Service Unavailable: {LOST}; \
             the request may have been processed\n\
             note: the code may have run\n\
             help: check its effects before you run it again\n"
        ),
    );
    let requests = targets(&server);
    assert_eq!(
        requests[2..],
        ["/api/1.2/commands/execute", "/api/1.2/contexts/destroy"]
    );
}

#[test]
fn context_is_created_once_if_a_gateway_loses_the_response() {
    let server = mock_server(&[("/api/1.2/contexts/create", 503, "no healthy upstream")]);
    run_on(&server).assert(
        3,
        "",
        "error: contexts.create: the server responded with 503 Service Unavailable: \
         no healthy upstream; the request may have been processed; an execution context may exist on \
         the cluster `0123-456789-c`, requested at TIME\n",
    );
    assert_eq!(targets(&server), ["/api/1.2/contexts/create"]);
}

#[test]
fn call_that_may_have_been_processed_is_reported() {
    let server = mock_server(&[("/api/1.2/contexts/create", 502, "{\"error\": \"late\"}")]);
    let url = server.url();
    let create = ["call", "contexts.create", "clusterId=c", "language=python"];
    let workspace = ["--host", &url, "--token", TOKEN];
    let outcome = Sandbox::new().run([&create[..], &workspace].concat());
    outcome.assert(
        3,
        "",
        "{\"error\": \"late\"}\n\
         error: contexts.create: the server responded with 502 Bad Gateway: late; \
         the request may have been processed\n\
         note: the request was sent at TIME\n\
         help: check the effects of the request before you send it again\n",
    );
    assert_eq!(targets(&server), ["/api/1.2/contexts/create"]);
}

#[test]
fn login_page_is_reported() {
    let outcome = run(&[(
        "/api/1.2/contexts/create",
        200,
        "<html><title>Sign in</title></html>",
    )]);
    outcome.assert_starts_with(
        3,
        "",
        "error: contexts.create: the server responded with a web page",
    );
    assert!(outcome.stderr.contains("Sign in"), "{outcome}");
}
