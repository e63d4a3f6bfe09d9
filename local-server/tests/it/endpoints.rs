//! Responses of the endpoints, including errors.

use local_server::{Options, Quirk, Server, SparkChoice};
use serde_json::{Value, json};

use crate::harness::{CLUSTER, Harness, create, poll, post, request};

#[test]
fn context_is_created_and_destroyed() {
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
fn command_status_is_formatted_as_by_databricks() {
    let harness = Harness::start();
    let id = harness.submit("print(1)");
    harness.results(&id);
    let expected = format!(
        r#"{{"id":"{id}","results":{{"data":"1","resultType":"text"}},"status":"Finished"}}"#
    );
    assert_eq!(harness.command(&id).body, expected);
}

#[test]
fn results_are_null_until_there_is_output() {
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
fn ids_are_not_sequential() {
    let harness = Harness::start();
    let number = |id: String| u64::from_str_radix(&id.replace('-', "")[..16], 16).unwrap();
    let (first, second) = (number(harness.submit("1")), number(harness.submit("1")));
    assert!(first.abs_diff(second) > 1000, "{first:x} {second:x}");
}

#[test]
fn commands_wait_until_the_interpreter_is_ready() {
    let server = Server::start(Options::new()).unwrap();
    let context = create(&server);
    let harness = Harness { server, context };
    assert_eq!(harness.text("6 * 7"), "42");
}

#[test]
fn missing_field_is_reported_with_its_name() {
    let harness = Harness::start();
    let missing = |path: &str, body: Value| {
        let response = harness.post(path, &body);
        assert_eq!(response.status, 400);
        response.error()
    };
    let prefix = "IllegalArgumentException: requirement failed: missing ";
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
            format!("{prefix}{field}")
        );
    }
    for (target, field) in [
        ("contexts/status", "clusterId"),
        ("contexts/status?clusterId=x", "contextId"),
        ("commands/status?clusterId=x&contextId=1", "commandId"),
    ] {
        let response = harness.get(&format!("/api/1.2/{target}"));
        assert_eq!(response.status, 400);
        assert_eq!(response.error(), format!("{prefix}{field}"));
    }
}

#[test]
fn unknown_ids_have_status_404() {
    let harness = Harness::start();
    let context = harness.context.clone();
    let unknown_context = |response: crate::harness::Response| {
        assert_eq!(response.status, 404, "{}", response.body);
        let error = response.error();
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
    for response in [harness.command("1"), harness.cancel("1")] {
        assert_eq!(response.status, 404);
        assert!(
            response.error().contains("command 1 does not exist"),
            "{}",
            response.body
        );
    }
    assert_eq!(harness.text("1"), "1", "the context still works");
}

#[test]
fn context_in_a_language_that_is_not_available_is_rejected() {
    let harness = Harness::with(Options::new().spark(SparkChoice::None));
    let create = |language: &str| {
        let body = json!({"clusterId": CLUSTER, "language": language});
        harness.post("/api/1.2/contexts/create", &body)
    };
    assert_eq!(create("PYTHON").status, 200);
    for language in ["scala", "SQL"] {
        let response = create(language);
        assert_eq!(response.status, 400);
        let name = language.to_lowercase();
        let expected = format!(
            "cannot run {name}: this server runs without Spark; start the server with Spark"
        );
        assert!(response.error().ends_with(&expected), "{}", response.body);
    }
    let response = create("cobol");
    assert_eq!(response.status, 400);
    let error = response.error();
    for name in ["cobol", "python", "scala", "sql"] {
        assert!(error.contains(name), "{error}");
    }
    assert_eq!(harness.server.contexts(), 2);
}

#[test]
fn command_in_an_unsupported_language_is_rejected() {
    let harness = Harness::start();
    let body = json!({
        "clusterId": CLUSTER, "contextId": harness.context, "language": "scala", "command": "1",
    });
    let response = harness.post("/api/1.2/commands/execute", &body);
    assert_eq!(response.status, 400);
    assert!(response.error().contains("scala"), "{}", response.body);
}

#[test]
fn unknown_paths_and_methods_have_status_404() {
    let server = Server::start(Options::new().token("secret")).unwrap();
    for (method, target, named) in [
        ("GET", "/x?y=1", "GET /x"),
        (
            "GET",
            "/.well-known/openid-configuration",
            "GET /.well-known/openid-configuration",
        ),
        ("POST", "/api/1.2/contexts", "POST /api/1.2/contexts"),
        ("PUT", "/api/1.2/nope", "PUT /api/1.2/nope"),
    ] {
        let response = request(server.address(), method, target, &[], b"");
        let message = format!("No API found for '{named}'");
        let expected = json!({"error_code": "ENDPOINT_NOT_FOUND", "message": message});
        assert_eq!((response.status, response.json()), (404, expected));
    }
    let wrong_method = ["Authorization: Bearer secret"];
    let target = "/api/1.2/contexts/create";
    let response = request(server.address(), "GET", target, &wrong_method, b"");
    assert_eq!(response.status, 404);
    assert_eq!(
        response.json()["message"],
        format!("No API found for 'GET {target}'")
    );
}

#[test]
fn metadata_for_sdks_is_available_without_credentials() {
    let server = Server::start(Options::new().token("secret")).unwrap();
    let target = "/.well-known/databricks-config";
    let response = request(server.address(), "GET", target, &[], b"");
    assert_eq!((response.status, response.json()), (200, json!({})));
}

#[test]
fn context_beyond_the_limit_is_rejected() {
    let options = Options::new().max_contexts(1);
    let harness = Harness::with(options.quirk(Quirk::EvictIdleContexts, false));
    let body = json!({"clusterId": CLUSTER, "language": "python"});
    let response = harness.post("/api/1.2/contexts/create", &body);
    assert_eq!(response.status, 400);
    assert!(
        response.error().contains("limit of 1 execution contexts"),
        "{}",
        response.body
    );
    harness.destroy();
    assert_eq!(harness.post("/api/1.2/contexts/create", &body).status, 200);
}

#[test]
fn port_in_use_is_reported() {
    let server = Server::start(Options::new()).unwrap();
    let port = server.address().port();
    assert_eq!(server.url(), format!("http://127.0.0.1:{port}"));
    let error = Server::start(Options::new().port(port)).unwrap_err();
    assert!(error.is_port_in_use());
    assert_eq!(
        error.to_string(),
        format!("port {port} of 127.0.0.1 is already in use")
    );
}

#[test]
fn missing_interpreter_is_reported_on_create() {
    let server = Server::start(Options::new().python("/no/such/python")).unwrap();
    let body = json!({"clusterId": CLUSTER, "language": "python"});
    let response = post(&server, "/api/1.2/contexts/create", &body);
    assert_eq!(response.status, 500);
    assert!(
        response.error().contains("`/no/such/python`"),
        "{}",
        response.body
    );
    assert_eq!(server.contexts(), 0);
}

#[test]
fn exit_of_another_program_fails_the_context() {
    let server = Server::start(Options::new().python("ls")).unwrap();
    let context = create(&server);
    let harness = Harness { server, context };
    harness.await_context("Error");
    let response = poll(|| Some(harness.execute("1")));
    assert_eq!(response.status, 500);
    assert!(
        response.error().contains("exit code 2"),
        "{}",
        response.body
    );
    assert!(
        response.error().contains("ls: "),
        "output of the program: {}",
        response.body
    );
}
