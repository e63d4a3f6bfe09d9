//! The six endpoints: what they answer, and how they say no.

use local_server::{Options, Server};
use serde_json::{Value, json};

use crate::harness::{CLUSTER, Harness, create, poll, post, request};

#[test]
fn a_context_from_create_to_destroy() {
    let harness = Harness::start();
    let id = harness.context.as_str();
    assert!(
        id.len() > 16 && id.bytes().all(|byte| byte.is_ascii_digit()),
        "{id}"
    );

    let status = harness.context_status();
    assert_eq!(status.json(), json!({"id": id, "status": "Running"}));
    assert_eq!(status.header("content-type"), Some("application/json"));
    assert_eq!(harness.server.contexts(), 1);

    let destroyed = harness.destroy();
    assert_eq!(
        (destroyed.status, destroyed.json()),
        (200, json!({"id": id}))
    );
    assert_eq!(harness.server.contexts(), 0);

    let again = harness.destroy();
    assert_eq!(again.status, 404);
    assert_eq!(harness.context_status().status, 404);
}

#[test]
fn a_command_is_answered_as_the_service_does() {
    let harness = Harness::start();
    let id = harness.submit("print(1)");
    harness.results(&id);
    let expected = format!(
        r#"{{"id":"{id}","results":{{"data":"1","resultType":"text"}},"status":"Finished"}}"#
    );
    assert_eq!(harness.command(&id).body, expected);
}

#[test]
fn results_are_null_until_something_is_printed() {
    let harness = Harness::start();
    let running = harness.submit("import time; time.sleep(1000)");
    let queued = harness.submit("1");
    harness.await_command(&running, "Running");
    assert_eq!(
        harness.command(&running).json(),
        json!({"id": running, "results": null, "status": "Running"})
    );
    assert_eq!(
        harness.command(&queued).json(),
        json!({"id": queued, "results": null, "status": "Queued"})
    );
}

#[test]
fn ids_do_not_follow_from_each_other() {
    let harness = Harness::start();
    let number = |id: String| u64::from_str_radix(&id.replace('-', "")[..16], 16).unwrap();
    let (first, second) = (number(harness.submit("1")), number(harness.submit("1")));
    assert!(first.abs_diff(second) > 1000, "{first:x} {second:x}");
}

#[test]
fn commands_sent_before_the_interpreter_is_ready_wait_for_it() {
    let server = Server::start(Options::new()).unwrap();
    let context = create(&server);
    let harness = Harness { server, context };
    assert_eq!(harness.text("6 * 7"), "42");
}

#[test]
fn missing_fields_are_named() {
    let harness = Harness::start();
    let missing = |path: &str, body: Value| {
        let reply = harness.post(path, &body);
        assert_eq!(reply.status, 400);
        reply.error()
    };
    let words = "IllegalArgumentException: requirement failed: missing ";
    for (path, body, field) in [
        ("contexts/create", json!({}), "clusterId"),
        ("contexts/create", json!({"clusterId": "x"}), "language"),
        ("contexts/create", json!({"clusterId": null}), "clusterId"),
        ("contexts/destroy", json!({"clusterId": "x"}), "contextId"),
        (
            "commands/execute",
            json!({"clusterId": "__non_existing__"}),
            "contextId",
        ),
        (
            "commands/execute",
            json!({"clusterId": "x", "contextId": "1"}),
            "language",
        ),
        (
            "commands/cancel",
            json!({"clusterId": "x", "contextId": "1"}),
            "commandId",
        ),
    ] {
        assert_eq!(
            missing(&format!("/api/1.2/{path}"), body),
            format!("{words}{field}")
        );
    }
    for (target, field) in [
        ("contexts/status", "clusterId"),
        ("contexts/status?clusterId=x", "contextId"),
        ("commands/status?clusterId=x&contextId=1", "commandId"),
    ] {
        let reply = harness.get(&format!("/api/1.2/{target}"));
        assert_eq!(reply.status, 400);
        assert_eq!(reply.error(), format!("{words}{field}"));
    }
}

#[test]
fn unknown_ids_are_not_found() {
    let harness = Harness::start();
    let context = harness.context.clone();
    let unknown_context = |reply: crate::harness::Reply| {
        assert_eq!(reply.status, 404, "{}", reply.body);
        let error = reply.error();
        assert!(
            error.contains("context") && error.contains("does not exist"),
            "{error}"
        );
    };
    for (cluster, context) in [(CLUSTER, "1"), ("other", context.as_str())] {
        let body = json!({
            "clusterId": cluster, "contextId": context, "commandId": "1",
            "language": "python", "command": "1",
        });
        for path in ["contexts/destroy", "commands/execute", "commands/cancel"] {
            unknown_context(harness.post(&format!("/api/1.2/{path}"), &body));
        }
        for path in ["contexts/status", "commands/status"] {
            unknown_context(harness.get(&format!(
                "/api/1.2/{path}?clusterId={cluster}&contextId={context}&commandId=1"
            )));
        }
    }
    for reply in [harness.command("1"), harness.cancel("1")] {
        assert_eq!(reply.status, 404);
        assert!(
            reply.error().contains("command 1 does not exist"),
            "{}",
            reply.body
        );
    }
    assert_eq!(harness.text("1"), "1", "the context is as it was");
}

