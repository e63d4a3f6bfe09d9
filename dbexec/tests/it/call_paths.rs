//! `dbexec call --spec`: waits and pages whose fields are fields of structs.

use test_server::{Action, Server};

use crate::support::{Outcome, Running, Sandbox};

const SPEC: &str = r#"
[api]
name = "Runs"
doc = "Runs jobs."

[enums.State]
values = { PENDING = "", TERMINATED = "" }

[structs.RunState]
fields = { life_cycle_state = "State?" }

[structs.Page]
fields = { names = "[string]", next = "string?" }

[endpoints.runs.submit]
doc = "Submits a run."
http = "POST /runs"
retry = "never"
response = { run = "Run" }
wait = { poll = "runs.get", bind = { id = "response.run.id" }, field = "state.life_cycle_state", until = ["TERMINATED"], pending = ["PENDING"] }

[structs.Run]
fields = { id = "int" }

[endpoints.runs.get]
doc = "Returns a run."
http = "GET /runs/{id}"
path = { id = "int" }
response = { state = "RunState?", done = "bool?" }

[endpoints.runs.stop]
doc = "Stops a run."
http = "DELETE /runs/{id}"
path = { id = "int" }
wait = { poll = "runs.get", bind = { id = "request.id" }, field = "done", until = [true], pending = [false] }

[endpoints.runs.list]
doc = "Lists runs."
http = "GET /runs"
response = { page = "Page?" }
pages = { items = "page.names", url = "page.next" }
"#;

fn call(server: &Server, arguments: &[&str]) -> Outcome {
    let sandbox = Sandbox::new();
    sandbox.write("runs.toml", SPEC);
    let url = server.url();
    let options = ["call", "--spec", "runs.toml", "--host", &url];
    let mut command = sandbox.command([&options[..], arguments].concat());
    command.env("DBEXEC_API_TOKEN", "token-of-the-test");
    Running::start(command).finish()
}

fn targets(server: &Server) -> Vec<String> {
    let requests = server.requests();
    let targets = requests.iter().map(|request| request.target().to_owned());
    targets.collect()
}

#[test]
fn wait_polls_a_nested_status() {
    let last = r#"{"state": {"life_cycle_state": "TERMINATED"}}"#;
    let server = Server::scripted([
        Action::json(200, r#"{"run": {"id": 7}}"#),
        Action::json(200, "{}"),
        Action::json(200, r#"{"state": {"life_cycle_state": "PENDING"}}"#),
        Action::json(200, last),
    ]);
    let outcome = call(&server, &["runs.submit", "--wait"]);
    assert_eq!(outcome.code, Some(0), "{outcome}");
    assert_eq!(outcome.stdout, format!("{last}\n"));
    assert!(outcome.stderr.contains("runs.submit: PENDING"), "{outcome}");
    assert_eq!(targets(&server), ["/runs", "/runs/7", "/runs/7", "/runs/7"]);
}

#[test]
fn wait_polls_a_flag() {
    let server = Server::scripted([
        Action::json(200, ""),
        Action::json(200, r#"{"done": false}"#),
        Action::json(200, r#"{"done": true}"#),
    ]);
    let outcome = call(&server, &["runs.stop", "id=7", "--wait"]);
    assert_eq!(outcome.code, Some(0), "{outcome}");
    assert_eq!(outcome.stdout, "{\"done\": true}\n");
    assert_eq!(targets(&server), ["/runs/7"; 3]);
}

#[test]
fn help_names_the_field_of_the_status() {
    let server = Server::scripted([]);
    for (name, expected) in [
        (
            "runs.submit",
            "polls runs.get until `state.life_cycle_state` is `TERMINATED`",
        ),
        ("runs.stop", "polls runs.get until `done` is `true`"),
    ] {
        let outcome = call(&server, &[name, "--help"]);
        assert!(outcome.stdout.contains(expected), "{outcome}");
    }
}

#[test]
fn pages_at_urls_are_one_list_and_other_servers_are_refused() {
    let server = Server::scripted([
        Action::json(200, r#"{"page": {"names": ["a"], "next": "/runs?page=2"}}"#),
        Action::json(200, r#"{"page": {"names": ["b"]}}"#),
    ]);
    let outcome = call(&server, &["runs.list", "--all"]);
    assert_eq!(outcome.stdout, "[\"a\", \"b\"]\n", "{outcome}");
    assert_eq!(targets(&server), ["/runs", "/runs?page=2"]);

    let other = Server::scripted([]);
    let next = format!(
        r#"{{"page": {{"names": [], "next": "{}/runs"}}}}"#,
        other.url()
    );
    let server = Server::scripted([Action::json(200, next)]);
    let outcome = call(&server, &["runs.list", "--all"]);
    assert_ne!(outcome.code, Some(0), "{outcome}");
    assert!(outcome.stderr.contains("another server"), "{outcome}");
    assert_eq!(other.connections(), 0);
}
