//! Results of commands.

use std::fs;

use generated_client::{
    CommandStatus, ExecutionContext, Language, Results, RunError, Upload, Wait, commands, contexts,
};
use serde_json::{Value, json};

use super::waits::InterruptOnPanic;
use super::{CLUSTER, client, failure, python};

#[test]
fn text_output_is_returned() {
    let (_server, context) = python();
    let cases = [
        ("print('größe 🦀')", Some("größe 🦀"), "größe 🦀"),
        ("6 * 7", Some("42"), "42"),
        ("print(1); 2", Some("1\n2"), "1\n2"),
    ];
    for (code, text, shown) in cases {
        let output = context.run(code).unwrap();
        assert_eq!(output.text(), text, "{code}");
        assert_eq!(output.to_string(), shown, "{code}");
        assert!(!output.is_truncated());
    }
    let nothing = context.run("x = 1").unwrap();
    assert_eq!(nothing.to_string(), "");
    assert_eq!(
        context.run("x + 1").unwrap().text(),
        Some("2"),
        "variables are kept"
    );
}

#[test]
fn file_is_executed() {
    let (_server, context) = python();
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("a \"quoted\" name.py");
    fs::write(
        &path,
        "def double(x):\n\treturn 2 * x\n\nprint(double('größe\\n'), end='')\n",
    )
    .unwrap();
    assert_eq!(
        context.run_file(&path).unwrap().text(),
        Some("größe\ngröße")
    );
    // Large enough for `expect: 100-continue`.
    fs::write(&path, format!("# {}\nlen('x')", "x".repeat(2 << 20))).unwrap();
    assert_eq!(context.run_file(&path).unwrap().text(), Some("1"));
    let absent = failure(context.run_file(directory.path().join("absent.py")));
    assert!(
        matches!(&absent, RunError::Request(error) if !error.may_have_been_processed()),
        "{absent:?}"
    );
}

#[test]
fn exception_is_a_failed_command() {
    let (_server, context) = python();
    let RunError::Failed(failed) = failure(context.run("print('before')\n1 / 0")) else {
        panic!("not failed");
    };
    assert_eq!(failed.language, Language::Python);
    let summary = failed.summary.as_deref().unwrap();
    assert!(summary.contains("ZeroDivisionError"), "{summary}");
    let cause = failed.cause.as_deref().unwrap();
    assert!(
        cause.contains("Traceback") && cause.contains("division by zero"),
        "{cause}"
    );
    assert!(
        !failed.to_string().contains('\u{1b}'),
        "escape sequences in the message: {failed}"
    );
    // The context is still usable.
    assert_eq!(context.run("1").unwrap().text(), Some("1"));
    let RunError::Failed(failed) = failure(context.run("def f(:")) else {
        panic!("not failed");
    };
    assert!(failed.to_string().contains("SyntaxError"), "{failed}");
}

/// Exceptions whose messages are those of lost contexts and canceled commands.
#[test]
fn exception_with_misleading_message_is_a_failed_command() {
    let (_server, context) = python();
    for message in [
        "context not found",
        "kernel is unresponsive",
        "The context is disconnected.",
    ] {
        let error = failure(context.run(&format!("raise RuntimeError({message:?})")));
        assert!(
            matches!(&error, RunError::Failed(failed) if failed.to_string().contains(message)),
            "{error:?}"
        );
    }
}

#[test]
fn exit_of_the_interpreter_loses_the_context() {
    let (server, context) = python();
    let error = failure(context.run("import os; os._exit(3)"));
    assert!(matches!(error, RunError::ContextLost(_)), "{error:?}");
    let error = failure(context.run("1"));
    assert!(matches!(error, RunError::ContextLost(_)), "{error:?}");
    drop(context);
    assert_eq!(server.contexts(), 0);
}

#[test]
fn destroyed_context_is_lost() {
    let (server, context) = python();
    contexts::destroy(
        &client(&server),
        &contexts::Destroy::new(CLUSTER, context.id()),
    )
    .unwrap();
    let error = failure(context.run("1"));
    assert!(matches!(error, RunError::ContextLost(_)), "{error:?}");
    assert_eq!(server.contexts(), 0);
}

#[test]
fn context_destroyed_during_a_command_is_lost() {
    let server = tests::serve::start();
    let own = client(&server);
    let context = ExecutionContext::create(&own, CLUSTER, Language::Python).unwrap();
    let directory = tempfile::tempdir().unwrap();
    let started = directory.path().join("runs");
    let code = format!(
        "open({:?}, 'w').close()\nimport time\ntime.sleep(3600)",
        started.display().to_string()
    );
    std::thread::scope(|scope| {
        let _guard = InterruptOnPanic(own.interrupt().clone());
        let running = scope.spawn(|| failure(context.run(&code)));
        super::waits::until(|| started.exists());
        contexts::destroy(
            &client(&server),
            &contexts::Destroy::new(CLUSTER, context.id()),
        )
        .unwrap();
        let error = running.join().unwrap();
        assert!(matches!(error, RunError::ContextLost(_)), "{error:?}");
    });
    assert_eq!(server.contexts(), 0);
}

#[test]
fn raw_responses_are_available_as_json() {
    let (server, context) = python();
    let client = client(&server);
    let response = |code: &str| -> Value {
        let request = commands::Execute::new(CLUSTER, context.id(), Language::Python, code);
        let command = commands::execute(&client, &request).unwrap();
        commands::wait_for_execute(&client, &request, &command, Wait::new()).unwrap();
        let status = commands::Status::new(CLUSTER, context.id(), &command.id);
        let response = client.send(commands::Status::OPERATION, &status).unwrap();
        let mut json: Value = serde_json::from_slice(response.body()).unwrap();
        assert_eq!(json["id"].take(), json!(command.id.as_str()));
        json
    };
    let expected = json!({
        "id": null, "status": "Finished", "results": {"resultType": "text", "data": "42"},
    });
    let mut text = response("42");
    if let Some(results) = text["results"].as_object_mut() {
        results.retain(|key, _| key == "resultType" || key == "data");
    }
    assert_eq!(text, expected);
    let error = response("1 / 0");
    assert_eq!(error["status"], "Finished");
    assert_eq!(error["results"]["resultType"], "error");
    assert!(error["results"]["summary"].is_string(), "{error}");
    assert!(error["results"]["cause"].is_string(), "{error}");
}

#[test]
fn endpoint_functions_run_a_command() {
    let (server, context) = python();
    let client = client(&server);
    let file = Upload::bytes("hello.py", "print('hello')");
    let request = commands::ExecuteFile::new(CLUSTER, context.id(), Language::Python, file);
    let command = commands::execute_file(&client, &request).unwrap();
    let finished =
        commands::wait_for_execute_file(&client, &request, &command, Wait::new()).unwrap();
    assert_eq!(finished.status, CommandStatus::Finished);
    assert_eq!(finished.id.as_ref(), Some(&command.id));
    let Some(Results::Text(text)) = finished.results else {
        panic!("{:?}", finished.results)
    };
    assert_eq!(text.data, Some(json!("hello").into()));
}
