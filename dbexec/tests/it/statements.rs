//! SQL code with several statements.

use std::fs;
use std::io;
use std::sync::{Arc, Mutex};

use rustix::process::Signal;
use serde_json::{Value, json};
use test_server::{Connection, Server};

use crate::cleanup::NOTICE;
use crate::support::{CLUSTER, Outcome, Running, Sandbox, TOKEN, until};

/// Statements with a line in which a table of strings is the result.
const CODE: &str = "-- names\nCREATE a;\n\nSELECT\n  ';';\nSELECT 2 -- end\n";

/// Workspace whose commands have a table with their code as the result, an error if they contain `fail`, and no end
/// if they contain `endless`.
struct Workspace {
    server: Server,
    commands: Arc<Mutex<Vec<String>>>,
}

impl Workspace {
    fn start() -> Self {
        let commands: Arc<Mutex<Vec<String>>> = Arc::default();
        let received = Arc::clone(&commands);
        let server = Server::start(move |connection| respond(connection, &received));
        Self { server, commands }
    }

    fn arguments(&self, arguments: &[&str]) -> Vec<String> {
        let url = self.server.url();
        let workspace = ["--host", &url, "--token", TOKEN, "--cluster", CLUSTER];
        let all = ["run"].iter().chain(arguments).chain(&workspace);
        all.map(|text| (*text).to_owned()).collect()
    }

    fn run(&self, sandbox: &Sandbox, arguments: &[&str]) -> Outcome {
        sandbox.run(self.arguments(arguments))
    }

    /// Returns the code of the commands so far, and forgets them.
    fn take_commands(&self) -> Vec<String> {
        std::mem::take(&mut self.commands.lock().unwrap())
    }
}

fn respond(mut connection: Connection, commands: &Mutex<Vec<String>>) -> io::Result<()> {
    let request = connection.read_request()?;
    let mut commands = commands.lock().unwrap();
    let body = match request.target().trim_start_matches("/api/1.2/") {
        "contexts/create" => json!({"id": "1"}),
        "contexts/destroy" => json!({}),
        "commands/execute" => {
            let body: Value = serde_json::from_str(request.text()).unwrap_or_default();
            let code = body["command"].as_str().unwrap_or(request.text());
            commands.push(code.to_owned());
            json!({"id": commands.len().to_string()})
        }
        "commands/cancel" => {
            commands.push("cancel".to_owned());
            json!({"id": "2"})
        }
        target if target.starts_with("contexts/status") => json!({"status": "Running"}),
        _ => status(commands.last().map(String::as_str).unwrap_or_default()),
    };
    let headers = ["content-type: application/json", "connection: close"];
    connection.respond(200, &headers, body.to_string())
}

fn status(code: &str) -> Value {
    if code == "cancel" {
        return json!({"status": "Cancelled", "results": null});
    }
    if code.contains("endless") {
        return json!({"status": "Running", "results": null});
    }
    let results = if code.contains("fail") {
        let summary = "ParseException: [PARSE_SYNTAX_ERROR] at 'x' (line 2, pos 3)";
        json!({"resultType": "error", "summary": summary, "cause": "x"})
    } else {
        let schema = json!([{"name": "code", "type": "\"string\""}]);
        json!({"resultType": "table", "schema": schema, "data": [[code]]})
    };
    json!({"status": "Finished", "results": results})
}

#[test]
fn each_statement_is_a_command_whose_result_is_printed() {
    let sandbox = Sandbox::new();
    let workspace = Workspace::start();
    let commands = ["-- names\nCREATE a", "SELECT\n  ';'", "SELECT 2 -- end"];
    sandbox.write("a.sql", CODE);
    let csv = "code\n\"-- names\nCREATE a\"\ncode\n\"SELECT\n  ';'\"\ncode\nSELECT 2 -- end\n";
    let outcome = workspace.run(&sandbox, &["--output", "csv", "a.sql"]);
    outcome.assert(0, csv, "");
    assert_eq!(workspace.take_commands(), commands);

    let json = "[\n[\n{\"code\":\"-- names\\nCREATE a\"}\n]\n,\n[\n{\"code\":\"SELECT\\n  ';'\"}\n]\n\
                ,\n[\n{\"code\":\"SELECT 2 -- end\"}\n]\n]\n";
    let outcome = workspace.run(&sandbox, &["-o", "json", "-l", "sql", "-c", CODE]);
    outcome.assert(0, json, "");
    assert_eq!(workspace.take_commands(), commands);

    let command = sandbox.command(workspace.arguments(&["-l", "sql", "-"]));
    let outcome = Running::with_input(command, b"SELECT 1; SELECT 2;");
    let text = " code\n --------\n SELECT 1\n code\n --------\n SELECT 2\n";
    outcome.finish().assert(0, text, "");
}

