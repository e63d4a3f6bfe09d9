//! What became of a command, each in its own case.

use std::fs;

use generated_client::{
    CommandStatus, ExecutionContext, Language, Results, RunError, Upload, Wait, commands, contexts,
};
use serde_json::{Value, json};

use super::waits::EndWaits;
use super::{CLUSTER, client, failure, python};

#[test]
fn output() {
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
        "names stay"
    );
}

#[test]
fn a_file() {
    let (_server, context) = python();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a \"quoted\" name.py");
    fs::write(
        &path,
        "def double(x):\n\treturn 2 * x\n\nprint(double('größe\\n'), end='')\n",
    )
    .unwrap();
    assert_eq!(
        context.run_file(&path).unwrap().text(),
        Some("größe\ngröße")
    );
    // Beyond the size at which a client asks first.
    fs::write(&path, format!("# {}\nlen('x')", "x".repeat(2 << 20))).unwrap();
    assert_eq!(context.run_file(&path).unwrap().text(), Some("1"));
    let absent = failure(context.run_file(folder.path().join("absent.py")));
    assert!(
        matches!(&absent, RunError::Request(error) if !error.may_have_been_processed()),
        "{absent:?}"
    );
}

#[test]
fn failed() {
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
        "colours where people read: {failed}"
    );
    // The context has not suffered.
    assert_eq!(context.run("1").unwrap().text(), Some("1"));
    let RunError::Failed(failed) = failure(context.run("def f(:")) else {
        panic!("not failed");
    };
    assert!(failed.to_string().contains("SyntaxError"), "{failed}");
}

/// An error of the code that talks of lost contexts and cancelled commands is still one of the code.
#[test]
fn failed_with_misleading_words() {
    let (_server, context) = python();
    for words in [
        "context not found",
        "kernel is unresponsive",
        "The context is disconnected.",
    ] {
        let error = failure(context.run(&format!("raise RuntimeError({words:?})")));
        assert!(
            matches!(&error, RunError::Failed(failed) if failed.to_string().contains(words)),
            "{error:?}"
        );
    }
}

#[test]
fn the_interpreter_dies() {
    let (server, context) = python();
    let error = failure(context.run("import os; os._exit(3)"));
    assert!(matches!(error, RunError::ContextLost(_)), "{error:?}");
    let error = failure(context.run("1"));
    assert!(matches!(error, RunError::ContextLost(_)), "{error:?}");
    drop(context);
    assert_eq!(server.contexts(), 0);
}

#[test]
fn another_client_destroys_the_context() {
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

/// The same while a command is under way.
#[test]
fn another_client_destroys_the_context_meanwhile() {
    let server = tests::serve::start();
    let own = client(&server);
    let context = ExecutionContext::create(&own, CLUSTER, Language::Python).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let sign = folder.path().join("runs");
    let code = format!(
        "open({:?}, 'w').close()\nimport time\ntime.sleep(3600)",
        sign.display().to_string()
    );
    std::thread::scope(|scope| {
        let _guard = EndWaits(own.interrupt().clone());
        let running = scope.spawn(|| failure(context.run(&code)));
        super::waits::until(|| sign.exists());
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

/// What a program gets that looks at the JSON itself.
#[test]
fn answers_as_json() {
    let (server, context) = python();
    let client = client(&server);
    let ended = |code: &str| -> Value {
        let request = commands::Execute::new(CLUSTER, context.id(), Language::Python, code);
        let command = commands::execute(&client, &request).unwrap();
        commands::wait_for_execute(&client, &request, &command, Wait::new()).unwrap();
        let status = commands::Status::new(CLUSTER, context.id(), &command.id);
        let answer = client.send(commands::Status::OPERATION, &status).unwrap();
        let mut json: Value = serde_json::from_slice(answer.body()).unwrap();
        assert_eq!(json["id"].take(), json!(command.id.as_str()));
        json
    };
    let expected = json!({
        "id": null, "status": "Finished", "results": {"resultType": "text", "data": "42"},
    });
    let mut text = ended("42");
    if let Some(results) = text["results"].as_object_mut() {
        results.retain(|key, _| key == "resultType" || key == "data");
    }
    assert_eq!(text, expected);
    let error = ended("1 / 0");
    assert_eq!(error["status"], "Finished");
    assert_eq!(error["results"]["resultType"], "error");
    assert!(error["results"]["summary"].is_string(), "{error}");
    assert!(error["results"]["cause"].is_string(), "{error}");
}

/// The functions of the endpoints, without the object around them.
#[test]
fn call_by_call() {
    let (server, context) = python();
    let client = client(&server);
    let file = Upload::bytes("hello.py", "print('hello')");
    let request = commands::ExecuteFile::new(CLUSTER, context.id(), Language::Python, file);
    let command = commands::execute_file(&client, &request).unwrap();
    let ended = commands::wait_for_execute_file(&client, &request, &command, Wait::new()).unwrap();
    assert_eq!(ended.status, CommandStatus::Finished);
    assert_eq!(ended.id.as_ref(), Some(&command.id));
    let Some(Results::Text(text)) = ended.results else {
        panic!("{:?}", ended.results)
    };
    assert_eq!(text.data, Some(json!("hello")));
}
