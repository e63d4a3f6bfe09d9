//! Creation and destruction of contexts.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::thread;

use generated_client::api_runtime::Client;
use generated_client::{ContextStatus, ErrorKind, ExecutionContext, Language, RunError, contexts};
use local_server::{Options, SparkChoice};

use super::{CLUSTER, client, failure, python};

#[test]
fn close_destroys_the_context() {
    let (server, context) = python();
    assert_eq!(server.contexts(), 1);
    assert_eq!(context.cluster_id().as_str(), CLUSTER);
    assert_eq!(context.language(), &Language::Python);
    let request = contexts::Status::new(CLUSTER, context.id());
    let response = contexts::status(&client(&server), &request).unwrap();
    assert_eq!(response.status, ContextStatus::Running);
    assert_eq!(response.id.as_ref(), Some(context.id()));
    context.close().unwrap();
    assert_eq!(server.contexts(), 0);
}

#[test]
fn drop_destroys_the_context() {
    let (server, context) = python();
    assert_eq!(server.contexts(), 1);
    drop(context);
    assert_eq!(server.contexts(), 0);
}

#[test]
fn panic_destroys_the_context() {
    let (server, context) = python();
    let unwound = catch_unwind(AssertUnwindSafe(move || {
        let output = context.run("40 + 2").unwrap();
        assert_eq!(output.text(), Some("expected by the test"));
    }));
    unwound.unwrap_err();
    assert_eq!(server.contexts(), 0);
}

#[test]
fn close_of_a_destroyed_context_is_an_error() {
    let (server, context) = python();
    let request = contexts::Destroy::new(CLUSTER, context.id());
    contexts::destroy(&client(&server), &request).unwrap();
    let error = context.close().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Status, "{error}");
    assert_eq!(error.operation(), Some("contexts.destroy"));
}

#[test]
fn missing_interpreter_is_an_error_that_names_it() {
    let options = Options::new().spark(SparkChoice::None).r("/nonexistent/R");
    let server = tests::serve::start_with(options);
    for (language, missing) in [
        (Language::Scala, "without Spark"),
        (Language::Sql, "without Spark"),
        (Language::R, "/nonexistent/R"),
    ] {
        let error = ExecutionContext::create(&client(&server), CLUSTER, language).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Status, "{error}");
        assert!(error.to_string().contains(missing), "{error}");
    }
    assert_eq!(server.contexts(), 0);
}

#[test]
fn context_is_destroyed_if_the_interpreter_does_not_start() {
    let server = tests::serve::start_with(Options::new().python("/nonexistent/python3"));
    let error = ExecutionContext::create(&client(&server), CLUSTER, Language::Python).unwrap_err();
    tests::secret::assert_not_in_error(&error);
    assert!(
        matches!(error.kind(), ErrorKind::Status | ErrorKind::WaitFailed),
        "{error}"
    );
    // The client has destroyed the context.
    assert_eq!(server.contexts(), 0);
}

#[test]
fn wrong_token_is_rejected() {
    let server = tests::serve::start();
    let wrong = generated_client::Credentials::bearer("dapi0Secret1Wrong").unwrap();
    let client = Client::builder(server.url());
    let client = client
        .credentials(wrong.found_in("a test"))
        .build()
        .unwrap();
    let error = ExecutionContext::create(&client, CLUSTER, Language::Python).unwrap_err();
    tests::secret::assert_not_in_error(&error);
    assert_eq!(error.kind(), ErrorKind::Status, "{error}");
    assert!(matches!(error.status(), Some(401 | 403)), "{error}");
    assert!(
        error
            .to_string()
            .ends_with("(sent with a bearer token from a test)"),
        "{error}"
    );
    assert!(!error.may_have_been_processed());
    assert_eq!(server.contexts(), 0);
}

#[test]
fn stopped_server_is_a_connection_error() {
    let (server, context) = python();
    server.stop();
    let RunError::Request(error) = failure(context.run("1")) else {
        panic!("unexpected error");
    };
    assert!(
        matches!(error.kind(), ErrorKind::Connect | ErrorKind::Disconnected),
        "{error}"
    );
}

#[test]
fn threads_share_a_client() {
    let server = tests::serve::start();
    let client = client(&server);
    thread::scope(|scope| {
        let threads: Vec<_> = (0..2)
            .map(|number| {
                let client = &client;
                scope.spawn(move || {
                    let context =
                        ExecutionContext::create(client, CLUSTER, Language::Python).unwrap();
                    context.run(&format!("x = {number}")).unwrap();
                    (0..10)
                        .map(|_| context.run("x = x + 10; x").unwrap().to_string())
                        .collect::<Vec<_>>()
                })
            })
            .collect();
        for (number, thread) in threads.into_iter().enumerate() {
            let expected: Vec<_> = (1..=10)
                .map(|round| (number + 10 * round).to_string())
                .collect();
            assert_eq!(thread.join().unwrap(), expected);
        }
    });
    assert_eq!(server.contexts(), 0);
}

#[test]
fn two_threads_share_a_context() {
    let (_server, context) = python();
    context.run("seen = []").unwrap();
    thread::scope(|scope| {
        for number in 0..2 {
            let context = &context;
            scope.spawn(move || {
                for _ in 0..10 {
                    context.run(&format!("seen.append({number})")).unwrap();
                }
            });
        }
    });
    assert_eq!(
        context
            .run("sorted(seen) == [0] * 10 + [1] * 10")
            .unwrap()
            .text(),
        Some("True")
    );
}
