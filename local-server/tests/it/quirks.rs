//! Behaviors of Databricks that can be switched.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt as _;
use std::time::Duration;

use local_server::{Options, Quirk, Server};
use serde_json::json;

use crate::harness::{CLUSTER, Harness, Response, create, id, poll, post, request};

fn with(quirk: Quirk, is_on: bool) -> Harness {
    Harness::with(Options::new().quirk(quirk, is_on))
}

#[test]
fn destroy_and_cancel_may_respond_with_an_empty_object() {
    for is_on in [true, false] {
        let harness = with(Quirk::ReturnIds, is_on);
        let command = harness.submit("1");
        let expected = |id: &str| {
            if is_on {
                json!({ "id": id })
            } else {
                json!({})
            }
        };
        assert_eq!(harness.cancel(&command).json(), expected(&command));
        assert_eq!(harness.destroy().json(), expected(&harness.context));
    }
}

#[test]
fn missing_results_may_be_absent() {
    for is_on in [true, false] {
        let harness = with(Quirk::NullResults, is_on);
        let command = harness.submit("while True: pass");
        harness.await_command(&command, "Running");
        let response = harness.command(&command).json();
        assert_eq!(response.get("results"), is_on.then_some(&json!(null)));
    }
}

#[test]
fn output_of_running_commands_may_be_absent() {
    let harness = with(Quirk::PartialResults, false);
    let file = std::env::temp_dir().join(format!("local-server-{}", harness.context));
    let command = harness.submit(&format!(
        "print('a', flush=True); open({file:?}, 'w').close()\nwhile True: pass"
    ));
    poll(|| file.exists().then_some(()));
    fs::remove_file(&file).unwrap();
    for _ in 0..50 {
        assert_eq!(harness.command(&command).json()["results"], json!(null));
    }
}

#[test]
fn canceled_command_may_have_the_documented_status() {
    for (is_on, status) in [(true, "Finished"), (false, "Cancelled")] {
        let harness = with(Quirk::CancelIsFinished, is_on);
        let command = harness.submit("while True: pass");
        harness.await_command(&command, "Running");
        harness.cancel(&command);
        harness.await_command(&command, status);
        let cause = &harness.command(&command).json()["results"]["cause"];
        let cause = cause.as_str().unwrap();
        assert!(cause.contains("CommandCancelledException"), "{cause}");
        // Other commands are not affected.
        let failed = harness.submit("1/0");
        harness.await_command(&failed, "Finished");
    }
}

#[test]
fn first_context_of_a_cluster_may_be_rejected() {
    let server = Server::start(Options::new().quirk(Quirk::ClusterNotReady, true)).unwrap();
    let create_on = |cluster: &str| -> Response {
        let body = json!({"clusterId": cluster, "language": "python"});
        post(&server, "/api/1.2/contexts/create", &body)
    };
    for cluster in ["a", "b"] {
        let response = create_on(cluster);
        assert_eq!(response.status, 500);
        let error = response.error();
        assert!(error.starts_with("ClusterNotReadyException: "), "{error}");
        id(&create_on(cluster));
    }
    assert_eq!(server.contexts(), 2);

    // So is the first one after the cluster has been started again.
    let change = |endpoint: &str, state: &str| {
        let path = format!("/api/2.1/clusters/{endpoint}");
        assert_eq!(
            post(&server, &path, &json!({"cluster_id": "a"})).status,
            200
        );
        let target = "/api/2.1/clusters/get?cluster_id=a";
        let current = || request(server.address(), "GET", target, &[], b"").json();
        poll(|| (current()["state"] == state).then_some(()));
    };
    change("delete", "TERMINATED");
    change("start", "RUNNING");
    assert_eq!(create_on("a").status, 500);
    id(&create_on("a"));
}

#[test]
fn first_status_may_be_pending_or_queued() {
    let options = Options::new()
        .quirk(Quirk::PendingContext, true)
        .quirk(Quirk::QueuedCommand, true);
    let server = Server::start(options).unwrap();
    let context = create(&server);
    let harness = Harness { server, context };
    // The file shows that the interpreter runs.
    let file = std::env::temp_dir().join(format!("local-server-first-{}", harness.context));
    let command = harness.submit(&format!("open({file:?}, 'w').close()"));
    poll(|| file.exists().then_some(()));
    fs::remove_file(&file).unwrap();
    assert_eq!(harness.context_status().json()["status"], "Pending");
    assert_eq!(harness.context_status().json()["status"], "Running");
    assert_eq!(harness.command_status(&command), "Queued");
    harness.await_command(&command, "Finished");
}