#[test]
fn code_of_one_statement_is_sent_unchanged() {
    let sandbox = Sandbox::new();
    let workspace = Workspace::start();
    for code in [
        "-- a\nSELECT ';' ; -- b;\n",
        "BEGIN SELECT 1; SELECT 2; END",
    ] {
        let outcome = workspace.run(&sandbox, &["-l", "sql", "-c", code]);
        assert_eq!(outcome.code, Some(0), "{outcome}");
        assert_eq!(workspace.take_commands(), [code]);
    }
    let outcome = workspace.run(&sandbox, &["--as-command", "-l", "sql", "-c", CODE]);
    assert_eq!(outcome.code, Some(0), "{outcome}");
    assert_eq!(workspace.take_commands(), [CODE]);
}

#[test]
fn first_error_ends_the_run_and_names_line_and_statement() {
    let sandbox = Sandbox::new();
    let workspace = Workspace::start();
    let code = "SELECT 1;\n\n-- b\nSELECT\n  fail; SELECT 3; SELECT 4";
    sandbox.write("a.sql", code);
    let first = " code\n --------\n SELECT 1\n";
    let error = |place: &str| {
        format!(
            "ParseException: [PARSE_SYNTAX_ERROR] at 'x' (line 4, pos 3)\n\
             error: {place} (statement 2 of 4) failed after TIME; context destroyed\n"
        )
    };
    let outcome = workspace.run(&sandbox, &["a.sql", "--report", "r.json"]);
    outcome.assert(1, first, &error("a.sql:4"));
    assert_eq!(workspace.take_commands().len(), 2);
    let report = fs::read_to_string(sandbox.path("r.json")).unwrap();
    let report: Value = serde_json::from_str(&report).unwrap();
    let command = &report["commands"][0];
    assert_eq!(report["commands"].as_array().unwrap().len(), 1);
    assert_eq!(
        (&command["statement"], &command["statements"]),
        (&json!(2), &json!(4))
    );
    assert_eq!(
        (&command["error"]["line"], &command["id"]),
        (&json!(4), &json!("2"))
    );

    let message = command["error"]["message"].as_str().unwrap();
    assert!(message.ends_with("(line 4, pos 3)"), "{message}");
    let outcome = workspace.run(&sandbox, &["a.sql", "--parallel", "1"]);
    let summary =
        "a.sql:4 (statement 2 of 4) ParseException: [PARSE_SYNTAX_ERROR] at 'x' (line 4, pos 3)\n";
    assert!(outcome.stderr.contains(summary), "{outcome}");

    let outcome = workspace.run(&sandbox, &["-l", "sql", "-c", code]);
    outcome.assert(1, first, &error("the code"));
    let command = sandbox.command(workspace.arguments(&["-l", "sql"]));
    let outcome = Running::with_input(command, code.as_bytes()).finish();
    outcome.assert(1, first, &error("standard input:4"));
}

#[test]
fn line_of_an_error_is_that_of_the_file_with_one_statement() {
    let sandbox = Sandbox::new();
    sandbox.write("a.sql", "-- b\nSELECT fail");
    let outcome = Workspace::start().run(&sandbox, &["a.sql"]);
    let expected = "ParseException: [PARSE_SYNTAX_ERROR] at 'x' (line 2, pos 3)\n\
                    error: a.sql:2 failed after TIME; context destroyed\n";
    outcome.assert(1, "", expected);
}

#[test]
fn code_without_statements_is_not_sent() {
    let sandbox = Sandbox::new();
    let workspace = Workspace::start();
    sandbox.write("a.sql", "-- nothing;\n;\n");
    let outcome = workspace.run(&sandbox, &["a.sql", "--progress", "plain"]);
    outcome.assert(0, "", "note: a.sql has no statements\n");
    assert_eq!(workspace.server.connections(), 0);
}

