//! What no sound server does, and what cannot be brought about at will.

use test_server::Server;

use crate::support::{Sandbox, TOKEN, faulty_server};

const CREATED: (&str, u16, &str) = ("/api/1.2/contexts/create", 200, r#"{"id": "1"}"#);
const READY: (&str, u16, &str) = ("/api/1.2/contexts/status", 200, r#"{"status": "Running"}"#);
const EXECUTED: (&str, u16, &str) = ("/api/1.2/commands/execute", 200, r#"{"id": "2"}"#);
const DESTROYED: (&str, u16, &str) = ("/api/1.2/contexts/destroy", 200, r#"{"id": "1"}"#);

fn run(answers: &'static [(&'static str, u16, &'static str)]) -> crate::support::Done {
    let server = faulty_server(answers);
    let url = server.url();
    let place = ["--host", &url, "--token", TOKEN, "--cluster-id", "c"];
    Sandbox::new().run([&["run", "-l", "python", "-c", "1"][..], &place].concat())
}

/// The paths and queries of all requests, in their order.
fn targets(server: &Server) -> Vec<String> {
    let requests = server.requests();
    let targets = requests.iter().map(|request| request.target().to_owned());
    targets.collect()
}

#[test]
fn a_context_that_is_not_destroyed() {
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
        "warning: the execution context 1 may be left behind: contexts.destroy: the server \
         refused with 403 Forbidden: not now (sent with a bearer token from the arguments)\n",
    );
}

#[test]
fn a_command_that_somebody_else_cancelled() {
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
fn a_table() {
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
fn an_answer_after_which_the_code_may_run() {
    let done = run(&[
        CREATED,
        READY,
        ("/api/1.2/commands/execute", 502, "{\"error\": \"late\"}"),
        DESTROYED,
    ]);
    done.assert(
        3,
        "",
        "error: commands.execute: the server refused with 502 Bad Gateway: late; \
         the request may have been processed\n\
         note: the server may have run it; check before you run it again\n",
    );
}

#[test]
fn code_is_sent_once_if_a_gateway_loses_the_response() {
    const LOST: &str = "upstream connect error or disconnect/reset before headers. reset reason: \
                        connection termination";
    const EXECUTED: (&str, u16, &str) = ("/api/1.2/commands/execute", 503, LOST);
    let server = faulty_server(&[CREATED, READY, EXECUTED, DESTROYED]);
    let place = [
        "--host",
        &server.url(),
        "--token",
        TOKEN,
        "--cluster-id",
        "c",
    ];
    let run = [&["run", "-l", "python", "-c", "1"][..], &place].concat();
    Sandbox::new().run(run).assert(
        3,
        "",
        &format!(
            "error: commands.execute: the server refused with 503 Service Unavailable: {LOST}; \
             the request may have been processed\n\
             note: the server may have run it; check before you run it again\n"
        ),
    );
    assert_eq!(
        targets(&server)[2..],
        ["/api/1.2/commands/execute", "/api/1.2/contexts/destroy"]
    );
}

#[test]
fn a_context_is_created_once_if_a_gateway_loses_the_response() {
    let server = faulty_server(&[("/api/1.2/contexts/create", 503, "no healthy upstream")]);
    let place = [
        "--host",
        &server.url(),
        "--token",
        TOKEN,
        "--cluster-id",
        "c",
    ];
    let run = [&["run", "-l", "python", "-c", "1"][..], &place].concat();
    Sandbox::new().run(run).assert(
        3,
        "",
        "error: contexts.create: the server refused with 503 Service Unavailable: \
         no healthy upstream; the request may have been processed\n\
         note: the server may have run it; check before you run it again\n",
    );
    assert_eq!(targets(&server), ["/api/1.2/contexts/create"]);
}

#[test]
fn a_login_page() {
    let done = run(&[(
        "/api/1.2/contexts/create",
        200,
        "<html><title>Sign in</title></html>",
    )]);
    done.assert_begins(
        3,
        "",
        "error: contexts.create: the server answered with a web page",
    );
    assert!(done.stderr.contains("Sign in"), "{done}");
}