#[test]
fn pending_context_may_reject_commands() {
    let directory = tempfile::tempdir().unwrap();
    let never_ready = directory.path().join("python");
    fs::write(&never_ready, "#!/bin/sh\nexec sleep 1000\n").unwrap();
    fs::set_permissions(&never_ready, Permissions::from_mode(0o755)).unwrap();
    let options = Options::new()
        .quirk(Quirk::RejectWhilePending, true)
        .python(&never_ready);
    let server = Server::start(options).unwrap();
    let context = create(&server);
    let harness = Harness { server, context };
    let response = harness.execute("1");
    assert_eq!(response.status, 500);
    let error = response.error();
    assert!(error.contains("python kernel is not defined"), "{error}");
}

#[test]
fn errors_may_have_markup() {
    let options = Options::new()
        .quirk(Quirk::HtmlSummary, true)
        .quirk(Quirk::AnsiCause, true);
    let harness = Harness::with(options);
    let (summary, cause) = harness.failure("raise ValueError('a < b')");
    let expected = "<span class=\"ansi-red-fg\">ValueError</span>: a &lt; b";
    assert_eq!(summary, expected);
    let expected = "\u{1b}[0;31mValueError\u{1b}[0m: a < b";
    assert!(cause.ends_with(expected), "{cause}");
}

#[test]
fn idle_context_that_was_used_least_recently_is_evicted() {
    let harness = Harness::with(Options::new().max_contexts(2));
    let second = create(&harness.server);
    // The first one is used after the second one was created.
    assert_eq!(harness.text("1"), "1");
    let status = |context: &str| {
        let target = format!("/api/1.2/contexts/status?clusterId={CLUSTER}&contextId={context}");
        request(harness.server.address(), "GET", &target, &[], b"")
    };
    poll(|| (status(&second).json()["status"] == "Running").then_some(()));
    create(&harness.server);
    assert_eq!(harness.server.contexts(), 2);
    assert_eq!(harness.text("2"), "2");
    let response = status(&second);
    assert_eq!(response.status, 500);
    assert_eq!(
        response.error(),
        format!("IllegalStateException: Context ExecutionContextId({second}) is disconnected.")
    );
    // Other clusters have contexts of their own.
    let body = json!({"clusterId": "other", "language": "python"});
    id(&post(&harness.server, "/api/1.2/contexts/create", &body));
    assert_eq!(harness.server.contexts(), 3);
}

#[test]
fn contexts_with_commands_are_not_evicted() {
    let harness = Harness::with(Options::new().max_contexts(1));
    let command = harness.submit("while True: pass");
    harness.await_command(&command, "Running");
    let body = json!({"clusterId": CLUSTER, "language": "python"});
    let response = harness.post("/api/1.2/contexts/create", &body);
    assert_eq!(response.status, 400);
    let error = response.error();
    assert!(error.contains("limit of 1 execution contexts"), "{error}");
    harness.cancel(&command);
    harness.await_command(&command, "Finished");
    id(&harness.post("/api/1.2/contexts/create", &body));
}

#[test]
fn context_is_evicted_after_the_idle_timeout() {
    let server = Server::start(Options::new().idle_timeout(Duration::from_millis(1))).unwrap();
    let context = create(&server);
    let harness = Harness { server, context };
    poll(|| (harness.server.contexts() == 0).then_some(()));
    let error = harness.context_status().error();
    assert!(error.ends_with("is disconnected."), "{error}");
    let response = harness.execute("1");
    assert!(response.error().ends_with("is disconnected."));
}

#[test]
fn processes_of_evicted_contexts_end_before_the_server() {
    let harness = Harness::with(Options::new().max_contexts(1));
    let interpreter = harness.interpreter();
    create(&harness.server);
    drop(harness.server);
    assert!(!crate::harness::is_alive(interpreter));
}

#[test]
fn magic_commands_are_rejected() {
    let harness = Harness::start();
    for (command, error) in [
        (
            "%run ./other",
            "UnsupportedOperationException: the API does not support `%run`; send the code of the \
             other notebook as a command before this one",
        ),
        (
            "# rows\n%sql select 1",
            "UnsupportedOperationException: the API does not support `%sql`; send the query as a \
             command with the language `sql`",
        ),
        (
            "!ls",
            "UnsupportedOperationException: the API does not support `!`; use `subprocess.run` to \
             run a program",
        ),
    ] {
        let response = harness.execute(command);
        assert_eq!(response.status, 400, "{command}");
        assert_eq!(response.error(), error);
    }
    let text = harness.text("print('''\n%run ./other''')");
    assert_eq!(text, "\n%run ./other");
}

#[test]
fn values_may_have_a_prefix() {
    let harness = with(Quirk::OutPrefix, true);
    assert_eq!(harness.text("print(1); 'a'"), "1\nOut[1]: 'a'");
    assert_eq!(harness.text("2"), "Out[2]: 2");
}