#[test]
fn several_statements_are_not_detached() {
    let sandbox = Sandbox::new();
    let workspace = Workspace::start();
    sandbox.write("a.sql", CODE);
    workspace.run(&sandbox, &["--detach", "a.sql"]).assert(
        2,
        "",
        "error: `--detach` starts a single command, but a.sql has 3 statements\n\
         help: run it without `--detach`, or start one script: `BEGIN ... END`\n",
    );
    assert_eq!(workspace.server.connections(), 0);
}

#[test]
fn each_statement_has_the_values_of_its_parameters() {
    let sandbox = Sandbox::new();
    let workspace = Workspace::start();
    sandbox.write(
        "a.sql",
        "SELECT :a;\nSELECT ?, ':a';\nSELECT :a, ? -- :b\n;",
    );
    let values = ["--param", "a:=5", "--", "x"];
    let arguments = |values: &[&str]| {
        let workspace = workspace.arguments(&["a.sql"]);
        let values = values.iter().map(|text| (*text).to_owned());
        workspace.into_iter().chain(values).collect::<Vec<_>>()
    };
    let outcome = sandbox.run(arguments(&values));
    assert_eq!(outcome.code, Some(0), "{outcome}");
    let commands = ["SELECT 5", "SELECT 'x', ':a'", "SELECT 5, 'x' -- :b"];
    assert_eq!(workspace.take_commands(), commands);

    let connections = workspace.server.connections();
    sandbox
        .run(arguments(&["--param", "a=", "--", "x", "y"]))
        .assert(
            2,
            "",
            "error: a.sql:2 (statement 2 of 3): 2 values for 1 parameter (`?`)\n",
        );
    assert_eq!(workspace.server.connections(), connections);
}

#[test]
fn statements_of_a_cell_are_commands() {
    let sandbox = Sandbox::new();
    let workspace = Workspace::start();
    let cells = "# Databricks notebook source\n# MAGIC %sql\n# MAGIC SELECT 1;\n# MAGIC SELECT 2\n\n\
                 # COMMAND ----------\n\n# MAGIC %sql\n# MAGIC SELECT 3;\n# MAGIC -- c\n# MAGIC SELECT\n\
                 # MAGIC   fail";
    sandbox.write("nb.py", cells);
    let outcome = workspace.run(
        &sandbox,
        &["nb.py", "-o", "ndjson", "--save-notebook", "out.ipynb"],
    );
    assert_eq!(outcome.code, Some(1), "{outcome}");
    let rows = "{\"code\":\"\\nSELECT 1\"}\n{\"code\":\"SELECT 2\"}\n{\"code\":\"\\nSELECT 3\"}\n";
    assert_eq!(outcome.stdout.replace("\\n", ""), rows.replace("\\n", ""));
    let error = "error: nb.py:11 (cell 2, statement 2 of 2) failed after ";
    assert!(outcome.stderr.contains(error), "{outcome}");

    let saved = fs::read_to_string(sandbox.path("out.ipynb")).unwrap();
    let saved: Value = serde_json::from_str(&saved).unwrap();
    let kinds: Vec<Vec<_>> = saved["cells"]
        .as_array()
        .unwrap()
        .iter()
        .map(|cell| {
            let outputs = cell["outputs"].as_array().unwrap().iter();
            outputs
                .map(|output| output["output_type"].as_str().unwrap())
                .collect()
        })
        .collect();
    let table = "display_data";
    assert_eq!(kinds, [vec![table, table], vec![table, "error"]]);
}

#[test]
fn signal_cancels_the_statement_and_skips_the_others() {
    let sandbox = Sandbox::new();
    let workspace = Workspace::start();
    sandbox.write("a.sql", "SELECT 1;\nSELECT endless;\nSELECT 3");
    let running = sandbox.start(workspace.arguments(&["a.sql"]));
    until("the second statement runs", || {
        workspace.commands.lock().unwrap().len() == 2
    });
    running.signal(Signal::INT);
    let expected = "interrupted: a.sql (statement 2 of 3) cancelled, context destroyed\n";
    let outcome = running.finish();
    outcome.assert(
        130,
        " code\n --------\n SELECT 1\n",
        &format!("{NOTICE}{expected}"),
    );
    assert_eq!(
        workspace.take_commands(),
        ["SELECT 1", "SELECT endless", "cancel"]
    );
}