#[test]
fn languages() {
    let harness = Harness::start();
    let create = |language: &str| {
        let body = json!({"clusterId": CLUSTER, "language": language});
        harness.post("/api/1.2/contexts/create", &body)
    };
    assert_eq!(create("PYTHON").status, 200);
    for known in ["scala", "SQL", "r"] {
        let reply = create(known);
        assert_eq!(reply.status, 400);
        let expected = format!("does not run {} yet, only python", known.to_lowercase());
        assert!(reply.error().contains(&expected), "{}", reply.body);
    }
    let reply = create("cobol");
    assert_eq!(reply.status, 400);
    let error = reply.error();
    for word in ["cobol", "python", "scala", "sql"] {
        assert!(error.contains(word), "{error}");
    }
    assert_eq!(harness.server.contexts(), 2);
}

#[test]
fn a_command_in_a_language_that_does_not_run_here_is_refused() {
    let harness = Harness::start();
    let body = json!({
        "clusterId": CLUSTER, "contextId": harness.context, "language": "scala", "command": "1",
    });
    let reply = harness.post("/api/1.2/commands/execute", &body);
    assert_eq!(reply.status, 400);
    assert!(reply.error().contains("scala"), "{}", reply.body);
}

#[test]
fn unknown_paths_and_methods() {
    let server = Server::start(Options::new().token("secret")).unwrap();
    for (method, target, named) in [
        ("GET", "/x?y=1", "GET /x"),
        (
            "GET",
            "/.well-known/databricks-config",
            "GET /.well-known/databricks-config",
        ),
        ("POST", "/api/1.2/contexts", "POST /api/1.2/contexts"),
        ("PUT", "/api/1.2/nope", "PUT /api/1.2/nope"),
    ] {
        let reply = request(server.address(), method, target, &[], b"");
        let message = format!("No API found for '{named}'");
        let expected = json!({"error_code": "ENDPOINT_NOT_FOUND", "message": message});
        assert_eq!((reply.status, reply.json()), (404, expected));
    }
    let wrong_method = ["Authorization: Bearer secret"];
    let target = "/api/1.2/contexts/create";
    let reply = request(server.address(), "GET", target, &wrong_method, b"");
    assert_eq!(reply.status, 404);
    assert_eq!(
        reply.json()["message"],
        format!("No API found for 'GET {target}'")
    );
}

#[test]
fn no_more_contexts_than_the_limit() {
    let harness = Harness::with(Options::new().max_contexts(1));
    let body = json!({"clusterId": CLUSTER, "language": "python"});
    let reply = harness.post("/api/1.2/contexts/create", &body);
    assert_eq!(reply.status, 400);
    assert!(
        reply.error().contains("limit of 1 execution contexts"),
        "{}",
        reply.body
    );
    harness.destroy();
    assert_eq!(harness.post("/api/1.2/contexts/create", &body).status, 200);
}

#[test]
fn a_port_in_use_is_named() {
    let server = Server::start(Options::new()).unwrap();
    let port = server.address().port();
    assert_eq!(server.url(), format!("http://127.0.0.1:{port}"));
    let error = Server::start(Options::new().port(port)).unwrap_err();
    assert!(error.is_port_in_use());
    assert_eq!(
        error.to_string(),
        format!("port {port} of 127.0.0.1 is in use")
    );
}

#[test]
fn an_interpreter_that_is_not_there() {
    let server = Server::start(Options::new().python("/no/such/python")).unwrap();
    let body = json!({"clusterId": CLUSTER, "language": "python"});
    let reply = post(&server, "/api/1.2/contexts/create", &body);
    assert_eq!(reply.status, 500);
    assert!(
        reply.error().contains("`/no/such/python`"),
        "{}",
        reply.body
    );
    assert_eq!(server.contexts(), 0);
}

#[test]
fn a_program_that_is_no_interpreter() {
    let server = Server::start(Options::new().python("ls")).unwrap();
    let context = create(&server);
    let harness = Harness { server, context };
    harness.await_context("Error");
    let reply = poll(|| Some(harness.execute("1")));
    assert_eq!(reply.status, 500);
    assert!(reply.error().contains("exit code 2"), "{}", reply.body);
    assert!(
        reply.error().contains("ls: "),
        "it says what it printed: {}",
        reply.body
    );
}
